import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { usageOf } from '../usage/holders.ts';
import { fails, type Ground, holds, notHere, type Trial } from './ground.ts';
import { plant } from './trees.ts';

/**
 * Our own helpers never count as users, so it has to be somebody else: a process whose parent has ended. It ends by
 * itself after a while, should nobody be there to end it.
 */
const outsider = ({ signal }: Ground, file: string): Promise<number | null> =>
  new Promise((resolve) => {
    const script = 'sleep 20 < "$1" > /dev/null 2>&1 & echo $!';
    execFile('sh', ['-c', script, 'sh', file], { signal }, (error, stdout) => {
      const pid = Number(stdout.trim());
      resolve(error === null && Number.isSafeInteger(pid) && pid > 1 ? pid : null);
    });
  });

/** A process of somebody else has a file of the cache open. */
export const inUse: Trial = {
  name: 'who is using a cache is found',
  attempt: async (ground) => {
    const target = join(ground.folder, 'D');
    plant(target, ['a'], 3);
    if (process.platform === 'win32') return notHere('it cannot be told on this system: every cache counts as in use');
    const pid = await outsider(ground, join(target, 'a/0'));
    if (pid === null) return notHere('there is no sh here to start somebody with');
    try {
      const usage = (await usageOf([{ path: target, root: null, tool: null }])).get(target);
      if (usage?.verdict === 'idle') return fails('a process had a file of it open, and it was called idle');
      const found = usage?.holders.find((holder) => holder.pid === pid);
      if (found) return holds(`process ${pid} had a file open: ${found.evidence}`);
      return notHere(
        `it cannot be told on this system, so it counts as in use: ${usage?.evidence[0] ?? 'no evidence'}`,
      );
    } finally {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  },
};
