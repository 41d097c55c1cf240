import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export const isRoot = process.geteuid?.() === 0;
export const onLinux = process.platform === 'linux';

/** True when a command is on the PATH. */
export const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Whether mounts can be made in a namespace of their own: not without root, nor in a plain chroot. */
export const canUnshare = onLinux && isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;

/**
 * For tests that need something a machine may lack: skipped with the reason in their name, but never in CI, where
 * what they need has been installed.
 */
export const missing = (lacks: boolean): boolean => lacks && !process.env['CI'];

/** A fresh folder of its own, removed when the test ends whatever it holds by then. */
export const sandbox = (): string => {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cache-inspector-test-')));
  onTestFinished(() => {
    spawnSync('chmod', ['-R', 'u+rwX', dir]);
    execFileSync('rm', ['-rf', '--one-file-system', dir]);
  });
  return dir;
};

/** Writes files by relative path; directories are made on the way. */
export const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
};

/** Three directories with three files each, as in the fault matrix. */
export const smallTree = (root: string): void => {
  for (const dir of ['a', 'b', 'c']) write(root, { [`${dir}/0`]: '0', [`${dir}/1`]: '11', [`${dir}/2`]: '222' });
};

/** Everything about a tree that an undo must bring back: names, kinds, modes, times, link counts, contents. */
export const fingerprint = (root: string): string => {
  const lines: string[] = [];
  const visit = (at: string): void => {
    const stats = fs.lstatSync(at, { bigint: true });
    const content = stats.isFile()
      ? createHash('sha256').update(fs.readFileSync(at)).digest('hex')
      : stats.isSymbolicLink()
        ? fs.readlinkSync(at)
        : '';
    lines.push([path.relative(root, at), stats.mode, stats.mtimeNs, stats.nlink, stats.ino, content].join(' '));
    if (stats.isDirectory()) for (const name of fs.readdirSync(at).sort()) visit(path.join(at, name));
  };
  visit(root);
  return lines.join('\n');
};

/** What stands beside a path: how a clear that leaves something behind is noticed. */
export const siblings = (at: string): readonly string[] =>
  fs
    .readdirSync(path.dirname(at))
    .filter((name) => name !== path.basename(at))
    .sort();

export const du = (at: string, ...flags: readonly string[]): number =>
  Number(execFileSync('du', ['-s', '-B1', ...flags, at], { encoding: 'utf8' }).split('\t')[0]);
