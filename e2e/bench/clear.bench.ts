import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteTree } from '../../electron/core/clear/deleter.ts';
import { openInspector } from '../../electron/core/inspector.ts';
import { makeTree } from './tree.ts';

export interface ClearRow {
  readonly name: string;
  /** Of all runs, in ms. */
  readonly medianMs: number;
  readonly ratio: number;
  readonly against: string;
  readonly goal: number | null;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const need = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
};

/** From the wish to the moment when the tool sees no directory: look, plan, journal, rename. Undone each time. */
const timeUntilFree = async (home: string, runs: number): Promise<readonly number[]> => {
  const cache = join(home, '.npm', '_cacache');
  const inspector = await openInspector({ door: 'bench', stateDir: join(home, 'state') });
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { targets } = need(await inspector.call('resolve', { text: 'npm/_cacache' }));
    const began = performance.now();
    const plan = need(await inspector.call('plan', { targets: [...targets], measure: false }));
    const { operations } = need(
      await inspector.call('clear', { plan: plan.id, undoWindowMs: 3_600_000, evenIfInUse: false }),
    );
    times.push(performance.now() - began);
    if (existsSync(cache)) throw new Error('the path is not free');
    need(await inspector.call('undo', { operation: operations[0]?.id ?? ('' as never) }));
  }
  await inspector.close();
  return times.slice(1);
};

/** How long it takes until a cache of `files` files is out of the way, against one of ten. */
export const benchFree = async (base: string, files: number, runs: number): Promise<readonly ClearRow[]> => {
  const rows: ClearRow[] = [];
  for (const count of [10, files]) {
    const home = join(base, `home-${count}`);
    mkdirSync(join(home, '.npm'), { recursive: true });
    makeTree(join(home, '.npm', '_cacache'), count);
    // The renames are made durable: what was just written must not be waited for with them.
    execFileSync('sync');
    process.env['HOME'] = home;
    delete process.env['npm_config_cache'];
    // Short and noisy: many more of them.
    const medianMs = median(await timeUntilFree(home, runs * 5 + 1));
    const ratio = medianMs / (rows[0]?.medianMs ?? medianMs);
    rows.push({
      name: `path free, ${count} files`,
      medianMs,
      ratio,
      against: '10 files',
      goal: rows.length === 0 ? null : 2,
    });
  }
  return rows;
};

/** Deletes freshly written and synced trees of `files` files, in turn with `rm -rf`. */
export const benchDelete = async (base: string, files: number, runs: number): Promise<readonly ClearRow[]> => {
  const ours: number[] = [];
  const rm: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (const who of run % 2 === 0 ? (['ours', 'rm'] as const) : (['rm', 'ours'] as const)) {
      const tree = join(base, `${who}-${run}`);
      makeTree(tree, files);
      execFileSync('sync');
      const { dev, ino } = lstatSync(tree);
      const began = performance.now();
      if (who === 'rm') execFileSync('rm', ['-rf', tree]);
      else {
        const report = await deleteTree({
          parent: Buffer.from(base),
          name: Buffer.from(`${who}-${run}`),
          identity: { dev, ino },
        });
        if (!report.gone) throw new Error('something was left');
      }
      (who === 'rm' ? rm : ours).push(performance.now() - began);
    }
  }
  const reference = median(rm);
  return [
    { name: `rm -rf, ${files} files`, medianMs: reference, ratio: 1, against: 'rm -rf', goal: null },
    {
      name: `delete, ${files} files`,
      medianMs: median(ours),
      ratio: median(ours) / reference,
      against: 'rm -rf',
      // Threads pay when there is enough to do.
      goal: files >= 100_000 ? 0.5 : 1,
    },
  ];
};

export const printClear = (rows: readonly ClearRow[]): string =>
  rows
    .map(({ name, medianMs, ratio, against, goal }) =>
      [
        name.padEnd(28),
        `${medianMs.toFixed(0).padStart(6)} ms`,
        `${ratio.toFixed(3).padStart(7)} x ${against}`,
        goal === null ? '' : `goal ${goal} x: ${ratio <= goal ? 'kept' : 'MISSED'}`,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');

export const benchFolder = (): string => mkdtempSync(join(realpathSync(tmpdir()), 'cache-inspector-bench-'));
export const removeBench = (base: string): void => rmSync(base, { recursive: true, force: true });
