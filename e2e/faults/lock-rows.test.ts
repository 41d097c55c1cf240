import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { lockPlaces } from '../../electron/core/usage/lock.ts';
import { kernelLocks, locksOn } from '../../electron/core/usage/proc-locks.ts';
import { the } from '../support/answers.ts';
import { isRunning, runningFrom, sayAndSleep, startHold } from '../support/holding.ts';
import { clearHeldAtRename } from './support/at-rename.ts';
import type { Box } from './support/box.ts';
import { command, strace } from './support/needs.ts';
import { row } from './support/row.ts';
import { until } from './support/until.ts';
import { underStrace, withLibrary } from './support/ways.ts';

// The tools' own locks, and ours. More about each in e2e/cli/tool-locks.test.ts and e2e/cli/hold.test.ts.

const flock = command('flock');

const isLocked = (file: string): boolean => locksOn(file, kernelLocks() ?? []).length > 0;

/** A tool that works: a lock on this file, shared, in a process of its own. */
const working = async (file: string): Promise<ChildProcess & { readonly pid: number }> => {
  const child = spawn('flock', ['-s', file, 'sleep', '600'], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  onTestFinished(() => ended({ pid }));
  await until(() => isLocked(file), 'the lock of the tool');
  return Object.assign(child, { pid });
};

const ended = ({ pid }: { readonly pid: number }): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

/** The unit is uv's, with the lock that uv has on top of its cache. The lock's path. */
const uv = (box: Box): string => {
  const root = path.join(box.home, '.cache', 'uv');
  box.unit = path.join(root, 'wheels-v5');
  box.target = 'uv/wheels-v5';
  fs.mkdirSync(path.join(box.unit, 'pypi', 'idna'), { recursive: true });
  fs.writeFileSync(path.join(box.unit, 'pypi', 'idna', 'one'), 'content');
  fs.writeFileSync(path.join(root, '.lock'), '');
  return path.join(root, '.lock');
};

/** The unit is npm's, with a lock in it. */
const npm = (box: Box): string => {
  const root = path.join(box.home, '.cache', 'npm');
  box.env = { npm_config_cache: root };
  box.unit = path.join(root, '_cacache');
  box.target = 'npm/_cacache';
  fs.mkdirSync(path.join(box.unit, 'index-v5'), { recursive: true });
  fs.writeFileSync(path.join(box.unit, '.lock'), '');
  return path.join(box.unit, '.lock');
};

/** The unit is pip-tools', with a lock in it that no tool of ours knows. */
const pkgs = (box: Box): string => {
  fs.writeFileSync(path.join(box.unit, '.lock'), '');
  return path.join(box.unit, '.lock');
};

for (const [what, make] of [
  ["uv's cache", uv],
  ["npm's _cacache", npm],
  ['the unit', pkgs],
] as const) {
  row(
    74,
    `a tool holds the lock in ${what}, shared: refused by name, waited for with --wait`,
    { needs: [flock] },
    async (box) => {
      const lock = make(box);
      const { ino } = fs.statSync(lock);
      await box.settled();
      const holder = await working(lock);
      const refused = await box.clear();
      expect(refused.code).toBe(3);
      const error = the(the(refused.operations).errors);
      expect(error).toMatchObject({ code: 'in-use', path: box.unit });
      expect(error.message).toMatch(new RegExp(`sleep 600|process ${holder.pid}\\b`));
      expect(await box.isWhole()).toBe(true);
      expect(box.ourNames()).toEqual([]);

      const waiting = await box.start(['clear', box.target, '--yes', '--json', '--wait', '600']);
      await until(async () => (await box.history())[0]?.state === 'waiting', 'the wait');
      expect(await box.isWhole()).toBe(true);
      expect(box.staleCopies()).toEqual([]);
      ended(holder);
      const { code } = await waiting.ended;
      expect(code).toBe(0);
      // Above the unit the lock stays where it was; in it, it goes with it.
      expect(fs.statSync(lock, { throwIfNoEntry: false })?.ino).toBe(make === uv ? ino : undefined);
      return { unit: 'absent', history: ['done', 'refused'] };
    },
  );
}

row(74, 'a tool takes its lock at the last moment', { needs: [flock, strace] }, async (box) => {
  const lock = uv(box);
  await box.begun();
  await box.settled();
  // It is ours by then: the tool waits, and finds nothing when it gets it.
  let found = '';
  const { code, operations } = await clearHeldAtRename(box, () => {
    expect(spawnSync('flock', ['-n', '-s', lock, 'true']).status).toBe(1);
    const newcomer = spawn('flock', ['-s', lock, 'ls', path.dirname(lock)], { stdio: ['ignore', 'pipe', 'inherit'] });
    newcomer.stdout.on('data', (text: Buffer) => {
      found += text;
    });
  });
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
  expect(found.split('\n')).not.toContain('wheels-v5');
  return { unit: 'absent', history: ['done'] };
});

/** Both files of our lock on the cache of pip-tools. */
const ourLocks = (box: Box): readonly string[] => lockPlaces(box.cache, box.state);

const recreate = (files: readonly string[]): void => {
  for (const file of files) {
    fs.unlinkSync(file);
    fs.writeFileSync(file, '');
  }
};

row(75, 'the lock of a hold is deleted and made anew', {}, async (box) => {
  const said = path.join(box.scratch, 'said');
  await box.settled();
  const holding = startHold(box.home, ['pip-tools', '--', ...sayAndSleep(said)]);
  const worker = await runningFrom(said);
  const files = ourLocks(box);
  const before = files.map((file) => fs.statSync(file).ino);
  recreate(files);
  // It looks every second whether the files are still its own, and locks what stands there now.
  await until(() => files.every(isLocked), 'the lock on the new files');
  expect(files.map((file) => fs.statSync(file).ino)).not.toEqual(before);
  const refused = await box.clear();
  expect(refused.code).toBe(3);
  expect(the(the(refused.operations).errors)).toMatchObject({ code: 'in-use' });
  expect(the(the(refused.operations).errors).message).toContain(`process ${holding.pid}, cache-inspector hold`);
  expect(await box.isWhole()).toBe(true);
  // Deleted alone, it is made again as well.
  for (const file of files) fs.unlinkSync(file);
  await until(() => files.every((file) => fs.existsSync(file) && isLocked(file)), 'the lock on files made by itself');
  process.kill(worker, 'SIGTERM');
  expect((await holding.end).code).toBe(143);
  expect(files.filter((file) => fs.existsSync(file))).toEqual([]);
  return { unit: 'whole', history: ['refused'] };
});

row(75, 'the lock of a clear is deleted and made anew just before the rename', { needs: [strace] }, async (box) => {
  await box.begun();
  await box.settled();
  // Another clear gets the new lock and is done first: what the first one wants to rename is not there any more.
  let other: Awaited<ReturnType<Box['clear']>> | null = null;
  const first = await clearHeldAtRename(box, async () => {
    recreate(ourLocks(box));
    other = await box.clear();
  });
  const states = [first, other as Awaited<ReturnType<Box['clear']>> | null].map(
    (it) => the(it?.operations ?? []).state,
  );
  // Whoever was first: one has cleared it, the other one has found nothing, and says so.
  expect(states.filter((state) => state === 'done')).toHaveLength(1);
  expect(states.filter((state) => ['failed', 'nothing-to-do', 'refused'].includes(state))).toHaveLength(1);
  expect(box.ourNames()).toEqual(ourLocks(box).filter((file) => fs.existsSync(file) && !file.startsWith(box.state)));
  const history = (await box.history()).map(({ state }) => state);
  expect([...history].sort()).toEqual([...states].sort());
  return { unit: 'absent', history };
});

row(75, "a tool's lock is deleted and made anew while it is held", { needs: [flock] }, async (box) => {
  const lock = uv(box);
  await box.settled();
  const holder = await working(lock);
  recreate([lock]);
  await box.settled();
  // The tool has the old file open, which no newcomer meets: nothing says any more that it uses the cache, as nothing
  // says it to uv itself. Ours is the new one, which stays where it is.
  const { ino } = fs.statSync(lock);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
  expect(fs.statSync(lock).ino).toBe(ino);
  expect(spawnSync('flock', ['-n', '-x', lock, 'true']).status).toBe(0);
  ended(holder);
  return { unit: 'absent', history: ['done'] };
});

row(76, 'a daemon that the held command leaves behind has no lock', {}, async (box) => {
  const said = path.join(box.scratch, 'said');
  const script = 'sleep 600 >/dev/null 2>&1 & echo $! >"$0"';
  const ran = await box.run(['hold', 'pip-tools', '--', 'sh', '-c', script, said]);
  const daemon = await runningFrom(said);
  onTestFinished(() => {
    process.kill(daemon, 'SIGKILL');
  });
  expect({ code: ran.code, runs: isRunning(daemon) }).toEqual({ code: 0, runs: true });
  expect(ourLocks(box).filter((file) => fs.existsSync(file))).toEqual([]);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
  expect(isRunning(daemon)).toBe(true);
  return { unit: 'absent', history: ['done'] };
});

row(76, 'a hold that is killed frees the cache at once, though its command goes on', {}, async (box) => {
  const said = path.join(box.scratch, 'said');
  await box.settled();
  const holding = startHold(box.home, ['pip-tools', '--', ...sayAndSleep(said)]);
  const worker = await runningFrom(said);
  expect((await box.clear()).code).toBe(3);
  expect(await box.isWhole()).toBe(true);
  holding.child.kill('SIGKILL');
  await holding.end;
  expect(ourLocks(box).filter(isLocked)).toEqual([]);
  expect(isRunning(worker)).toBe(true);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
  process.kill(worker, 'SIGKILL');
  return { unit: 'absent', history: ['done', 'refused'] };
});

/** fcntl(2) does not lock: two files by strace, or every file beside our locks by a library, as a whole file system fails. */
const notLocking = (box: Box, errno: string): readonly string[] => {
  if (errno === 'EOPNOTSUPP') {
    return [...underStrace(`fcntl:error=${errno}`), ...ourLocks(box).flatMap((file) => ['-P', file])];
  }
  // SQLite takes this number for a lock of somebody else. What tells the two apart is a file of a name that nobody
  // knows, so it has to fail as well.
  return withLibrary(
    box.scratch,
    `int __fcntl(int, int, void *);
     int *__errno_location(void);
     int snprintf(char *, unsigned long, const char *, ...);
     long readlink(const char *, char *, unsigned long);
     char *strstr(const char *, const char *);
     int fcntl(int file, int command, void *argument) {
       char link[64], path[4096];
       long length;
       snprintf(link, sizeof link, "/proc/self/fd/%d", file);
       length = readlink(link, path, sizeof path - 1);
       path[length > 0 ? length : 0] = 0;
       int isLock = strstr(path, "/.cache-inspector-") || strstr(path, "/locks/");
       if (!isLock || command < 5 || command > 7) return __fcntl(file, command, argument);
       *__errno_location() = 37;
       return -1;
     }
     int fcntl64(int file, int command, void *argument) { return fcntl(file, command, argument); }`,
  );
};

for (const [errno, needs] of [
  ['EOPNOTSUPP', strace],
  ['ENOLCK', command('gcc')],
] as const) {
  row(77, `the file system does not lock (${errno}): told, and a person's choice`, { needs: [needs] }, async (box) => {
    await box.begun();
    await box.settled();
    const through = notLocking(box, errno);
    const refused = await box.clear([], { through });
    expect(refused.code).toBe(3);
    const error = the(the(refused.operations).errors);
    expect(error.message).toMatch(/not lockable/);
    expect(error).toMatchObject({ code: 'not-lockable', path: box.cache, step: 'lock' });
    expect(await box.isWhole()).toBe(true);
    const held = await box.run(['hold', 'pip-tools', '--', 'touch', path.join(box.scratch, 'ran')], { through });
    expect({ code: held.code, ran: fs.existsSync(path.join(box.scratch, 'ran')) }).toEqual({ code: 3, ran: false });
    const done = await box.clear(['--even-if-in-use'], { through });
    expect({ code: done.code, state: the(done.operations).state }).toEqual({ code: 0, state: 'done' });
    expect(JSON.stringify(the(done.operations).steps)).toContain('not lockable');
    return { unit: 'absent', history: ['done', 'refused'] };
  });
}

for (const errno of ['EOPNOTSUPP', 'ENOLCK']) {
  row(77, `the file system does not lock the tool's own file (${errno})`, { needs: [strace, flock] }, async (box) => {
    const lock = uv(box);
    await box.begun();
    await box.settled();
    const through = [...underStrace(`flock:error=${errno}`), '-P', lock];
    const refused = await box.clear([], { through });
    expect({ code: refused.code, error: the(the(refused.operations).errors).code }).toEqual({
      code: 3,
      error: 'not-lockable',
    });
    expect(await box.isWhole()).toBe(true);
    const done = await box.clear(['--even-if-in-use'], { through });
    expect({ code: done.code, state: the(done.operations).state }).toEqual({ code: 0, state: 'done' });
    expect(JSON.stringify(the(done.operations).steps)).toContain('its file system does not lock');
    return { unit: 'absent', history: ['done', 'refused'] };
  });
}
