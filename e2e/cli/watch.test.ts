import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Leftover } from '../../shared/model.ts';
import { linux } from '../support/caches.ts';
import { deadPid, killGroup } from '../support/processes.ts';
import { newHome, startProgram } from '../support/program.ts';
import { write } from '../support/sandbox.ts';

/** Two seconds are promised; one more for a machine that does other things as well. */
const patienceMs = 3000;

interface Watching {
  readonly child: ChildProcess;
  /** Resolves with the first list, told or yet to come, for which `wanted` holds. */
  until(wanted: (found: readonly Leftover[]) => boolean, ms: number): Promise<readonly Leftover[]>;
}

const watching = (home: string): Watching => {
  const child = startProgram(home, ['leftovers', '--watch', '--json']);
  onTestFinished(() => killGroup(child));
  if (child.stdout === null) throw new Error('it has no stdout');
  const lines: Interface = createInterface({ input: child.stdout });
  let last: readonly Leftover[] | null = null;
  lines.on('line', (line) => {
    last = (JSON.parse(line) as { leftovers: readonly Leftover[] }).leftovers;
  });
  return {
    child,
    until: (wanted, ms) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not told within ${ms} ms: ${JSON.stringify(last)}`)), ms);
        const look = (): void => {
          if (last === null || !wanted(last)) return;
          clearTimeout(timer);
          lines.off('line', look);
          resolve(last);
        };
        lines.on('line', look);
        look();
      }),
  };
};

describe.skipIf(linux.skip)('leftovers --watch', () => {
  test.each([
    ['a cache that is there', true],
    ['a cache that is made meanwhile', false],
  ])('tells within two seconds what comes and goes in %s, and ends in good order', async (_, there) => {
    const home = newHome();
    const root = path.join(home, '.cache', 'pip-tools');
    if (there) write(root, { 'pkgs/x.whl': 'x' });
    const { child, until } = watching(home);
    expect(await until(() => true, 20_000)).toEqual([]);

    const planted = path.join(root, `pkgs.stale-${deadPid()}`);
    const started = performance.now();
    fs.mkdirSync(planted, { recursive: true });
    const [found] = await until((list) => list.some((it) => it.path === planted), patienceMs);
    expect(performance.now() - started).toBeLessThan(patienceMs);
    expect(found).toMatchObject({ path: planted, origin: 'pip-tools' });
    await until((list) => list.some(({ verdict }) => verdict === 'abandoned'), 10_000);

    fs.rmdirSync(planted);
    expect(await until((list) => list.length === 0, patienceMs)).toEqual([]);
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test('sees that who worked on it has ended, though nothing in the folder tells', async () => {
    const home = newHome();
    const root = path.join(home, '.cache', 'pip-tools');
    const maker = spawn('sleep', ['600'], { stdio: 'ignore' });
    onTestFinished(() => void maker.kill('SIGKILL'));
    write(root, { 'pkgs/x.whl': 'x', [`pkgs.stale-${maker.pid}/y.whl`]: 'y' });
    const { until } = watching(home);
    const is = (verdict: Leftover['verdict']) => (found: readonly Leftover[]) => found[0]?.verdict === verdict;
    await until(is('in-progress'), 20_000);
    // Looks that the planting itself has caused are over by then.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    maker.kill('SIGKILL');
    await until(is('abandoned'), 15_000);
  });
});
