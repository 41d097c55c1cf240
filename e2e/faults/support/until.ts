import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so. Throws with `what` when that takes too long (30 s). */
export const until = async (isSo: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(20);
  }
};
