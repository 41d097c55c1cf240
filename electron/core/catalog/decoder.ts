import { Worker } from 'node:worker_threads';
import { sibling } from '../fs/sibling.ts';
import type { DecodeOrder, FromDecoder, SelectOrder, SurveyOrder } from './entries-worker.ts';
import type { Selected } from './select.ts';
import type { Surveyed } from './survey.ts';
import type { RawEntry } from './tool.ts';

interface Waiting {
  readonly onBatch: (entries: readonly RawEntry[]) => void;
  /** What an order that is no stream of entries is answered with. */
  readonly onAnswer: (answer: Selected | Surveyed) => void;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Decodes units in a thread of its own: a decoder reads files one after another, and a hostile one may take long. */
export class Decoder {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  /** Streams a unit's entries in batches; resolves after the last. Rejects when the thread dies or is closed. */
  entries(order: Omit<DecodeOrder, 'id'>, onBatch: (entries: readonly RawEntry[]) => void): Promise<void> {
    return this.#ask((id) => ({ ...order, id }), { onBatch, onAnswer: () => undefined });
  }

  /** What a choice of entries comes to: see `select`. Rejects when the thread dies or is closed. */
  select(order: Omit<SelectOrder, 'id'>): Promise<Selected> {
    return this.#answer<Selected>((id) => ({ ...order, id }));
  }

  /** What stands in a cache. Rejects when the thread dies or is closed. */
  survey(order: Omit<SurveyOrder, 'id'>): Promise<Surveyed> {
    return this.#answer<Surveyed>((id) => ({ ...order, id }));
  }

  /** Starts the thread ahead of the first order, for whoever is in a hurry. */
  warm(): void {
    const worker = this.#start();
    if (this.#waiting.size === 0) worker.unref();
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#lost(worker, new Error('the decoder was closed'));
    await worker?.terminate();
  }

  async #answer<Answer extends Selected | Surveyed>(order: (id: number) => SelectOrder | SurveyOrder): Promise<Answer> {
    let answer: Selected | Surveyed | null = null;
    const onAnswer = (it: Selected | Surveyed): void => {
      answer = it;
    };
    await this.#ask(order, { onBatch: () => undefined, onAnswer });
    if (answer === null) throw new Error('the decoder answered nothing');
    return answer as Answer;
  }

  #ask(
    order: (id: number) => DecodeOrder | SelectOrder | SurveyOrder,
    hear: Pick<Waiting, 'onBatch' | 'onAnswer'>,
  ): Promise<void> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { ...hear, resolve, reject });
      this.#start().postMessage(order(id));
    });
  }

  #start(): Worker {
    if (this.#worker === null) {
      const worker = new Worker(sibling(import.meta.url, 'entries-worker'), {
        resourceLimits: { maxOldGenerationSizeMb: 512 },
      });
      worker.on('message', (message: FromDecoder) => this.#hear(message));
      worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error : new Error(String(error))));
      worker.on('exit', (code) => this.#lost(worker, new Error(`the decoding thread ended with code ${code}`)));
      this.#worker = worker;
    }
    this.#worker.ref();
    return this.#worker;
  }

  #hear(message: FromDecoder): void {
    const waiting = this.#waiting.get(message.id);
    if (message.type === 'batch') {
      waiting?.onBatch(message.entries);
      return;
    }
    if (message.type === 'selected' || message.type === 'surveyed') {
      waiting?.onAnswer(message.type === 'selected' ? message.selected : message.surveyed);
      return;
    }
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if (message.type === 'end') waiting?.resolve();
    else waiting?.reject(new Error(message.message));
  }

  #lost(worker: Worker | null, reason: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
