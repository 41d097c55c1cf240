import type { Raw } from './raw.ts';
import { fs } from './seam.ts';

/** What statfs(2) calls an overlay (linux/magic.h). */
const overlay = 0x79_4c_76_30;

/**
 * Whether a time of birth stays what it is there. Not on an overlay: the first change to a thing of a lower layer, a
 * rename for one, makes a new one of it in the upper, under the same inode number.
 */
export const keepsBirths = (path: string | Raw): boolean => {
  try {
    return fs.statfsSync(path).type !== overlay;
  } catch {
    // Then the inode alone has to do.
    return false;
  }
};
