import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/**
 * What is looked at of every thing in a tree: its depth, inode, kind, mode, owner, size, links and time, where a link
 * leads, its name. By find(1), which goes into any depth, and through names that are no text.
 */
const print = '%d %i %y %m %U %s %n %T@ %l %f\\0';
/** Of the folders in which a clear renames things, all but what a rename in them changes. */
const printRenamedIn = '%d %i %y %m %U %l %f\\0';

export interface Look {
  /** Words before the command: the mount namespace in which the tree is to be seen. */
  readonly through?: readonly string[];
  /** Paths that do not count. A `*` in their last name stands for anything. */
  readonly but?: readonly string[];
  /** Folders in which names come and go. */
  readonly renamedIn?: readonly string[];
}

const literally = (path: string): string => path.replace(/[[\]?\\]/g, '\\$&');

const words = (root: string, { but = [], renamedIn = [] }: Look): readonly string[] => [
  'find',
  root,
  ...but.flatMap((path) => ['-path', literally(path), '-prune', '-o']),
  ...renamedIn.flatMap((path) => ['-path', literally(path), '-printf', printRenamedIn, '-o']),
  '-printf',
  print,
];

const ends = Buffer.from([0]);

/**
 * One line for a tree, equal exactly when nothing in it has changed: no thing, no name, no mode, no time, no inode. The
 * root's own name does not count, so that a tree that was renamed stays equal. Null when there is no such tree.
 */
export const fingerprintOf = (root: string, look: Look = {}): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const [command = '', ...rest] = [...(look.through ?? []), ...words(root, look)];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const told = Buffer.concat(chunks);
      if (code !== 0) {
        if (told.length === 0 && said.includes('No such file')) return resolve(null);
        return reject(new Error(`${root} cannot be looked at: ${said}`));
      }
      resolve(digest(told, basename(root)));
    });
  });

/** The order in which a directory lists its names is no property of it, nor is what the root itself is called. */
const digest = (told: Buffer, name: string): string => {
  const hash = createHash('sha256');
  const lines: Buffer[] = [];
  for (let at = 0; at < told.length; ) {
    const end = told.indexOf(ends, at);
    lines.push(told.subarray(at, end));
    at = end + 1;
  }
  const [top = Buffer.alloc(0), ...below] = lines;
  hash.update(top.subarray(0, top.length - Buffer.byteLength(name)));
  for (const line of below.sort(Buffer.compare)) hash.update(line).update(ends);
  return `${lines.length} things, ${hash.digest('hex')}`;
};
