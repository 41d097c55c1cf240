import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { has, missing, onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import type { CodedError } from '../../../shared/errors.ts';
import type { ToolLocks } from '../catalog/tool.ts';
import { kernelLocks, locksOn } from './proc-locks.ts';
import { lockTool } from './tool-lock.ts';

const newCache = (...files: readonly string[]) => {
  const root = path.join(sandbox(), 'cache');
  write(root, Object.fromEntries([...files, 'unit/one'].map((name) => [name, ''])));
  return root;
};

/** A tool that locks these files with flock(2), as uv, cargo and pre-commit do. */
const flocks = (...taken: readonly string[]): ToolLocks => ({
  kind: 'flock',
  files: (root) => taken.map((name) => path.join(root, name)),
  taken,
});

const isLocked = (file: string): boolean => locksOn(file, kernelLocks() ?? []).length > 0;

/** Starts a process that holds a lock on `file`, and waits until the kernel says so. */
const holding = async (file: string, ...words: readonly string[]): Promise<ChildProcess> => {
  const [command = '', ...args] = words;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  await once(child, 'spawn');
  while (!isLocked(file)) await sleep(10);
  return child;
};

const ended = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit');
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await exit;
};

/** Whether a newcomer, as the tool starts them, gets the lock now. */
const newcomerGets = (file: string): boolean => spawnSync('flock', ['-n', '-s', file, 'true']).status === 0;

const quick = { patienceMs: 300, evenIfInUse: false };

const refusal = async (taking: Promise<unknown>): Promise<CodedError> => {
  const error = await taking.then(
    () => null,
    (thrown: CodedError) => thrown,
  );
  if (error === null) throw new Error('it was not refused');
  return error;
};

describe.skipIf(!onLinux || missing(!has('flock')))("a tool's own lock", () => {
  it('is taken while nobody holds it, keeps newcomers out, and is let go with the file where it was', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    const before = fs.statSync(file).ino;
    const lock = await lockTool(root, flocks('.lock'), quick);
    expect(lock.notes).toEqual([]);
    expect(newcomerGets(file)).toBe(false);
    // What we start meanwhile does not have it.
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    lock.release();
    expect(newcomerGets(file)).toBe(true);
    expect([fs.statSync(file).ino, fs.readdirSync(root)]).toEqual([before, ['.lock', 'unit']]);
  });

  it('is waited for, and taken when its holder has ended in time', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    await holding(file, 'flock', '-s', file, 'sleep', '1');
    const lock = await lockTool(root, flocks('.lock'), { ...quick, patienceMs: 30_000 });
    expect(newcomerGets(file)).toBe(false);
    lock.release();
  });

  it('refuses with the name of who holds it, also shared, after the deadline (row 74)', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    const holder = await holding(file, 'flock', '-s', file, 'sleep', '61');
    const started = performance.now();
    const error = await refusal(lockTool(root, flocks('.lock'), quick));
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(error).toMatchObject({ code: 'in-use', path: root });
    expect(error.message).toContain('sleep 61');
    expect(error.message).toContain(`(process ${holder.pid}, holds ${file})`);
    await ended(holder);
    (await lockTool(root, flocks('.lock'), quick)).release();
  });

  it('names who has inherited it when the process that took it has ended', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    // Not a child of ours: what we started ourselves does not count as a user of a cache.
    const script = '(exec 9< "$0"; flock -s 9; exec sleep 62) > /dev/null 2>&1 & echo $!';
    const pid = Number(execFileSync('sh', ['-c', script, file]).toString());
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    while (!isLocked(file)) await sleep(10);
    const error = await refusal(lockTool(root, flocks('.lock'), quick));
    expect(error.message).toContain(`sleep 62 (process ${pid}, holds ${file})`);
  });

  it('is never made where there is none', async () => {
    const root = newCache();
    const lock = await lockTool(root, flocks('.lock'), quick);
    lock.release();
    expect(fs.readdirSync(root)).toEqual(['unit']);
  });

  it('is let go when a later one cannot be had: all or none', async () => {
    const root = newCache('first', 'second');
    const second = path.join(root, 'second');
    await holding(second, 'flock', second, 'sleep', '60');
    const error = await refusal(lockTool(root, flocks('first', 'second'), quick));
    expect(error.message).toContain('second');
    expect(newcomerGets(path.join(root, 'first'))).toBe(true);
  });

  it('is gone without when a person says so, and the history is told', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    await holding(file, 'flock', file, 'sleep', '60');
    const lock = await lockTool(root, flocks('.lock'), { patienceMs: 60_000, evenIfInUse: true });
    expect(lock.notes).toEqual([`${file} was held by somebody, and it was cleared even so`]);
    lock.release();
    expect(isLocked(file)).toBe(true);
  });

  it('is only looked at when the tool says that it is not to be taken, or is of the other kind', async () => {
    const root = newCache('db.lock');
    const file = path.join(root, 'db.lock');
    const locks: ToolLocks = { kind: 'posix', files: () => [file], taken: [] };
    const lock = await lockTool(root, locks, quick);
    expect(isLocked(file)).toBe(false);
    lock.release();
    const program = 'import fcntl,sys,time; f=open(sys.argv[1],"r+"); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(63)';
    const holder = await holding(file, 'python3', '-c', program, file);
    const error = await refusal(lockTool(root, locks, quick));
    expect(error).toMatchObject({ code: 'in-use' });
    expect(error.message).toContain(`process ${holder.pid}`);
    // A lock of the other kind is none to the tool.
    (await lockTool(root, { ...locks, kind: 'flock' }, quick)).release();
  });

  it('is not followed through a link', async () => {
    const root = newCache('elsewhere');
    fs.symlinkSync('elsewhere', path.join(root, '.lock'));
    const lock = await lockTool(root, flocks('.lock'), quick);
    expect(lock.notes).toHaveLength(1);
    expect(newcomerGets(path.join(root, 'elsewhere'))).toBe(true);
    lock.release();
  });
});

describe.skipIf(!onLinux || missing(!has('flock') || !has('strace')))("a tool's lock that cannot be taken", () => {
  const withPath = (value: string): void => {
    const before = process.env['PATH'];
    process.env['PATH'] = value;
    onTestFinished(() => {
      process.env['PATH'] = before;
    });
  };

  it('is looked at where there is no flock(1), and that is said', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    const flock = execFileSync('sh', ['-c', 'command -v flock']).toString().trim();
    withPath(root);
    const lock = await lockTool(root, flocks('.lock'), quick);
    expect(lock.notes).toEqual([`${file} was only looked at: nothing here can lock it for us`]);
    lock.release();
    await holding(file, flock, file, '/bin/sleep', '64');
    const error = await refusal(lockTool(root, flocks('.lock'), quick));
    expect(error.message).toContain('sleep 64');
  });

  it('is told apart from one that is held where the file system does not lock (row 77)', async () => {
    const root = newCache('.lock');
    const file = path.join(root, '.lock');
    const bin = sandbox();
    const flock = execFileSync('sh', ['-c', 'command -v flock']).toString().trim();
    const inject = 'strace -f -qq -o /dev/null -e trace=flock -e inject=flock:error=EOPNOTSUPP';
    fs.writeFileSync(path.join(bin, 'flock'), `#!/bin/sh\nexec ${inject} ${flock} "$@"\n`, { mode: 0o755 });
    withPath(`${bin}:${process.env['PATH']}`);
    const error = await refusal(lockTool(root, flocks('.lock'), quick));
    expect(error).toMatchObject({ code: 'not-lockable', path: root });
    expect(error.message).toContain(file);
    const lock = await lockTool(root, flocks('.lock'), { ...quick, evenIfInUse: true });
    expect(lock.notes).toEqual([`${file} was not taken: its file system does not lock`]);
    lock.release();
  });
});
