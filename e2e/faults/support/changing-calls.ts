import { readFileSync } from 'node:fs';

/** System calls that change what a path leads to; an architecture may lack some. Of opens, those that write or make. */
const changing = [
  ...['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir', 'mkdir', 'mkdirat', 'mknod', 'mknodat'],
  ...['link', 'linkat', 'symlink', 'symlinkat', 'truncate', 'chmod', 'fchmodat', 'fchmodat2', 'chown', 'lchown'],
  ...['fchownat', 'utime', 'utimes', 'utimensat', 'futimesat', 'setxattr', 'lsetxattr', 'removexattr', 'lremovexattr'],
  ...['mount', 'umount2', 'creat'],
];
const opening = ['open', 'openat', 'openat2'];

/** Words before a program, by which every such call of it, its threads and its helpers is written to `log`. */
export const tracingChanges = (log: string): readonly string[] => [
  ...['env', 'NODE_DISABLE_COMPILE_CACHE=1', 'strace', '-f', '-qq', '-s', '4096', '-o', log],
  ...['-e', `trace=${[...changing, ...opening].map((call) => `?${call}`).join(',')}`, '-e', 'signal=none'],
];

const isChange = (line: string): boolean => {
  const [, call = ''] = /^\d+\s+(\w+)\(/.exec(line) ?? [];
  if (opening.includes(call)) return /O_(?:WRONLY|RDWR|CREAT|TRUNC)/.test(line) && !line.includes('"/dev/null"');
  return changing.includes(call);
};

/**
 * Every call of a log that changed something, or tried to, outside of these folders. A call whose paths are relative to
 * an open folder counts as outside.
 */
export const changingCalls = (log: string, but: readonly string[]): readonly string[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter(isChange)
    .filter((line) => {
      const paths = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = '']) => path);
      return !paths.every((path) => but.some((folder) => path === folder || path.startsWith(`${folder}/`)));
    });
