import { fork } from 'node:child_process';

/** A process of our own that does one job. The seam for Electron's utilityProcess, which has the same shape. */
export interface HelperProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended for whatever reason. */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}
export type ForkHelper = (script: URL) => HelperProcess;

/** Helpers in plain Node. They end by themselves when the process that started them does. */
export const forkHelper: ForkHelper = (script) => {
  const child = fork(script, {
    // Buffers travel as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let ended = false;
  const listeners: ((how: string) => void)[] = [];
  const end = (how: string): void => {
    if (ended) return;
    ended = true;
    for (const listener of listeners) listener(how);
  };
  child.on('exit', (code, signal) => end(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
  child.on('error', (error) => end(error.message));
  return {
    send: (message) => {
      if (child.connected) child.send(message as object);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      listeners.push(listener);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};

interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

export interface HelperPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The helper's end of the line, in a child process and in Electron's utility process (`process.parentPort`). */
export const helperPort = (): HelperPort => {
  const port = (process as unknown as { readonly parentPort?: ParentPort }).parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    };
  }
  // Ctrl-C goes to every process of a terminal: the door decides what it means, and tells us.
  process.on('SIGINT', () => undefined);
  // Without its door nobody journals what happens: stop; recovery goes on.
  process.on('disconnect', () => process.exit(0));
  return {
    // Whoever started us may be gone by now: then nobody hears it, and 'disconnect' is on its way.
    send: (message) => process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => {
      process.on('message', listener);
    },
  };
};
