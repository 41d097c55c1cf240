import { CodedError } from '../../../shared/errors.ts';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { isErrno } from '../fs/errno.ts';
import type { DirectoryHandle } from '../fs/handle.ts';
import type { Raw } from '../fs/raw.ts';

/** Puts what stands aside back to its place. Where a new one stands there by now, it stays aside. */
export const putBack = async (parent: DirectoryHandle, stale: Raw, name: Raw): Promise<void> => {
  if ((await parent.look(name)) !== null) return;
  try {
    await parent.rename(stale, name);
  } catch (thrown) {
    if (!isErrno(thrown, 'ENOTEMPTY', 'EEXIST')) throw thrown;
  }
};

/**
 * P3: the rename, made durable, and the proof that what was renamed is what was meant. Whatever goes wrong after the
 * rename puts the thing back, so that it is whole at its place when this throws.
 */
export const renameAside = async (
  parent: DirectoryHandle,
  name: Raw,
  stale: Raw,
  identity: Identity,
): Promise<void> => {
  try {
    await parent.rename(name, stale);
  } catch (thrown) {
    // A network file system can lose the reply of a rename that happened: only the inode tells.
    const isIt = async (at: Raw): Promise<boolean> => {
      const facts = await parent.look(at);
      return facts !== null && sameIdentity(facts.identity, identity);
    };
    if (!(await isIt(stale))) {
      if (!isErrno(thrown, 'ENOENT') || !(await isIt(name))) throw thrown;
      const message = 'the system said that it is gone, but it stands there: nothing was touched. Try again';
      throw new CodedError({ code: 'io', detail: 'ENOENT', message });
    }
  }
  try {
    const moved = await parent.look(stale);
    if (moved === null || !sameIdentity(moved.identity, identity)) {
      throw new CodedError({
        code: 'changed',
        message: 'Something else was put there at that very moment; it has been put back.',
      });
    }
    await parent.sync();
  } catch (thrown) {
    await putBack(parent, stale, name);
    throw thrown;
  }
};
