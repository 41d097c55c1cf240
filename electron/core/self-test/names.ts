import { join } from 'node:path';
import { sameIdentity } from '../../../shared/identity.ts';
import { isErrno, systemError } from '../fs/errno.ts';
import { DirectoryHandle } from '../fs/handle.ts';
import { look } from '../fs/identity.ts';
import { joinRaw, type Raw, raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { type Finding, fails, holds, notHere, type Trial } from './ground.ts';

/** Three names that every decoder shows as one: `c` and a byte that is no UTF-8. */
const alike = [0xe8, 0xe9, 0xff].map((byte) => Buffer.from([0x63, byte]));

/** A rename onto a folder that is not empty must be refused, and one that happens keeps the very same thing. */
const renames = async (parent: DirectoryHandle, folder: string): Promise<string | null> => {
  const names = ['whole', 'aside', 'full'].map(raw) as [Raw, Raw, Raw];
  for (const name of ['whole', 'full']) {
    fs.mkdirSync(join(folder, name));
    fs.writeFileSync(join(folder, name, 'file'), name);
  }
  const before = await parent.look(names[0]);
  const merged = await parent.rename(names[0], names[2]).then(
    () => true,
    (thrown: unknown) => {
      if (!isErrno(thrown, 'ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES')) throw thrown;
      return false;
    },
  );
  if (merged) return 'a rename replaced a folder that was not empty';
  await parent.rename(names[0], names[1]);
  const after = await parent.look(names[1]);
  if (before === null || after === null || !sameIdentity(before.identity, after.identity)) {
    return 'a renamed folder was another one afterwards';
  }
  return (await parent.look(names[0])) === null ? null : 'a renamed folder stood at both names';
};

const bytes = async (parent: DirectoryHandle, at: Raw): Promise<Finding> => {
  try {
    for (const name of alike) fs.mkdirSync(joinRaw(at, name));
  } catch (thrown) {
    const why = systemError(thrown)?.code ?? String(thrown);
    return holds(`a rename moves the very same folder and replaces none; names are always text here (${why})`);
  }
  const identities = alike.map((name) => look(joinRaw(at, name))?.identity);
  const [first, second, third] = alike as [Raw, Raw, Raw];
  const aside = Buffer.concat([second, raw('.stale')]);
  await parent.rename(second, aside);
  const now = [first, aside, third].map((name) => look(joinRaw(at, name))?.identity);
  const kept = identities.every((identity, index) => {
    const other = now[index];
    return identity !== undefined && other !== undefined && sameIdentity(identity, other);
  });
  const listed = fs.readdirSync(at, { encoding: 'buffer' });
  return kept && listed.some((name) => name.equals(aside))
    ? holds(
        'a rename moves the very same folder and replaces none; of three names that read alike, the one that is meant',
      )
    : fails('of three names that read alike, another one was renamed');
};

export const namesAreBytes: Trial = {
  name: 'a rename is one step, and names are bytes',
  attempt: async ({ folder }) => {
    if (process.platform === 'win32') return notHere('names are text on this system');
    const parent = await DirectoryHandle.open(raw(folder));
    try {
      const wrong = await renames(parent, folder);
      return wrong === null ? await bytes(parent, raw(folder)) : fails(wrong);
    } finally {
      await parent.close();
    }
  },
};
