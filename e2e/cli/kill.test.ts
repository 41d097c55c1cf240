import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { history, recovered } from '../support/answers.ts';
import { linux, manyFiles } from '../support/caches.ts';
import { killGroup } from '../support/processes.ts';
import { newHome, startProgram } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const rounds = process.env['LONG'] ? 40 : 10;
const atOnce = 2;

type Phase = 'not begun' | 'set aside' | 'being deleted' | 'deleted';

const ours = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /\.(?:stale|deleting)-|\.cache-inspector/.test(name));

/** How far a clear came, as the disk alone tells. */
const phaseOf = (unit: string): Phase => {
  const beside = fs.readdirSync(path.dirname(unit));
  if (beside.some((name) => name.includes('.deleting-'))) return 'being deleted';
  if (beside.some((name) => name.includes('.stale-'))) return 'set aside';
  return fs.existsSync(unit) ? 'not begun' : 'deleted';
};

const freshTree = () => {
  const home = newHome();
  const unit = path.join(home, '.npm', '_cacache');
  manyFiles(unit);
  return { home, unit, before: fingerprint(unit) };
};

const startClear = (home: string) => startProgram(home, ['clear', 'npm/_cacache', '--yes', '--json']);

/** How long a clear takes here that nobody kills. */
const wholeMs = async (): Promise<number> => {
  const { home } = freshTree();
  const started = performance.now();
  const clearing = startClear(home);
  await new Promise((resolve) => clearing.once('exit', resolve));
  return performance.now() - started;
};

/** Starts a clear of a fresh tree of 3000 names and kills all of it after so long. */
const cutOff = async (afterMs: number) => {
  const tree = freshTree();
  const clearing = startClear(tree.home);
  await sleep(afterMs);
  await killGroup(clearing);
  return { ...tree, phase: phaseOf(tree.unit) };
};

/** Whole or absent, nothing of ours beside it, and a history that says which and how. */
const checkSettled = async (home: string, unit: string, before: string): Promise<void> => {
  expect(ours([...fs.readdirSync(home), ...fs.readdirSync(path.dirname(unit))])).toEqual([]);
  const operations = await history(home);
  expect(operations.length).toBeLessThanOrEqual(1);
  const [operation] = operations;
  if (fs.existsSync(unit)) {
    expect(fingerprint(unit)).toBe(before);
    if (operation !== undefined) expect(operation).toMatchObject({ asidePath: null, bytes: { freed: 0 } });
    if (operation !== undefined) expect(['failed', 'undone']).toContain(operation.state);
  } else {
    expect(operation).toMatchObject({ state: 'done', path: unit, asidePath: null, left: [], errors: [] });
  }
};

describe.skipIf(linux.skip)('a clear that is killed with all its processes', () => {
  test(`at any moment leaves the path whole or, after recover, absent (${rounds} rounds)`, {
    timeout: 300_000,
  }, async () => {
    const hits = new Map<Phase, number>();
    const spreadMs = Math.max(600, 1.5 * (await wholeMs()));
    const round = async (at: number): Promise<void> => {
      const { home, unit, before, phase } = await cutOff((spreadMs * (at + Math.random())) / rounds);
      hits.set(phase, (hits.get(phase) ?? 0) + 1);
      await recovered(home);
      expect(await recovered(home)).toEqual([]);
      await checkSettled(home, unit, before);
      fs.rmSync(unit, { recursive: true, force: true });
    };
    const todo = Array.from({ length: rounds }, (_, at) => at);
    const lane = async (): Promise<void> => {
      for (let at = todo.pop(); at !== undefined; at = todo.pop()) await round(at);
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    process.stdout.write(`killed clears were: ${[...hits].map(([phase, count]) => `${count} ${phase}`).join(', ')}\n`);
    expect(hits.get('not begun') ?? 0).toBeGreaterThan(0);
    expect(hits.size).toBeGreaterThan(1);
  });

  test('is finished by exactly one of two recovers at once', { timeout: 120_000 }, async () => {
    const whole = await wholeMs();
    for (const part of [0.5, 0.6, 0.7, 0.8]) {
      const { home, unit, before } = await cutOff(part * whole);
      const both = (await Promise.all([recovered(home), recovered(home)])).flat();
      expect(both.length).toBeLessThanOrEqual(1);
      expect(await recovered(home)).toEqual([]);
      await checkSettled(home, unit, before);
    }
  });
});
