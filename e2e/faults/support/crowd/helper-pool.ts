import { type ForkHelper, forkHelper, type HelperProcess } from '../../../../electron/core/clear/helper-process.ts';

/** So many deletes, then a fresh process: a helper that is meant for one keeps what it has opened to its end. */
const mostDeletes = 200;

interface Running {
  readonly process: HelperProcess;
  deletes: number;
  hears: (message: unknown) => void;
}

const isDone = (message: unknown): boolean => (message as { type?: unknown }).type === 'done';

/**
 * The program's own helper process, which is not ended after its first delete but given the next one: starting Node is
 * most of the time that a clear of nine files takes. One delete at a time, as a door has it.
 */
export class HelperPool {
  #idle: Running | null = null;

  readonly fork: ForkHelper = (script) => {
    const running = this.#idle ?? this.#start(script);
    this.#idle = null;
    running.deletes += 1;
    let isOver = false;
    return {
      send: (message) => running.process.send(message),
      onMessage: (listener) => {
        running.hears = (message) => {
          isOver ||= isDone(message);
          listener(message);
        };
      },
      onExit: (listener) => {
        if (running.deletes === 1) running.process.onExit(listener);
      },
      kill: () => {
        if (isOver && running.deletes < mostDeletes) this.#idle = running;
        else running.process.kill();
      },
    };
  };

  #start(script: URL): Running {
    const running: Running = { process: forkHelper(script), deletes: 0, hears: () => undefined };
    running.process.onMessage((message) => running.hears(message));
    return running;
  }

  close(): void {
    this.#idle?.process.kill();
  }
}
