import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { run } from '../support/run.ts';
import { madeAgain } from './support/again.ts';
import type { Box, Cleared } from './support/box.ts';
import { namespaces } from './support/needs.ts';
import { row } from './support/row.ts';
import { fillDisk, withLimit } from './support/ways.ts';

// The place of the history: no handles, no room, locked.

/** The answer of a clear that was stopped before anything was touched, since the history could not be written. */
const isStopped = ({ code, error, operations }: Cleared, box: Box): void => {
  expect({ code, error: error?.code, operations }).toEqual({ code: 1, error: 'store-unavailable', operations: [] });
  expect(error?.message).toContain(box.state);
  expect(box.ourNames()).toEqual([]);
};

// ── 35 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The least limit with which Node itself starts. Below it no program of ours runs at all. */
const leastForNode = async (): Promise<number> => {
  for (let limit = 8; ; limit += 1) {
    const [command = '', ...rest] = [...withLimit('-n', String(limit)), process.execPath, '-e', '0'];
    if ((await run(command, rest)).code === 0) return limit;
  }
};

row(35, 'few files may be open: from the least with which Node starts to 48', { timeoutMs: 300_000 }, async (box) => {
  const least = await leastForNode();
  expect(least).toBeLessThan(40);
  await box.history();
  const seen = { cleared: 0, refused: 0, stopped: 0 };
  for (let limit = least; limit <= 48; limit += 1) {
    await madeAgain(box);
    const ran = await box.run(['clear', box.target, '--yes', '--json', '--even-if-in-use'], {
      through: withLimit('-n', String(limit)),
    });
    if (ran.code === 0) {
      expect(box.isAbsent(), `cleared with ${limit}`).toBe(true);
      seen.cleared += 1;
    } else {
      // A program that cannot even load is ended by Node, in its own words. Whatever was said, nothing was touched.
      expect(await box.isWhole(), `untouched with ${limit}`).toBe(true);
      if (ran.stdout === '') seen.stopped += 1;
      else seen.refused += 1;
    }
    expect(box.ourNames(), `nothing left with ${limit}`).toEqual([]);
  }
  expect(seen.cleared).toBeGreaterThan(0);
  expect(seen.refused).toBeGreaterThan(0);
  const history = (await box.history()).map(({ state }) => state);
  expect(new Set(history)).toEqual(new Set(['done', 'failed']));
  expect(history.filter((state) => state === 'done').length).toBe(seen.cleared);
  for (const { errors } of (await box.history()).filter(({ state }) => state === 'failed')) {
    expect(the(errors)).toMatchObject({ errno: 24, code: 'EMFILE' });
  }
  return { unit: box.isAbsent() ? 'absent' : 'whole', history };
});

// ── 36 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const smallDisk = (size: string) => `mkdir -p "$STATE"; mount -t tmpfs -o size=${size},mode=700 tmpfs "$STATE"`;
const room = 'rm -f "$STATE/filler" "$STATE/crumbs"';

/** The history of another place: what a person names who has no room at the usual one. */
const elsewhere = async (box: Box, args: readonly string[]) =>
  box.run([...args, '--json'], { env: { CACHE_INSPECTOR_HOME: path.join(box.scratch, 'elsewhere') } });

const namesTheWayOut = ({ error }: Cleared): void => {
  expect(error?.message).toMatch(/free space/i);
  expect(error?.message).toContain('CACHE_INSPECTOR_HOME');
};

row(36, 'the disk of the history is full from the start', { needs: [namespaces] }, async (box) => {
  await box.mount(`${smallDisk('1m')}; ${fillDisk(box.state)}`);
  const stopped = await box.clear();
  isStopped(stopped, box);
  namesTheWayOut(stopped);
  expect(await box.isWhole()).toBe(true);
  // Nothing half made stays there.
  expect((await box.sh('ls "$STATE"')).trim().split('\n')).toEqual(['crumbs', 'filler', 'opening.lock']);

  // The way out that the sentence names.
  const cleared = await elsewhere(box, ['clear', box.target, '--yes']);
  expect(cleared.code).toBe(0);
  expect(the(cleared.json<{ operations: readonly Operation[] }>().operations).state).toBe('done');
  const { operations } = (await elsewhere(box, ['history'])).json<{ operations: readonly Operation[] }>();
  expect(operations.map(({ state }) => state)).toEqual(['done']);
  await box.sh(room);
  return { unit: 'absent', history: [] };
});

row(36, 'the disk of the history is full, and the reserve is gone too', { needs: [namespaces] }, async (box) => {
  await box.mount(smallDisk('2m'));
  await box.history();
  // Whatever was kept back for this day: only the history itself stays.
  await box.sh(`find "$STATE" -type f ! -name 'history.*' ! -name opening.lock -delete; ${fillDisk(box.state)}`);
  const stopped = await box.clear();
  isStopped(stopped, box);
  namesTheWayOut(stopped);
  expect(await box.isWhole()).toBe(true);

  await box.sh(room);
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});

row(
  36,
  'the disk of the history fills up later: the reserve is enough for a clear',
  { needs: [namespaces] },
  async (box) => {
    await box.mount(smallDisk('2m'));
    await box.history();
    await box.sh(fillDisk(box.state));
    const { code, operations, error } = await box.clear();
    expect({ code, error }).toEqual({ code: 0, error: null });
    expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [] });
    expect((await box.history()).map(({ state }) => state)).toEqual(['done']);
    await box.sh(room);
    return { unit: 'absent', history: ['done'] };
  },
);

row(36, 'the one disk of cache and history is full: a clear makes room on it', { needs: [namespaces] }, async (box) => {
  await box.mount(`
    mkdir "$SCRATCH/disk"; mount -t tmpfs -o size=4m tmpfs "$SCRATCH/disk"
    cp -a "$CACHE" "$SCRATCH/disk/cache"; mkdir -m 700 -p "$SCRATCH/disk/state" "$STATE"
    mount --bind "$SCRATCH/disk/cache" "$CACHE"; mount --bind "$SCRATCH/disk/state" "$STATE"
    dd if=/dev/zero of="$UNIT/big" bs=64k count=16 2>/dev/null
  `);
  await box.history();
  await box.sh(fillDisk(path.join(box.scratch, 'disk')));
  const free = async () => Number(await box.sh('stat -f -c %f "$SCRATCH/disk"'));
  expect(await free()).toBe(0);
  const { code, operations, error } = await box.clear();
  expect({ code, error }).toEqual({ code: 0, error: null });
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [] });
  expect(the(operations).bytes.freed).toBeGreaterThanOrEqual(1024 * 1024);
  expect(await free()).toBeGreaterThan(128);
  return { unit: 'absent', history: ['done'] };
});

// ── 48 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Another process holds the database until it is told to let go. Resolves once it does. */
const held = async (box: Box, how: string): Promise<() => Promise<void>> => {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec(process.argv[2]);
    process.stdout.write('held');
    process.stdin.on('end', () => { db.exec('ROLLBACK'); db.close(); }).resume();`;
  const child = spawn(process.execPath, ['-e', script, path.join(box.state, 'history.db'), how], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', reject);
  });
  return async () => {
    child.stdin.end();
    await new Promise((resolve) => child.once('exit', resolve));
  };
};

row(48, 'another process writes into the history and does not end', {}, async (box) => {
  await box.history();
  const release = await held(box, 'BEGIN EXCLUSIVE');
  const began = performance.now();
  const stopped = await box.clear();
  isStopped(stopped, box);
  expect(stopped.error?.message).toContain('locked');
  // It has been waited for: busy_timeout.
  expect(performance.now() - began).toBeGreaterThan(4500);
  expect(await box.isWhole()).toBe(true);
  // SQLite lets readers read beside a writer.
  expect((await box.run(['history', '--json'])).code).toBe(0);
  await release();
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});

row(48, 'another process has the history for itself, reading included', {}, async (box) => {
  await box.history();
  const release = await held(box, 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  isStopped(await box.clear(), box);
  expect(await box.isWhole()).toBe(true);
  const looked = await box.run(['list', 'pip-tools', '--json']);
  // What only looks goes on, and says what is missing.
  expect(looked.code).toBe(0);
  expect(looked.stderr).toContain('locked');
  for (const words of [['history'], ['recover']]) {
    const ran = await box.run([...words, '--json']);
    expect({ words, code: ran.code, error: ran.json<{ error?: { code: string } }>().error?.code }).toEqual({
      words,
      code: 1,
      error: 'store-unavailable',
    });
    expect(ran.stdout).toContain('locked');
  }
  await release();
  expect((await box.clear()).code).toBe(0);
  return { unit: 'absent', history: ['done'] };
});

row(48, 'another process lets go of the history in time', {}, async (box) => {
  await box.history();
  const release = await held(box, 'BEGIN EXCLUSIVE');
  const { ended } = await box.start(['clear', box.target, '--yes', '--json']);
  // Long enough for the clear to meet the lock, and shorter than it waits.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await box.isWhole()).toBe(true);
  await release();
  expect((await ended).code).toBe(0);
  expect(fs.existsSync(box.unit)).toBe(false);
  return { unit: 'absent', history: ['done'] };
});
