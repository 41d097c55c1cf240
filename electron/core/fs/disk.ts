import { fs } from './seam.ts';

/**
 * Room on the file system that holds `path`, in bytes; `free` is what an ordinary user may still fill. Null where the
 * system does not tell.
 */
export const roomAt = async (path: string): Promise<{ readonly total: number; readonly free: number } | null> => {
  try {
    const { blocks, bavail, bsize } = await fs.promises.statfs(path);
    // Some file systems (of the kernel, of a cloud) know no size at all.
    return blocks > 0 ? { total: blocks * bsize, free: bavail * bsize } : null;
  } catch {
    return null;
  }
};
