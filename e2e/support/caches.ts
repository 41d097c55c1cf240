import fs from 'node:fs';
import path from 'node:path';
import { have } from './have.ts';
import { du, sandbox, write } from './sandbox.ts';

/** A small npm cache at its default place, with modes, times and links that are easily lost. Its `_cacache`. */
export const writeNpmCache = (home: string): string => {
  const unit = path.join(home, '.npm', '_cacache');
  write(unit, {
    'index-v5/aa/bb/one': '\n0\t{}\n',
    'content-v2/sha512/11/22/33': 'content '.repeat(3000),
    'tmp/left': '',
    'read-only/file': 'x',
  });
  fs.linkSync(path.join(unit, 'index-v5/aa/bb/one'), path.join(unit, 'tmp', 'same'));
  fs.symlinkSync('../index-v5', path.join(unit, 'tmp', 'link'));
  fs.chmodSync(path.join(unit, 'tmp/left'), 0o4640);
  fs.chmodSync(path.join(unit, 'read-only'), 0o555);
  fs.utimesSync(path.join(unit, 'content-v2'), 1_600_000_000.123456, 1_600_000_000.123456);
  return unit;
};

/**
 * A `pkgs` of pip-tools with so many names that nobody misses its delete: most are hard links, which are made fast.
 * Its path.
 */
export const writeBigCache = (home: string, names: number): string => {
  const unit = path.join(home, '.cache', 'pip-tools', 'pkgs');
  for (let dir = 0; dir < names / 500; dir += 1) {
    const at = path.join(unit, String(dir));
    write(at, { '0': String(dir) });
    for (let link = 1; link < 500; link += 1) fs.linkSync(path.join(at, '0'), path.join(at, String(link)));
  }
  return unit;
};

/** A tree of 3000 names below `root`, nine of ten of them hard links: making so many files takes longer than clearing. */
export const manyFiles = (root: string): void => {
  for (let dir = 0; dir < 30; dir += 1) {
    const at = path.join(root, `index-v5/${dir}`);
    fs.mkdirSync(at, { recursive: true });
    for (let file = 0; file < 10; file += 1) {
      fs.writeFileSync(path.join(at, String(file)), `${dir}/${file}`);
      for (let link = 1; link < 10; link += 1)
        fs.linkSync(path.join(at, String(file)), path.join(at, `${file}-${link}`));
    }
  }
};

/** `du --apparent-size` of coreutils before 9.2 counts directories, later ones do not: what it says with them. */
export const duApparent = (root: string): number => {
  const counted = du(root, '--apparent-size');
  const empty = sandbox();
  if (du(empty, '--apparent-size') > 0) return counted;
  const directories = fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return [root, ...directories].reduce((sum, dir) => sum + fs.lstatSync(dir).size, counted);
};

/** The terminal door's guarantees are those of Linux; elsewhere other tests say what holds. */
export const linux = { skip: process.platform !== 'linux' };

/** A real program that these tests need: skipped with the reason in the name, failing on a build server. */
export const needs = (program: string, there: boolean) =>
  linux.skip ? { skip: true, note: '' } : have(program, there);
