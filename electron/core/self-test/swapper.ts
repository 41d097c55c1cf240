import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fs } from '../fs/seam.ts';
import { sibling } from '../fs/sibling.ts';
import type { Ground } from './ground.ts';
import { startHelper } from './helper.ts';

export type Pair = readonly [string, string];

/** Somebody who makes two names change places as fast as they can. */
export interface Swapper {
  readonly by: string;
  /** From now on these pairs. */
  swap(pairs: readonly Pair[]): void;
  /** Ends it; how often it has swapped. */
  stop(): Promise<number>;
}

/**
 * renameat2(2) with RENAME_EXCHANGE, which Node does not have: at no moment is one of the names missing. The first line
 * is a pair to try it on; `on` or `no` is the answer.
 */
const exchanger = `
import ctypes, os, select, sys
libc = ctypes.CDLL(None, use_errno=True)
def swap(one, two):
    return libc.renameat2(-100, one, -100, two, 2) == 0
def read(text):
    names = [os.fsencode(name) for name in text.rstrip("\\n").split("\\n")[-1].split("\\t")]
    return list(zip(names[::2], names[1::2]))
if not swap(*read(sys.stdin.readline())[0]):
    print("no", flush=True)
    sys.exit()
print("on", flush=True)
pairs, count = [], 0
while True:
    if select.select([0], [], [], 0 if pairs else None)[0]:
        text = os.read(0, 65536).decode()
        if not text:
            print(count, flush=True)
            sys.exit()
        pairs = read(text)
    for one, two in pairs:
        count += swap(one, two)
`;

const startExchanger = (signal: AbortSignal, probe: Pair): Promise<Swapper | null> =>
  new Promise((resolve) => {
    const child = spawn('python3', ['-c', exchanger], {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal,
      killSignal: 'SIGKILL',
    });
    const lines: string[] = [];
    const ended = new Promise<void>((over) => child.once('close', () => over()));
    child.once('error', () => resolve(null));
    child.once('close', () => resolve(null));
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 1 || line !== 'on') return;
      resolve({
        by: 'both names at once, by renameat2',
        swap: (pairs) => child.stdin.write(`${pairs.flat().join('\t')}\n`),
        stop: async () => {
          child.stdin.end();
          await ended;
          return Number(lines[1] ?? 0);
        },
      });
    });
    child.stdin.write(`${probe.join('\t')}\n`);
  });

const startRenamer = (ground: Ground): Swapper => {
  const helper = startHelper(ground, sibling(import.meta.url, 'swap-child'));
  return {
    by: 'one name after the other',
    swap: (pairs) => helper.send(pairs),
    stop: async () => {
      helper.send('stop');
      const count = await helper.next();
      helper.kill();
      return Number(count);
    },
  };
};

/** The fastest that this machine has; null where no link can be made. */
export const startSwapper = async (ground: Ground): Promise<Swapper | null> => {
  const probe = [join(ground.folder, 'probe'), join(ground.folder, 'probe-link')] as const;
  fs.mkdirSync(probe[0]);
  try {
    fs.symlinkSync(probe[0], probe[1]);
  } catch {
    return null;
  }
  return (await startExchanger(ground.signal, probe)) ?? startRenamer(ground);
};
