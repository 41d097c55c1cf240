import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Progress } from '../../../shared/model.ts';
import type { FromWorker, ToWorker } from './pool-control.ts';
import { type StepWalker, seatHere, walkHere } from './pool-here.ts';
import { Schedule, type Seat } from './pool-schedule.ts';
import type { Walk } from './pool-worker.ts';

export interface PoolOptions {
  /** The worker script; it calls `serveWalks` of pool-worker.ts. */
  readonly script: URL;
  /** Number of threads beside this one; at least 1 unless runs walk `here` too. */
  readonly size: number;
  readonly workerData?: unknown;
  readonly resourceLimits?: ResourceLimits;
}

export interface PoolRun<Setup, Message> {
  /** Sent to every worker before its first task. Structured-clonable. */
  readonly setup: Setup;
  /** Byte paths relative to the root of the tree; an empty one is the root itself. */
  readonly tasks: readonly Uint8Array[];
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: Message) => void;
  /** Called about every 100 ms with what has been counted so far. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Lets the coordinating thread walk too: it has a free processor while it waits. */
  readonly here?: ((walk: Walk<Message>) => StepWalker) | undefined;
  /** With `here`: how many ms that one works alone, before threads are woken. A small tree never needs them. */
  readonly patienceMs?: number | undefined;
}

interface Current {
  readonly hear: (worker: Worker, message: FromWorker<unknown>) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Threads that walk a tree together. A run starts with some tasks (mostly one: the root). A worker walks its whole
 * task by itself, but when another one has nothing to do, it hands over the next sub-directory that it meets
 * (`walk.offer`) instead of entering it. So work spreads itself, however lopsided the tree.
 *
 *     const pool = new WalkPool<Setup, Message>({ script: sibling(import.meta.url, 'my-worker'), size: 4 });
 *     const progress = await pool.run({ setup, tasks: [new Uint8Array()], signal, onMessage, onProgress });
 *
 * and in my-worker.ts:
 *
 *     serveWalks<Setup, Message>((setup, walk) => (task) => { ...; walk.post(message); });
 *
 * Order: a handed-over task starts after its giver's task did, and may end before or after it. Whoever needs "the
 * parent after its children" (rmdir) has to do that after the run.
 */
export class WalkPool<Setup, Message> {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  #current: Current | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Runs until no task is queued or running and every message was delivered; resolves to the final counts. When
   * `signal` aborts, queued tasks are dropped, running ones are told, and it resolves (not rejects) once they have
   * returned: look at the signal. Rejects when a worker throws or dies; all threads are ended then, and the next run
   * starts new ones. One run at a time.
   */
  run(order: PoolRun<Setup, Message>): Promise<Progress> {
    if (this.#current !== null) return Promise.reject(new Error('this pool is running already'));
    return new Promise<Progress>((resolve, reject) => {
      const schedule = new Schedule(order.tasks);
      const { control } = schedule;
      const seats = new Map<Worker, Seat>();

      const tick = (): void => attempt(() => order.onProgress?.(control.progress));
      const ticking = setInterval(tick, 100);
      const cancel = (): void => schedule.cancel();
      const stop = (): void => {
        clearInterval(ticking);
        order.signal?.removeEventListener('abort', cancel);
        this.#current = null;
        for (const worker of this.#workers) worker.unref();
      };
      const fail = (error: unknown): void => {
        stop();
        control.cancel();
        reject(error);
        void this.close();
      };
      const attempt = (act: () => void): void => {
        try {
          act();
        } catch (error) {
          fail(error);
        }
      };
      const finishIfDone = (): void => {
        if (!schedule.done) return;
        order.onProgress?.(control.progress);
        stop();
        resolve(control.progress);
      };
      const hear = (worker: Worker, message: FromWorker<unknown>): void =>
        attempt(() => {
          const seat = seats.get(worker);
          if (message.type === 'message') order.onMessage(message.value as Message);
          if (message.type === 'give') schedule.accept(message.task);
          if (message.type === 'done' && seat !== undefined) {
            schedule.finished(seat);
            finishIfDone();
          }
        });
      const wake = (): void => {
        this.start();
        for (const worker of this.#workers) {
          const tell = (message: ToWorker<Setup>): void => worker.postMessage(message);
          const seat = { give: (task: Uint8Array) => tell({ type: 'task', task }) };
          worker.ref();
          seats.set(worker, seat);
          tell({ type: 'run', setup: order.setup, control: schedule.buffer });
          schedule.seat(seat);
        }
      };
      const joinIn = (walker: StepWalker): void => {
        const began = performance.now();
        const step = (): boolean => {
          // A run that failed: its walker has nobody to work for.
          if (this.#current !== current) return false;
          let done = true;
          attempt(() => {
            done = walker.step();
            if (done) schedule.finished(seat);
            finishIfDone();
            const patient = performance.now() - began < (order.patienceMs ?? 0);
            if (this.#current === current && seats.size === 0 && !patient) wake();
          });
          return !done;
        };
        const seat = seatHere(walker.begin, step);
        schedule.seat(seat);
      };

      const current = { hear, fail };
      this.#current = current;
      order.signal?.addEventListener('abort', cancel);
      if (order.signal?.aborted) cancel();
      attempt(() => {
        if (schedule.done) return finishIfDone();
        if (order.here !== undefined) joinIn(order.here(walkHere(schedule, order.onMessage)));
        if (order.here === undefined || order.patienceMs === 0) wake();
      });
    });
  }

  /** Starts the threads, so that a run that comes later finds them ready: each takes some 50 ms. */
  start(): void {
    while (this.#workers.size < this.#options.size) this.#spawn();
  }

  /** Ends every thread. A run that is under way rejects. */
  async close(): Promise<void> {
    const workers = [...this.#workers];
    this.#workers.clear();
    this.#current?.fail(new Error('the pool was closed'));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #spawn(): void {
    const { script, size: _, ...options } = this.#options;
    // Flags of the main script (--input-type, --test) are not meant for threads, and some stop them from starting.
    const worker = new Worker(script, { ...options, execArgv: [] });
    const lost = (error: Error): void => {
      if (this.#workers.delete(worker)) this.#current?.fail(error);
    };
    worker.on('message', (message: FromWorker<unknown>) => {
      if (this.#workers.has(worker)) this.#current?.hear(worker, message);
    });
    worker.on('error', (error) => lost(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => lost(new Error(`a worker ended with code ${code}`)));
    worker.unref();
    this.#workers.add(worker);
  }
}
