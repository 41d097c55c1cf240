import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/* Loaded ahead of the program (`--import`): notes when its event loop was not free, and writes that down at its end. */

/** A time in which no timer could fire. */
export interface Block {
  /** Its end, ms since 1970. */
  readonly at: number;
  /** How long the loop was busy in it. That it slept and the system woke it late is not of its making. */
  readonly ms: number;
  /** Processor time of the thread in it: the rest of `ms` it waited, for the disk or for its turn on a core. */
  readonly cpuMs: number;
  /** With the time in which it slept. */
  readonly lateMs: number;
}

export interface LoopReport {
  /** Of 4 ms and more. */
  readonly blocks: readonly Block[];
  /** Pauses of the garbage collector: their end, ms since 1970, and length. */
  readonly collections: readonly { readonly at: number; readonly ms: number }[];
  /** The longest delay that `monitorEventLoopDelay` saw, for comparison. */
  readonly longestDelayMs: number;
}

/** The name of the variable that says where the report goes. */
export const reportVariable = 'CACHE_INSPECTOR_BENCH_LOOP';

const least = 4;

const watch = (file: string): void => {
  const blocks: Block[] = [];
  const collections: { at: number; ms: number }[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      collections.push({ at: performance.timeOrigin + startTime + duration, ms: duration });
  }).observe({ entryTypes: ['gc'] });
  const cpu = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const look = () => ({ now: performance.now(), cpu: cpu(), loop: performance.eventLoopUtilization() });
  let last = look();
  setInterval(() => {
    const next = look();
    // The timer itself was due 1 ms after the last one.
    const lateMs = next.now - last.now - 1;
    if (lateMs >= least) {
      const ms = Math.min(lateMs, next.loop.active - last.loop.active);
      blocks.push({ at: performance.timeOrigin + next.now, ms, cpuMs: next.cpu - last.cpu, lateMs });
    }
    last = next;
  }, 1).unref();
  process.on('exit', () => {
    const report: LoopReport = { blocks, collections, longestDelayMs: delay.max / 1e6 };
    writeFileSync(file, JSON.stringify(report));
  });
};

const file = process.env[reportVariable];
if (isMainThread && file !== undefined) {
  // Its helpers are other processes.
  delete process.env[reportVariable];
  delete process.env['NODE_OPTIONS'];
  watch(file);
}
