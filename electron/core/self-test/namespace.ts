import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromTerminal, type Ground, inDesktop } from './ground.ts';

/** What a script in a namespace says first, once it has mounted what it needs: from then on it is a trial. */
export const mounted = 'mounted';

export type InNamespace<Answer> =
  | { readonly state: 'answered'; readonly answer: Answer }
  | { readonly state: 'not-here'; readonly why: string };

/** A user who is not root is root in a user namespace, where the system allows those. */
const unshare = [
  '--mount',
  '--propagation',
  'private',
  ...(process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user']),
];

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/**
 * Runs a script of ours with mounts of its own, which end with it: nobody else sees them. It gets `order` as JSON and
 * answers with JSON in its last line.
 * @throws Error when it ends without an answer after it has mounted something.
 */
export const inNamespace = <Answer>({ signal }: Ground, script: URL, order: unknown): Promise<InNamespace<Answer>> => {
  if (process.platform !== 'linux') {
    return Promise.resolve({ state: 'not-here', why: 'mounts that nobody else sees are a thing of Linux' });
  }
  if (inDesktop) return Promise.resolve({ state: 'not-here', why: fromTerminal });
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', fileURLToPath(script)];
  const words = [...unshare, ...node, JSON.stringify(order)];
  return new Promise((resolve, reject) => {
    execFile('unshare', words, { signal, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      const [begun, ...rest] = stdout.trim().split('\n');
      const answer = rest.at(-1);
      if (error === null && begun === mounted && answer !== undefined) {
        resolve({ state: 'answered', answer: JSON.parse(answer) as Answer });
      } else if (begun === mounted) {
        reject(new Error(`it ended without an answer: ${firstLine(stderr) || error?.message}`));
      } else if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') {
        resolve({ state: 'not-here', why: 'there is no unshare here to mount things with' });
      } else {
        resolve({
          state: 'not-here',
          why: `this user can mount nothing here: ${firstLine(stderr) || 'it is not allowed'}`,
        });
      }
    });
  });
};
