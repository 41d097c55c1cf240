import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, has, missing, onLinux, sandbox, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { answerOf, command, script } from './testing/children.ts';
import type { ClearOneAnswer, ClearOneOrder } from './testing/clear-one.ts';
import { homeEnv } from './testing/home.ts';

const canTrace = onLinux && has('strace') && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const note = canTrace ? '' : ' (SKIPPED: there is no strace here that may trace)';

/** Each is swept from its first call on. Every `stride`-th only, where there are many. */
const sweeps = [
  { name: 'rename', calls: ['rename', 'renameat', 'renameat2'], stride: 1, most: 4 },
  { name: 'fsync', calls: ['fsync'], stride: 2, most: 6 },
  { name: 'fdatasync', calls: ['fdatasync'], stride: 2, most: 4 },
  { name: 'rmdir', calls: ['rmdir'], stride: 2, most: 3 },
  { name: 'unlink', calls: ['unlink', 'unlinkat'], stride: 3, most: 4 },
  { name: 'mkdir', calls: ['mkdir', 'mkdirat'], stride: 1, most: 3 },
  { name: 'pwrite64', calls: ['pwrite64'], stride: 12, most: 6 },
] as const;
/** A sample: every point of every phase is swept by the fault suite. */
const mostRuns = process.env['LONG'] ? 60 : 20;
/** A slow machine looks at fewer points; how many is said. */
const budgetMs = process.env['LONG'] ? 600_000 : 180_000;

interface Place {
  readonly home: string;
  readonly stateDir: string;
  readonly cache: string;
  readonly unit: string;
}

const run = async (place: Place, order: Partial<ClearOneOrder>, before: readonly string[] = []) => {
  const argument: ClearOneOrder = { stateDir: place.stateDir, text: null, undoWindowMs: 0, recover: 0, ...order };
  return command([...before, ...script('clear-one', argument)], { ...homeEnv(place.home), UV_THREADPOOL_SIZE: '1' });
};

/** A home with a pip-tools cache: the unit of nine files that is cleared, and another one that is not. */
const newPlace = (box: string, name: string, template: string): Place => {
  const home = path.join(box, name, 'home');
  const cache = path.join(home, '.cache/pip-tools');
  const place = { home, stateDir: path.join(box, name, 'state'), cache, unit: path.join(cache, 'pkgs') };
  for (const unit of ['pkgs', 'http']) {
    fs.mkdirSync(path.join(cache, unit), { recursive: true });
    smallTree(path.join(cache, unit));
  }
  // A history that is there already: how one is made is the store's own business.
  if (template !== '') fs.cpSync(template, place.stateDir, { recursive: true });
  return place;
};

interface Point {
  readonly survived: boolean;
  readonly end: string;
}

const killAt = async (place: Place, calls: readonly string[], when: number): Promise<Point> => {
  const names = calls.map((name) => `?${name}`).join(',');
  const traced = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${names}`];
  const [whole, other] = [fingerprint(place.unit), fingerprint(path.join(place.cache, 'http'))];
  const killed = await run(place, { text: 'pip-tools/pkgs' }, [
    ...traced,
    '-e',
    `inject=${names}:signal=KILL:when=${when}`,
  ]);
  const survived = killed.code === 0 && answerOf<ClearOneAnswer>(killed).operations[0]?.state === 'done';
  const { history } = answerOf<ClearOneAnswer>(await run(place, { recover: 2 }));
  if (fs.existsSync(place.unit)) expect(fingerprint(place.unit)).toBe(whole);
  const [operation, ...more] = history;
  expect(more).toEqual([]);
  expect([undefined, 'failed', 'done']).toContain(operation?.state);
  expect(operation?.state === 'done').toBe(!fs.existsSync(place.unit));
  expect(fingerprint(path.join(place.cache, 'http'))).toBe(other);
  expect(siblings(place.unit)).toEqual(['http']);
  // The lock of a killed clear stood here.
  expect(siblings(place.cache)).toEqual([]);
  return { survived, end: operation?.state ?? 'no operation' };
};

describe('a clear that is killed at a system call', () => {
  it.skipIf(missing(!canTrace))(
    `is whole or absent after recovery, and leaves nothing behind${note}`,
    async () => {
      const box = sandbox();
      const first = newPlace(box, 'first', '');
      answerOf<ClearOneAnswer>(await run(first, {}));
      const began = performance.now();
      const violations: string[] = [];
      const ends = new Map<string, number>();
      const lines: string[] = [];
      let [points, runs] = [0, 0];
      for (const { name, calls, stride, most } of sweeps) {
        let seen = 0;
        let why = 'as many as wanted';
        for (let when = 1; seen < most; when += stride) {
          if (runs >= mostRuns || performance.now() - began > budgetMs) {
            why = 'out of time or runs';
            break;
          }
          runs += 1;
          const place = newPlace(box, `${name}-${when}`, first.stateDir);
          try {
            const point = await killAt(place, calls, when);
            ends.set(point.end, (ends.get(point.end) ?? 0) + 1);
            if (point.survived) {
              why = 'it survived';
              break;
            }
          } catch (thrown) {
            violations.push(`${name} ${when}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
          }
          seen += 1;
          points += 1;
        }
        lines.push(`${name}: ${seen} points${stride > 1 ? ` (every ${stride}.)` : ''}, ended because ${why}`);
      }
      const text = [...ends].map(([end, times]) => `${end} ${times}`).join(', ');
      process.stdout.write(`${points} kill points, ${violations.length} violations (${text})\n${lines.join('\n')}\n`);
      expect(violations).toEqual([]);
      expect(points).toBeGreaterThan(10);
    },
    240_000,
  );
});
