import { join } from 'node:path';
import { look } from '../fs/identity.ts';
import { joinRaw, raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';

/** Writes a tree of small files: `files` in each of the folders. */
export const plant = (root: string, folders: readonly string[], files: number): void => {
  for (const folder of folders) {
    fs.mkdirSync(join(root, folder), { recursive: true });
    for (let file = 0; file < files; file += 1) fs.writeFileSync(join(root, folder, `${file}`), `${folder}/${file}`);
  }
};

/** As {@link plant}, with names of one file: they are made faster, and take as long to delete. */
export const plantNames = (root: string, folders: readonly string[], names: number): void => {
  fs.mkdirSync(root, { recursive: true });
  const file = join(root, 'file');
  fs.writeFileSync(file, 'of many names');
  for (const folder of folders) {
    fs.mkdirSync(join(root, folder));
    for (let name = 0; name < names; name += 1) fs.linkSync(file, join(root, folder, `${name}`));
  }
};

/** Every name below a folder with its kind, size, inode and time: equal texts are the same tree. Links are not followed. */
export const inventory = (root: string): string => {
  const lines: string[] = [];
  const visit = (at: Buffer): void => {
    const facts = look(at);
    if (facts === null) return;
    const { kind, identity, size, mode, mtimeMs } = facts;
    // A folder's own time is that of the last change in it.
    lines.push([showRaw(at), kind, identity.ino, kind === 'directory' ? '' : size, mode, mtimeMs].join(' '));
    if (kind !== 'directory') return;
    for (const name of fs.readdirSync(at, { encoding: 'buffer' }).sort(Buffer.compare)) visit(joinRaw(at, name));
  };
  visit(raw(root));
  return lines.join('\n');
};
