import { createHash } from 'node:crypto';
import { fs } from '../../../fs/seam.ts';

/** What a file holds; null when its mode forbids this user to read it. */
const contentOf = (at: Buffer): string | null => {
  try {
    return createHash('sha256').update(fs.readFileSync(at)).digest('hex');
  } catch {
    return null;
  }
};

/**
 * Everything of a tree that must not change while it is whole: names as bytes, kinds, modes, times, sizes, contents,
 * inodes, and how many names each file has.
 */
export const print = (root: string): string => {
  const hash = createHash('sha256');
  let things = 0;
  const visit = (at: Buffer, shown: Buffer): void => {
    const stats = fs.lstatSync(at, { bigint: true });
    things += 1;
    const isFile = stats.isFile();
    const content = isFile ? contentOf(at) : stats.isSymbolicLink() ? fs.readlinkSync(at, 'latin1') : '';
    // Pipes and sockets have other names elsewhere, as tests make them.
    const links = isFile ? stats.nlink : '';
    hash.update(shown).update(`\0${[stats.mode, stats.mtimeNs, stats.size, links, stats.ino, content].join(' ')}\0`);
    if (!stats.isDirectory()) return;
    for (const name of fs.readdirSync(at, { encoding: 'buffer' }).sort(Buffer.compare)) {
      visit(Buffer.concat([at, Buffer.from('/'), name]), Buffer.concat([shown, Buffer.from('/'), name]));
    }
  };
  visit(Buffer.from(root), Buffer.alloc(0));
  return `${things} things, ${hash.digest('hex').slice(0, 16)}`;
};

/** The same, or null when nothing stands there. */
export const printIfThere = (root: string): string | null =>
  fs.lstatSync(root, { throwIfNoEntry: false }) === undefined ? null : print(root);
