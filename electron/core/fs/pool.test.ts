import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { WalkPool } from './pool.ts';
import type { StepWalker } from './pool-here.ts';
import type { Walk } from './pool-worker.ts';

/** A worker that walks a made-up tree: a task `n` has n children of n - 1. It tells its thread and its task. */
const source = `
  import { threadId } from 'node:worker_threads';
  import { serveWalks } from ${JSON.stringify(new URL('./pool-worker.ts', import.meta.url).href)};
  const wait = new Int32Array(new SharedArrayBuffer(4));
  serveWalks((setup, walk) => (task) => {
    if (task[0] === setup.failAt) throw new Error('failed at ' + task[0]);
    if (task[0] === setup.exitAt) process.exit(3);
    const visit = (n) => {
      if (walk.cancelled()) return;
      Atomics.wait(wait, 0, 0, setup.slow ?? 0);
      walk.count(1, n);
      walk.post({ threadId, n });
      for (let child = 0; child < n; child += 1) {
        if (!walk.offer(() => new Uint8Array([n - 1]))) visit(n - 1);
      }
    };
    visit(task[0]);
  });
`;
const dir = mkdtempSync(join(realpathSync(tmpdir()), 'pool-'));
const file = join(dir, 'worker.mjs');
writeFileSync(file, source);
const script = pathToFileURL(file);
afterAll(() => rmSync(dir, { recursive: true }));

interface Setup {
  readonly failAt?: number;
  readonly exitAt?: number;
  readonly slow?: number;
}
interface Told {
  readonly threadId: number;
  readonly n: number;
}

let pool = new WalkPool<Setup, Told>({ script, size: 3 });
afterEach(async () => {
  await pool.close();
  pool = new WalkPool<Setup, Told>({ script, size: 3 });
});

const task = (n: number): Uint8Array => new Uint8Array([n]);

/** 1 + n (1 + (n-1) (1 + ...)): the size of the tree under n. */
const size = (n: number): number => (n === 0 ? 1 : 1 + n * size(n - 1));

it('walks everything once, in all threads, and counts it', async () => {
  for (const tasks of [[task(6)], [task(3), task(5), task(0), task(1), task(2)]]) {
    const told: Told[] = [];
    const progress = await pool.run({ setup: { slow: 1 }, tasks, onMessage: (one) => told.push(one) });
    const expected = tasks.reduce((sum, [n = 0]) => sum + size(n), 0);
    expect(told.length).toBe(expected);
    expect(progress.entries).toBe(expected);
    expect(progress.bytes).toBe(told.reduce((sum, { n }) => sum + n, 0));
    expect(new Set(told.map(({ threadId }) => threadId)).size).toBe(3);
  }
});

it.each([0, 5, 10_000])('lets the coordinating thread walk too, with %d ms of patience', async (patienceMs) => {
  const told: (Told | number)[] = [];
  const here = (walk: Walk<Told>): StepWalker => {
    const stack: number[] = [];
    return {
      begin: ([n = 0]) => stack.push(n),
      step: () => {
        const n = stack.pop() ?? 0;
        walk.count(1, n);
        walk.post({ threadId: 0, n });
        for (let child = 0; child < n; child += 1) {
          if (!walk.offer(() => task(n - 1))) stack.push(n - 1);
        }
        return stack.length === 0;
      },
    };
  };
  const tasks = [...Array.from({ length: 500 }, () => task(1)), task(6), task(5)];
  const onMessage = (one: Told): unknown => told.push(one);
  const progress = await pool.run({ setup: {}, tasks, onMessage, here, patienceMs });
  const expected = 500 * size(1) + size(6) + size(5);
  expect({ told: told.length, entries: progress.entries }).toEqual({ told: expected, entries: expected });
});

it('rejects when the walker in the coordinating thread throws', async () => {
  const step = (): boolean => {
    throw new Error('stumbled');
  };
  const here = (): StepWalker => ({ begin: () => {}, step });
  const run = pool.run({ setup: {}, tasks: [task(3)], onMessage: () => {}, here, patienceMs: 10_000 });
  await expect(run).rejects.toThrow('stumbled');
});

it('is done at once without tasks', async () => {
  expect(await pool.run({ setup: {}, tasks: [], onMessage: () => {} })).toEqual({ entries: 0, bytes: 0 });
});

it('tells progress on the way', async () => {
  const seen: number[] = [];
  const onProgress = ({ entries }: { readonly entries: number }): void => {
    seen.push(entries);
  };
  await pool.run({ setup: { slow: 1 }, tasks: [task(6)], onMessage: () => {}, onProgress });
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(size(6));
});

it('resolves early when it is cancelled, and can run again', async () => {
  const cancel = new AbortController();
  let told = 0;
  const onMessage = (): void => {
    told += 1;
    if (told === 5) cancel.abort();
  };
  const tasks = [task(7), task(7), task(7), task(7), task(7)];
  const progress = await pool.run({ setup: { slow: 1 }, tasks, signal: cancel.signal, onMessage });
  expect(progress.entries).toBeLessThan(size(7));
  expect((await pool.run({ setup: {}, tasks: [task(4)], onMessage: () => {} })).entries).toBe(size(4));
  const none = await pool.run({ setup: {}, tasks, signal: cancel.signal, onMessage });
  expect(none.entries).toBe(0);
});

it('rejects when a worker throws, dies, or the listener throws, and can run again', async () => {
  const run = (setup: Setup, onMessage = (): void => {}) =>
    pool.run({ setup, tasks: [task(5), task(3), task(4)], onMessage });
  await expect(run({ failAt: 3 })).rejects.toThrow('failed at 3');
  await expect(run({ exitAt: 4 })).rejects.toThrow('ended with code 3');
  const deaf = (): void => {
    throw new Error('deaf');
  };
  await expect(run({}, deaf)).rejects.toThrow('deaf');
  expect((await run({})).entries).toBe(size(5) + size(3) + size(4));
});

it('runs one at a time, and rejects what runs when it is closed', async () => {
  const running = pool.run({ setup: { slow: 5 }, tasks: [task(6)], onMessage: () => {} });
  const rejected = expect(running).rejects.toThrow('closed');
  await expect(pool.run({ setup: {}, tasks: [task(1)], onMessage: () => {} })).rejects.toThrow('running already');
  await pool.close();
  await rejected;
});

it('lets its process end when it is idle', () => {
  const main = join(dir, 'main.mjs');
  writeFileSync(
    main,
    `import { WalkPool } from ${JSON.stringify(new URL('./pool.ts', import.meta.url).href)};
     const pool = new WalkPool({ script: new URL(${JSON.stringify(script.href)}), size: 2 });
     const { entries } = await pool.run({ setup: {}, tasks: [new Uint8Array([3])], onMessage() {} });
     console.log(entries);`,
  );
  const { stdout, status } = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 30_000 });
  expect({ stdout, status }).toEqual({ stdout: `${size(3)}\n`, status: 0 });
});
