import { Worker } from 'node:worker_threads';
import { sibling } from '../fs/sibling.ts';
import type { Measurement, MeasureOptions } from './measurement.ts';
import type { FromScan, ToScan } from './messages.ts';

interface Waiting {
  readonly options: MeasureOptions;
  readonly resolve: (measurement: Measurement) => void;
  readonly reject: (reason: unknown) => void;
  readonly forget: () => void;
}

/**
 * Measures trees without holding up the thread that asks: everything happens in worker threads, which are started
 * with the first measurement and kept for the next. Idle ones do not keep the process alive.
 */
export class Scanner {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  /**
   * Resolves to what the root holds now; see `Measurement`. Several may be asked at once and are served in turn.
   * Rejects with the reason of `signal` when that aborts, and when the threads die or `close` is called. What cannot
   * be read is in the measurement, not an error.
   */
  measure(options: MeasureOptions): Promise<Measurement> {
    const { root, rewritten, memory, signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const id = this.#lastId;
      const worker = this.#start();
      const cancel = (): void => {
        worker.postMessage({ type: 'cancel', id } satisfies ToScan);
        this.#take(id)?.reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel);
      const forget = (): void => signal?.removeEventListener('abort', cancel);
      this.#waiting.set(id, { options, resolve, reject, forget });
      worker.ref();
      worker.postMessage({ type: 'measure', id, request: { root, rewritten, memory } } satisfies ToScan);
    });
  }

  /** Ends the threads; measurements that are waiting reject. The next `measure` starts anew. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#lost(worker, new Error('the scanner was closed'));
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(sibling(import.meta.url, 'scan-worker'), {
      execArgv: [],
      // It makes little that lives long: the default would only make the process larger.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.on('message', (message: FromScan) => this.#hear(message));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', (code) => this.#lost(worker, new Error(`the scan thread ended with code ${code}`)));
    this.#worker = worker;
    return worker;
  }

  #hear(message: FromScan): void {
    if (message.type === 'progress') this.#waiting.get(message.id)?.options.onProgress?.(message.progress);
    if (message.type === 'measured') this.#take(message.id)?.resolve(message.measurement);
    if (message.type === 'failed') this.#take(message.id)?.reject(message.error);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.forget();
    if (this.#waiting.size === 0) this.#worker?.unref();
    return waiting;
  }

  #lost(worker: Worker | null, reason: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(reason);
  }
}
