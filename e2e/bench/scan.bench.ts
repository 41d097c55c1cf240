import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ScanOnce } from './scan-once.ts';
import { makeTree } from './tree.ts';

export interface ScanRow {
  readonly name: string;
  /** Of all runs, in ms. */
  readonly medianMs: number;
  /** The median over the median of `du -s` in the same runs. */
  readonly ratio: number;
  /** The most resident memory of any run, in MiB; null where it is not ours. */
  readonly peakMiB: number | null;
  /** The most that `ratio` may be, and whether it is kept; null where nothing is promised. */
  readonly goal: number | null;
  readonly kept: boolean | null;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const du = (tree: string): { readonly ms: number; readonly allocated: number } => {
  const began = performance.now();
  const output = execFileSync('du', ['-s', '-B1', '--', tree], { encoding: 'utf8' });
  return { ms: performance.now() - began, allocated: Number(output.split('\t')[0]) };
};

const maxPeakMiB = 200;

/**
 * Times scans of `tree` against `du -s` (GNU), one after the other in each of `runs` rounds, caches warm. The tree must
 * not have changed for 10 seconds: what just changed is never taken from memory. New processes find their code in
 * Node's compile cache, as installed programs find theirs compiled. Times do not hold the start of Node itself.
 * Throws when a scan disagrees with `du` or a rescan looks at files again.
 */
export const benchScan = ({ tree, runs }: { readonly tree: string; readonly runs: number }): readonly ScanRow[] => {
  const aside = mkdtempSync(join(realpathSync(tmpdir()), 'bench-scan-'));
  try {
    return measureAll(tree, runs, aside);
  } finally {
    rmSync(aside, { recursive: true });
  }
};

const measureAll = (tree: string, runs: number, aside: string): readonly ScanRow[] => {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(aside, 'compiled') };
  const program = fileURLToPath(new URL('./scan-once.ts', import.meta.url));
  const scan = (memory: string | null, times: number): ScanOnce => {
    const args = [program, tree, memory === null ? '' : join(aside, memory), String(times)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env })) as ScanOnce;
  };
  scan('kept', 1);
  const rounds = Array.from({ length: runs }, (_, round) => {
    const reference = du(tree);
    const first = scan(`round-${round}`, 1);
    const running = scan(null, 3);
    const again = scan('kept', 4);
    if (first.allocated !== reference.allocated || again.allocated !== reference.allocated) {
      throw new Error(`du says ${reference.allocated} bytes, scans ${first.allocated} and ${again.allocated}`);
    }
    if (first.reused !== 0 || again.reused === 0) throw new Error('memory was used in the wrong scan');
    return { reference, first, running, again };
  });
  const base = median(rounds.map(({ reference }) => reference.ms));
  const row = (name: string, ms: readonly number[], peak: readonly number[], goal: number | null): ScanRow => {
    const ratio = median(ms) / base;
    const peakMiB = peak.length === 0 ? null : Math.max(...peak);
    const kept = goal === null ? null : ratio <= goal && (peakMiB ?? 0) < maxPeakMiB;
    return { name, medianMs: median(ms), ratio, peakMiB, goal, kept };
  };
  const firstPeaks = rounds.map(({ first }) => first.peakMiB);
  const runningPeaks = rounds.map(({ running }) => running.peakMiB);
  const againPeaks = rounds.map(({ again }) => again.peakMiB);
  return [
    row(
      'du -s',
      rounds.map(({ reference }) => reference.ms),
      [],
      null,
    ),
    row(
      'first scan, new process',
      rounds.map(({ first }) => first.firstMs),
      firstPeaks,
      1.2,
    ),
    row(
      'first scan, running program',
      rounds.flatMap(({ running }) => running.nextMs),
      runningPeaks,
      1.2,
    ),
    row(
      'rescan, running program',
      rounds.flatMap(({ again }) => again.nextMs),
      againPeaks,
      0.1,
    ),
    row(
      'rescan, new process',
      rounds.map(({ again }) => again.firstMs),
      againPeaks,
      null,
    ),
  ];
};

export const printScan = (rows: readonly ScanRow[]): string =>
  rows
    .map(({ name, medianMs, ratio, peakMiB, goal, kept }) =>
      [
        name.padEnd(28),
        `${medianMs.toFixed(0).padStart(6)} ms`,
        `${ratio.toFixed(3).padStart(7)} x du`,
        peakMiB === null ? ''.padStart(9) : `${peakMiB.toFixed(0).padStart(5)} MiB`,
        goal === null ? '' : `goal ${goal} x, under ${maxPeakMiB} MiB: ${kept ? 'kept' : 'MISSED'}`,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');

/** `node scan.bench.ts [FILES] [RUNS]`: on a tree of its own. */
const main = async (files: number, runs: number): Promise<void> => {
  const base = mkdtempSync(join(realpathSync(tmpdir()), 'bench-tree-'));
  try {
    makeTree(join(base, 'tree'), files);
    await setTimeout(11_000);
    process.stdout.write(`${printScan(benchScan({ tree: join(base, 'tree'), runs }))}\n`);
  } finally {
    rmSync(base, { recursive: true });
  }
};

if (import.meta.main) await main(Number(process.argv[2] ?? 300_000), Number(process.argv[3] ?? 7));
