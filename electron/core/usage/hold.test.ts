import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sandbox, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { openInspector } from '../inspector.ts';
import { holdCaches } from './hold.ts';
import { holdNotes, leaveNote } from './hold-note.ts';
import { lockPlaces, takeLock } from './lock.ts';
import { lockingChild, taker } from './testing/lock-process.ts';

const newPlace = () => {
  const box = sandbox();
  const state = path.join(box, 'state');
  const root = (name: string): string => {
    smallTree(path.join(box, name));
    return path.join(box, name);
  };
  return { box, state, root };
};

const untilSo = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(20);
};

describe('holding caches', () => {
  it('holds all of them or none', async () => {
    const { state, root } = newPlace();
    const [one, two] = [root('one'), root('two')];
    const clear = await lockingChild(taker('exclusive'), two, state);
    expect(await clear.line()).toBe('held');
    const holding = holdCaches([one, two], state, { command: 'x', timeoutMs: 200 });
    await expect(holding).rejects.toMatchObject({ code: 'locked', path: two });
    const free = await takeLock(one, state, { patienceMs: 0, mode: 'exclusive' });
    expect(free).not.toBe(null);
    free?.release();
    clear.go();
    expect(await clear.line()).toBe('this machine');
    const hold = await holdCaches([two, one, two], state, { command: 'x' });
    expect(hold.caches.map((it) => it.root)).toEqual([one, two]);
    for (const it of [one, two]) {
      expect(await takeLock(it, state, { patienceMs: 0, mode: 'exclusive' })).toBe(null);
    }
    hold.release();
    expect(siblings(one)).toEqual(['state', 'two']);
  });

  it('locks again what somebody removes, and tells when a clear was quicker', async () => {
    const { state, root } = newPlace();
    const one = root('one');
    const [beside] = lockPlaces(one, state);
    const lost: string[] = [];
    const hold = await holdCaches([one], state, { command: 'x', onLost: (it) => lost.push(it) });
    fs.unlinkSync(beside);
    await untilSo(() => fs.existsSync(beside));
    expect(lost).toEqual([]);
    fs.unlinkSync(beside);
    const clear = await lockingChild(taker('exclusive', 5000), one, `${state}-of-another`);
    // Whoever of the two is first: a second is all that the other has.
    if ((await clear.line()) === 'held') await untilSo(() => lost.length > 0);
    await clear.kill();
    await untilSo(() => fs.existsSync(beside));
    hold.release();
  });

  it('is nothing that a page can ask for', async () => {
    const { state } = newPlace();
    const inspector = await openInspector({ door: 'test', stateDir: state });
    onTestFinished(() => inspector.close());
    const answer = await inspector.call('hold' as never, { names: ['npm'], command: 'x' } as never);
    expect(answer).toMatchObject({ ok: false });
  });

  it.each([
    ['words that mean no cache', ['nonsense'], 'unknown-target'],
    ['a path that is no cache', ['/nowhere/at/all'], 'unknown-cache'],
  ])('refuses %s', async (_, names, code) => {
    const { state } = newPlace();
    const inspector = await openInspector({ door: 'test', stateDir: state });
    onTestFinished(() => inspector.close());
    await expect(inspector.hold(names, { command: 'x' })).rejects.toMatchObject({ code });
  });
});

describe('notes of who holds, for systems that do not tell', () => {
  const noting = async (root: string, state: string) => {
    const program = `
      import { leaveNote } from ${JSON.stringify(new URL('./hold-note.ts', import.meta.url).href)};
      leaveNote(process.argv[1], process.argv[2], 'npm ci');
      process.stdout.write('noted');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, root, state]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    return child;
  };

  it('name a process that lives, and are removed when it has died', async () => {
    const { state, root } = newPlace();
    const one = root('one');
    fs.mkdirSync(path.join(state, 'locks'), { recursive: true });
    const child = await noting(one, state);
    expect(holdNotes(one, state)).toMatchObject([
      { pid: child.pid, command: 'npm ci', evidence: 'cache-inspector hold' },
    ]);
    expect(holdNotes(root('two'), state)).toEqual([]);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(holdNotes(one, state)).toEqual([]);
    expect(fs.readdirSync(path.join(state, 'locks'))).toEqual([]);
  });

  it('name nobody when they are damaged or our own', () => {
    const { state, root } = newPlace();
    const one = root('one');
    fs.mkdirSync(path.join(state, 'locks'), { recursive: true });
    const remove = leaveNote(one, state, 'x');
    expect(holdNotes(one, state)).toEqual([]);
    const [note = ''] = fs.readdirSync(path.join(state, 'locks'));
    fs.writeFileSync(path.join(state, 'locks', note.replace(/\d+\.json$/, '77.json')), '{"owner":');
    expect(holdNotes(one, state)).toEqual([]);
    remove();
    expect(fs.readdirSync(path.join(state, 'locks'))).not.toContain(note);
  });
});
