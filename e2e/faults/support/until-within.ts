import { setTimeout as sleep } from 'node:timers/promises';

/** As `until`, for what may take longer: throws with `what` when it is not so within `ms`. */
export const untilWithin = async (ms: number, isSo: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(20);
  }
};
