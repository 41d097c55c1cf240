import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { canUnshare, has, isRoot, onLinux } from '../../support/sandbox.ts';

/** Something that a row needs of its machine, in words, and whether it is there. */
export interface Need {
  readonly what: string;
  readonly isThere: () => boolean;
}

/** Each is looked at once a run. */
const once = (isThere: () => boolean): (() => boolean) => {
  let known: boolean | null = null;
  return () => {
    known ??= isThere();
    return known;
  };
};

const need = (what: string, isThere: () => boolean): Need => ({ what, isThere: once(isThere) });

export const linux: Need = need('Linux', () => onLinux);

export const root: Need = need('root', () => isRoot);

/** Mounts that nobody else sees: {@link Box.mount}. */
export const namespaces: Need = need('mount namespaces (root, and not a plain chroot)', () => canUnshare);

/** A command on the PATH. */
export const command = (name: string): Need => need(`the command ${name}`, () => has(name));

/** strace that may trace: not so in many containers. */
export const strace: Need = need(
  'a strace that may trace',
  () => has('strace') && spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0,
);

/** A kernel that has this file system, built in or as a module. */
export const fileSystem = (type: string): Need =>
  need(`a kernel with the file system ${type}`, () => {
    if (!onLinux) return false;
    spawnSync('modprobe', ['-q', type]);
    return new RegExp(`\\b${type}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'));
  });

export const device = (path: string): Need => need(`the device ${path}`, () => existsSync(path));
