import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { parseStat, parseStatus } from './proc.ts';
import { isAlive, isZombie, type ProcessFacts, processFacts, self } from './processes.ts';
import { deadPid, ended, running, runningAs, threadId, zombie } from './test-processes.ts';

const linux = process.platform === 'linux';
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const known = (pid: number): ProcessFacts => {
  const facts = processFacts(pid);
  if (typeof facts === 'string') throw new Error(`${pid} is ${facts}`);
  return facts;
};

const ownerOf = (pid: number) => ({ ...self(), pid, startTicks: known(pid).startTicks });

describe('the lines of /proc', () => {
  it('are read right for programs with spaces and parentheses in their names', () => {
    const rest = 'S 7 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 123456 0 0';
    expect(parseStat(`42 (a) R 1 (x ) ${rest}`)).toEqual({
      command: 'a) R 1 (x ',
      state: 'S',
      parent: 7,
      kernelThread: false,
      startTicks: 123456,
    });
    expect(parseStat('')).toBeNull();
    expect(parseStat('42 (sleep) S 1')).toBeNull();
    expect(parseStatus('Name:\tx\n')).toBeNull();
  });
});

describe('facts about processes', () => {
  it('are refused for numbers that mean groups', () => {
    for (const pid of [0, -1, 1.5, Number.NaN]) expect(() => processFacts(pid)).toThrow(RangeError);
  });

  it.skipIf(!linux)('tell a running one', () => {
    const facts = known(process.pid);
    expect(facts).toMatchObject({ tgid: process.pid, uid: process.geteuid?.() });
    expect(facts.startedMs).toBeLessThanOrEqual(Date.now() + 2000);
    expect(isZombie(facts)).toBe(false);
  });

  it('tell a dead one', async () => {
    expect(processFacts(await deadPid())).toBe('dead');
  });

  it.skipIf(!linux)('tell a zombie', async () => {
    const { pid, parent } = await zombie();
    children.push(parent);
    expect(isZombie(known(pid))).toBe(true);
    expect(isAlive(ownerOf(pid))).toBe('dead');
  });

  it.skipIf(!linux)('tell a thread from a process', () => {
    expect(known(threadId())).toMatchObject({ tgid: process.pid });
    expect(isAlive(ownerOf(threadId()))).toBe('dead');
  });

  it.skipIf(!linux)('tell a reused number', async ({ skip }) => {
    const first = await running();
    const owner = ownerOf(first.pid);
    expect(isAlive(owner)).toBe('alive');
    await ended(first);
    expect(isAlive(owner)).toBe('dead');
    // Start times are counted in ticks of 10 ms: within one, two processes cannot be told apart.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const second = await runningAs(first.pid);
    if (second === null) return skip('NOT TESTED: process numbers cannot be chosen here (needs root)');
    children.push(second);
    expect(known(first.pid).startTicks).not.toBe(owner.startTicks);
    expect(isAlive(owner)).toBe('dead');
  });
});

describe('an owner in a journal', () => {
  it('is this process', () => {
    expect(isAlive(self())).toBe('alive');
    expect(self()).toMatchObject({ pid: process.pid });
    if (existsSync('/proc/sys/kernel/random/boot_id')) {
      expect(self().bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
      expect(self().pidNamespace).toMatch(/^pid:\[\d+\]$/);
    }
  });

  it('is unknown on another host and in another container, dead before the last start', () => {
    expect(isAlive({ ...self(), host: 'another' })).toBe('unknown');
    expect(isAlive({ ...self(), pidNamespace: 'pid:[1]' })).toBe('unknown');
    expect(isAlive({ ...self(), pid: 0 })).toBe('unknown');
    expect(isAlive({ ...self(), pid: -1 })).toBe('unknown');
    if (!linux) return;
    expect(isAlive({ ...self(), bootId: 'another', pidNamespace: 'pid:[1]' })).toBe('dead');
    expect(isAlive({ ...self(), startTicks: 1 })).toBe('dead');
    expect(isAlive({ ...self(), bootId: null })).toBe('unknown');
  });
});
