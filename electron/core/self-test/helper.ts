import type { HelperProcess } from '../clear/helper-process.ts';
import type { Ground } from './ground.ts';

/** A helper of a trial: what it says is taken one by one, and it is killed when the trial is over. */
export interface Helper {
  send(message: unknown): void;
  /** The next thing that it says. @throws when it has ended instead. */
  next(): Promise<unknown>;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): void;
  readonly ended: Promise<void>;
}

export const startHelper = ({ fork, signal }: Pick<Ground, 'fork' | 'signal'>, script: URL): Helper => {
  const helper: HelperProcess = fork(script);
  const said: unknown[] = [];
  let waiting: { readonly resolve: (message: unknown) => void; readonly reject: (error: Error) => void } | null = null;
  let end: string | null = null;
  const kill = (): void => helper.kill();
  helper.onMessage((message) => {
    if (waiting === null) said.push(message);
    else waiting.resolve(message);
    waiting = null;
  });
  const ended = new Promise<void>((resolve) => {
    helper.onExit((how) => {
      end = how;
      signal.removeEventListener('abort', kill);
      waiting?.reject(new Error(`a process of the trial stopped: ${how}`));
      resolve();
    });
  });
  signal.addEventListener('abort', kill);
  return {
    send: (message) => helper.send(message),
    next: () =>
      new Promise((resolve, reject) => {
        if (said.length > 0) resolve(said.shift());
        else if (end === null) waiting = { resolve, reject };
        else reject(new Error(`a process of the trial stopped: ${end}`));
      }),
    kill,
    ended,
  };
};
