import { join } from 'node:path';
import { fs } from '../fs/seam.ts';
import { sibling } from '../fs/sibling.ts';
import { lockCache } from '../usage/lock.ts';
import { fails, holds, type Trial } from './ground.ts';
import { startHelper } from './helper.ts';

/** The system frees a lock at the latest when it has cleaned up after its process. */
const freedWithinMs = 5000;

/** Another process takes the lock of a cache and is killed while it has it. */
export const oneLock: Trial = {
  name: 'of two that clear one cache, one gets its lock',
  attempt: async (ground) => {
    const [root, stateDir] = [join(ground.folder, 'D'), join(ground.folder, 'state')];
    for (const path of [root, stateDir]) fs.mkdirSync(path);
    const other = startHelper(ground, sibling(import.meta.url, 'lock-child'));
    other.send({ root, stateDir });
    if ((await other.next()) !== 'got it') return fails('a free lock could not be taken');
    const second = await lockCache(root, stateDir, 200);
    if (second !== null) {
      second.release();
      return fails('two processes had the same lock at once');
    }
    other.kill();
    await other.ended;
    const start = Date.now();
    const third = await lockCache(root, stateDir, freedWithinMs);
    if (third === null) return fails('the lock of a killed process was not freed');
    third.release();
    return holds(
      `another process had it, this one was told so, and got it ${Date.now() - start} ms after the other was killed`,
    );
  },
};
