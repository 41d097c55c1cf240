import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const perDirectory = 69;
const perLevel = 64;

/** Mostly small, some middling, a few large: how caches of packages look. Always the same for the same file. */
const sizeOf = (file: number): number => {
  const mixed = (file * 2_654_435_761) % 4_294_967_296;
  if (mixed % 100 === 0) return 40_000;
  return mixed % 10 === 0 ? mixed % 16_000 : mixed % 3_000;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Makes a tree of `files` files below `root`, which must not exist: 69 in each directory of the second level, as in
 * npm's and pip's content stores. 300,000 files are 4,348 such directories and some 1.4 GB on ext4.
 */
export const makeTree = (root: string, files: number): void => {
  const content = Buffer.alloc(40_000, 'cache ');
  mkdirSync(root);
  let directory = '';
  for (let file = 0; file < files; file += 1) {
    if (file % perDirectory === 0) {
      const number = file / perDirectory;
      directory = join(root, hex(number % perLevel, 2), hex(Math.floor(number / perLevel), 3));
      mkdirSync(directory, { recursive: true });
    }
    writeFileSync(join(directory, hex(file * 7919, 12)), content.subarray(0, sizeOf(file)));
  }
};
