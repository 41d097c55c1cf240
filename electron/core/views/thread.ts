import { Worker } from 'node:worker_threads';
import { CodedError } from '../../../shared/errors.ts';
import type { Ask, Method, Said } from './thread-types.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * A thread that holds one view. Its methods are asked by name, `Api` is the type of their table. Ending it ends all
 * threads that it started, whatever they are at. Without a question it does not keep the process alive.
 */
export class ViewThread<Api extends { readonly [Name in keyof Api]: Method }, News> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #ended: Error | null = null;

  /** `onLost` is called once when the thread dies by itself. */
  constructor(script: URL, onNews: (news: News) => void, onLost: (reason: Error) => void) {
    // Flags of the main script are not meant for threads. They hold typed arrays, and make little else that lives long.
    this.#worker = new Worker(script, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 16 } });
    const lost = (reason: Error): void => {
      if (this.#ended !== null) return;
      this.#end(expired(`the thread that held it ended (${reason.message})`));
      onLost(reason);
    };
    this.#worker.on('message', (said: Said<News>) => {
      if (this.#ended !== null) return;
      if (said.type === 'news') onNews(said.news);
      else if (said.type === 'answer') this.#take(said.id)?.resolve(said.value);
      else this.#take(said.id)?.reject(new CodedError(said.error));
    });
    this.#worker.on('error', (error) => lost(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => lost(new Error(`code ${code}`)));
    this.#worker.unref();
  }

  /**
   * Asks one method, and resolves to its answer.
   * @throws CodedError as the method does, and `view-expired` when the thread has ended or ends before it answers.
   */
  ask<Name extends keyof Api & string>(
    name: Name,
    arg: Parameters<Api[Name]>[0],
  ): Promise<Awaited<ReturnType<Api[Name]>>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#last += 1;
      this.#waiting.set(this.#last, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.ref();
      this.#worker.postMessage({ id: this.#last, name, arg } satisfies Ask);
    });
  }

  /** Ends it; what waits for an answer is rejected with `view-expired`. */
  async close(): Promise<void> {
    this.#end(expired('it was closed'));
    await this.#worker.terminate();
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #end(reason: CodedError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

/** The error for a view that is not held any more; `why` in words. */
export const expired = (why: string): CodedError =>
  new CodedError({ code: 'view-expired', message: `This view is not held any more: ${why}. Open it again.` });
