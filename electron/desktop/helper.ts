import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { ForkHelper } from '../core/inspector.ts';

/**
 * Helpers as Electron starts them: `child_process.fork` would run this program a second time, since the fuse that
 * makes Electron a Node is off. They end with this process. `disclaim` stays off: macOS shows its questions about
 * folders as this program's.
 */
export const forkUtility: ForkHelper = (script) => {
  const child = utilityProcess.fork(fileURLToPath(script), [], {
    serviceName: 'Cache Inspector helper',
    stdio: ['ignore', 'ignore', 'inherit'],
    disclaim: false,
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', (code) => listener(`it ended with code ${code}`)),
    kill: () => {
      // `child.kill()` asks; a helper in the middle of a long call would not hear it.
      try {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
      child.kill();
    },
  };
};
