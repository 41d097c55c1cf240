import { type ChildProcess, execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import { self } from '../usage/processes.ts';
import { deadPid, running, runningAs, threadId, zombie } from '../usage/test-processes.ts';
import { type Finding, findLeftovers, type Place } from './find.ts';
import type { JournalRecord } from './verdict.ts';

const linux = process.platform === 'linux';
const token = '0123456789abcdef';
let home = '';
let dir = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'find-')));
  dir = join(home, 'cache');
  mkdirSync(join(home, 'precious'));
  writeFileSync(join(home, 'precious', 'thesis'), 'dear');
  mkdirSync(dir);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const plant = (name: string, at = dir): string => {
  const path = join(at, name);
  mkdirSync(join(path, 'x'), { recursive: true });
  writeFileSync(join(path, 'x', 'file'), 'content');
  return path;
};

const place = (more: Partial<Place> = {}): Place => ({
  dir,
  tool: 'pip-tools',
  units: ['pkgs'],
  isToolRoot: true,
  ...more,
});

const find = async (
  places: readonly Place[] = [place()],
  journal: (token: string) => JournalRecord | null = () => null,
): Promise<readonly Finding[]> => (await findLeftovers({ places, journal, sampleGapMs: 100 })).findings;

const short = ({ path, verdict, cleaning }: Finding): string => `${path.slice(dir.length + 1)}: ${verdict} ${cleaning}`;

describe('finding leftovers', () => {
  it('is quiet about missing folders and about everything else', async () => {
    plant('pkgs');
    plant('other.stale-4711');
    plant('pkgs.old');
    expect(await find([place(), place({ dir: join(home, 'missing') })])).toEqual([]);
  });

  it('tells one whose maker is dead, once, with its evidence', async () => {
    const pid = await deadPid();
    plant(`pkgs.stale-${pid}`);
    symlinkSync(dir, join(home, 'same'));
    const found = await find([place(), place(), place({ dir: `${dir}/` }), place({ dir: join(home, 'same') })]);
    expect(found.map(short)).toEqual([`pkgs.stale-${pid}: abandoned safe`]);
    expect(found[0]).toMatchObject({ tool: 'pip-tools', operation: null, parse: { origin: 'pip-tools', pid } });
    expect(found[0]?.rawPath.toString()).toBe(join(dir, `pkgs.stale-${pid}`));
    expect(found[0]?.sinceMs).toBeCloseTo(lstatSync(join(dir, `pkgs.stale-${pid}`)).ctimeMs, 0);
    const told = found[0]?.evidence.join('\n');
    expect(told).toContain(`process ${pid} does not run any more`);
    expect(told).toContain('2 things in it');
  });

  it.skipIf(!linux)('leaves one alone whose maker runs', async () => {
    const child = await running();
    children.push(child);
    const { pid } = child;
    plant(`pkgs.stale-${pid}`);
    const [found] = await find();
    expect(found && short(found)).toBe(`pkgs.stale-${pid}: in-progress never`);
    expect(found?.evidence.join('\n')).toContain(`process ${pid} (sleep) runs`);
  });

  it.skipIf(!linux)('knows a number that was given to another program since', async ({ skip }) => {
    const pid = await deadPid();
    plant(`pkgs.stale-${pid}`);
    // More than the margin of two seconds, and the second that the time of boot is rounded by.
    await new Promise((resolve) => setTimeout(resolve, 3500));
    const other = await runningAs(pid);
    if (other === null) return skip('NOT TESTED: process numbers cannot be chosen here (needs root)');
    children.push(other);
    const [found] = await find();
    expect(found && short(found)).toBe(`pkgs.stale-${pid}: abandoned safe`);
    const told = `process ${pid} (sleep) started after this was set aside: its number was given to another program`;
    expect(found?.evidence).toContain(told);
  });

  it.skipIf(!linux)('knows zombies and threads', async () => {
    const { pid, parent } = await zombie();
    children.push(parent);
    plant(`pkgs.stale-${pid}`);
    plant(`pkgs.stale-${threadId()}`);
    const found = await find();
    expect(found.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual([
      'abandoned safe',
      'abandoned safe',
    ]);
    const told = found.flatMap(({ evidence }) => evidence).join('\n');
    expect(told).toContain(`process ${pid} has ended`);
    expect(told).toContain(`${threadId()} is no process of its own now but a part of process ${process.pid}`);
  });

  it('sees that somebody is at work in one', async () => {
    const pid = await deadPid();
    const path = plant(`pkgs.stale-${pid}`);
    const timer = setInterval(() => writeFileSync(join(path, `${Date.now()}`), ''), 20);
    const found = await find().finally(() => clearInterval(timer));
    expect(found.map(short)).toEqual([`pkgs.stale-${pid}: in-progress never`]);
  });

  it('calls links, files and names that merely look so odd', async () => {
    const pid = await deadPid();
    symlinkSync(join(home, 'precious'), join(dir, `pkgs.stale-${pid}`));
    symlinkSync(join(home, 'missing'), join(dir, `pkgs.deleting-${pid}-${token}`));
    writeFileSync(join(dir, `pkgs.stale-${pid}-${token}`), '');
    const odd = ['pkgs.stale-0', 'pkgs.stale--1', 'pkgs.stale-1e3', 'pkgs.stale-99999999999', 'pkgs.stale-'];
    for (const name of odd) plant(name);
    const found = await find();
    expect(found).toHaveLength(3 + odd.length);
    for (const one of found) expect(short(one)).toMatch(/: odd never$/);
    expect(readFileSync(join(home, 'precious', 'thesis'), 'utf8')).toBe('dear');
  });

  it('takes a pip-tools name only in a root of pip-tools', async () => {
    const pid = await deadPid();
    plant(`pkgs.stale-${pid}`);
    for (const elsewhere of [place({ tool: 'conda' }), place({ isToolRoot: false })]) {
      expect((await find([elsewhere])).map(short)).toEqual([`pkgs.stale-${pid}: odd never`]);
    }
    expect((await find([place({ tool: 'conda' }), place()])).map(short)).toEqual([`pkgs.stale-${pid}: abandoned safe`]);
  });

  it('takes for ours what the journal knows, by token and inode', async () => {
    const pid = await deadPid();
    const tokens = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(16));
    const names = [
      `one.stale-${pid}-${tokens[0]}`,
      `one.deleting-${pid}-${tokens[1]}`,
      `one.deleting-${pid}-${tokens[2]}`,
      `one.deleting-${pid}-${tokens[3]}`,
    ];
    for (const name of names) plant(name);
    const file = `depcache.stale-${pid}-${tokens[4]}`;
    writeFileSync(join(dir, file), '{}');
    const gone = { ...self(), pid, startTicks: 1 };
    const record = (name: string, more: Partial<JournalRecord> = {}): JournalRecord => ({
      operation: 'o_0123456789ab',
      phase: 'set-aside',
      identity: identityOf(lstatSync(join(dir, name), { bigint: true })),
      born: null,
      owner: gone,
      boot: self().bootId,
      undoUntilMs: null,
      ...more,
    });
    const journal = new Map<string, JournalRecord>([
      [tokens[0] ?? '', record(names[0] ?? '')],
      [tokens[1] ?? '', record(names[1] ?? '')],
      [tokens[2] ?? '', record(names[2] ?? '', { owner: self(), phase: 'deleting' })],
      [tokens[3] ?? '', record(names[0] ?? '')],
      [tokens[4] ?? '', record(file)],
    ]);
    const found = await find([place()], (mark) => journal.get(mark) ?? null);
    expect(found.map(short)).toEqual([
      `${file}: undoable ask`,
      `${names[1]}: abandoned safe`,
      `${names[2]}: in-progress never`,
      `${names[3]}: odd never`,
      `${names[0]}: undoable ask`,
    ]);
    for (const one of found) expect(one.operation).toBe('o_0123456789ab');
    // Without the journal a name proves nothing, and its base is no unit of this place.
    expect(await find()).toEqual([]);
    expect((await find([place({ units: ['one'] })])).map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual([
      'abandoned safe',
      'abandoned safe',
      'abandoned safe',
      'cannot-tell ask',
    ]);
  });

  it.skipIf(!linux)('keeps names that are not text as they are', async () => {
    const pid = await deadPid();
    const name = Buffer.concat([Buffer.from([0xe9, 0x2f + 1]), raw(`.deleting-${pid}-${token}`)]);
    const path = Buffer.concat([raw(`${dir}/`), name]);
    mkdirSync(path);
    const identity = identityOf(lstatSync(path, { bigint: true }));
    const record = {
      operation: 'o_0123456789ab',
      phase: 'deleting',
      identity,
      born: null,
      boot: self().bootId,
      owner: { ...self(), pid, startTicks: 1 },
    };
    const [found] = await find([place()], () => ({ ...record, undoUntilMs: null }));
    expect(found?.rawPath.equals(path)).toBe(true);
    expect(found?.path).toContain('\\xE90.deleting-');
    expect(found).toMatchObject({ verdict: 'abandoned', tool: null });
  });

  it.skipIf(!linux)('sees a mount inside', async ({ skip }) => {
    const pid = await deadPid();
    const path = plant(`pkgs.stale-${pid}`);
    mkdirSync(join(path, 'inside'));
    try {
      execFileSync('mount', ['--bind', join(home, 'precious'), join(path, 'inside')], { stdio: 'ignore' });
    } catch {
      return skip('NOT TESTED: mounting is not allowed here (needs root)');
    }
    try {
      expect((await find()).map(short)).toEqual([`pkgs.stale-${pid}: odd never`]);
    } finally {
      execFileSync('umount', [join(path, 'inside')]);
    }
    expect(existsSync(join(home, 'precious', 'thesis'))).toBe(true);
  });

  it.skipIf(!linux)('says when it belongs to another user, and what it could not look through', async ({ skip }) => {
    const pid = await deadPid();
    const path = plant(`pkgs.stale-${pid}`);
    if (process.getuid?.() !== 0) return skip('NOT TESTED: needs root');
    execFileSync('chown', ['65534', path]);
    expect((await find()).map(short)).toEqual([`pkgs.stale-${pid}: cannot-tell never`]);
  });
});
