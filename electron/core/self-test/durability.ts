import { isErrno, systemError } from '../fs/errno.ts';
import { isShared, mountOf, mounts } from '../fs/mounts.ts';
import { raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { type Finding, fails, holds, notHere, type Trial } from './ground.ts';

/** File systems in memory: what stands there is gone after a restart. */
const inMemory = new Set(['tmpfs', 'ramfs']);

/** What the place of the history promises, as words; `holds` false when it may lose what it has acknowledged. */
export const promiseOf = (stateDir: string): { readonly holds: boolean; readonly how: string } => {
  const mount = mountOf(raw(stateDir), mounts() ?? []);
  const type = mount?.type ?? null;
  if (type !== null && isShared(type)) {
    return { holds: false, how: `the history's place is on a ${type} file system, which may not keep its promises` };
  }
  if (type !== null && inMemory.has(type)) {
    return { holds: false, how: `the history's place is on a ${type} file system: it is gone after a restart` };
  }
  if (/eatmydata/.test(process.env['LD_PRELOAD'] ?? '')) {
    return { holds: false, how: 'this program runs under eatmydata, which makes fsync do nothing' };
  }
  return { holds: true, how: `SQLite, WAL, synchronous FULL${type === null ? '' : ` on ${type}`}` };
};

/** fsync of a folder, as after every rename. */
const syncs = (path: string): string | null => {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(fd);
    return null;
  } catch (thrown) {
    if (!isErrno(thrown, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw thrown;
    return systemError(thrown)?.code ?? 'it cannot';
  } finally {
    fs.closeSync(fd);
  }
};

export const durability: Trial = {
  name: 'what is written down survives a power cut',
  attempt: async ({ folder, stateDir }): Promise<Finding> => {
    if (process.platform === 'win32') return notHere('the system journals folders itself and lets nobody ask for it');
    for (const path of [folder, stateDir]) {
      const why = syncs(path);
      if (why !== null) return fails(`a folder cannot be made durable here (${why}): ${path}`);
    }
    const promise = promiseOf(stateDir);
    return promise.holds ? holds(`fsync of folders works; ${promise.how}`) : fails(promise.how);
  },
};
