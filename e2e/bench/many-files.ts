import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fewer than the 65,000 links that ext4 allows a file. */
const linksEach = 5_000;

/**
 * Makes a folder with `count` files in it, side by side: links to some hundred small files of different sizes, which
 * stand in `aside`. Linking takes a tenth of what making as many files takes, and who lists them sees no difference.
 */
export const makeManyFiles = (root: string, aside: string, count: number): void => {
  mkdirSync(root, { recursive: true });
  mkdirSync(aside, { recursive: true });
  const different = Math.ceil(count / linksEach);
  for (let one = 0; one < different; one += 1)
    writeFileSync(join(aside, String(one)), Buffer.alloc((one * 7919) % 40_000, 'cache '));
  for (let at = 0; at < count; at += 1)
    linkSync(join(aside, String(at % different)), join(root, `package-${(at * 7919) % count}-1.${at % 40}.${at}.tgz`));
};
