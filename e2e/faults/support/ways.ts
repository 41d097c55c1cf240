import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../support/program.ts';
import type { Need } from './needs.ts';

// Words that stand before the program and bring a fault about: for `box.run`, or as `through` of `inspect`.

/** Runs what follows as a user without rights: nothing but root ignores modes. See `Box.become`. */
export const nobody = 65_534;
export const asNobody: readonly string[] = [
  'setpriv',
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  '--clear-groups',
  '--inh-caps=-all',
];

/** The user without rights must be able to read this checkout and to run its Node. */
export const ordinaryUser: Need = {
  what: 'an ordinary user who can run this checkout',
  isThere: () => {
    const [command = '', ...rest] = [...asNobody, ...program, '--version'];
    return spawnSync(command, rest, { cwd: '/' }).status === 0;
  },
};

/** strace's fault injection, one for each: `rename:error=EXDEV`, `unlink,unlinkat:error=EIO:when=3`. */
const injection = (text: string): readonly string[] => {
  const [calls = '', ...how] = text.split(':');
  // An architecture may lack a call (arm64 has no rename): `?` says that this is fine.
  const names = calls.split(',').map((call) => (call.startsWith('?') ? call : `?${call}`));
  return ['-e', `inject=${names.join(',')}:${how.join(':')}`];
};

/**
 * Runs what follows, its threads and helpers with these system calls failing, delayed or deadly: strace's
 * `-e inject=`. `when=` counts in each thread by itself, so the program's pool has one thread only. Making the
 * history takes such calls too: `box.begun()` first, where they are not meant.
 */
export const underStrace = (...injections: readonly string[]): readonly string[] => {
  const calls = injections.flatMap((text) => text.split(':')[0]?.split(',') ?? []);
  const traced = [...new Set(calls)].map((call) => (call.startsWith('?') ? call : `?${call}`));
  return [
    ...['env', 'UV_THREADPOOL_SIZE=1', 'NODE_DISABLE_COMPILE_CACHE=1', 'strace', '-f', '-qq', '-o', '/dev/null'],
    ...['-e', `trace=${traced.join(',')}`, '-e', 'signal=none'],
    ...injections.flatMap(injection),
  ];
};

/** Runs what follows with limits of the shell: `-n 40`, `-v 1000000`. */
export const withLimit = (...limit: readonly string[]): readonly string[] => [
  'sh',
  '-ec',
  `ulimit ${limit.join(' ')}; exec "$@"`,
  'sh',
];

/**
 * Compiles a library and gives the words that put it before the C library. Written without a header, so that a
 * compiler is all it takes.
 */
export const withLibrary = (folder: string, source: string): readonly string[] => {
  const [c, library] = [join(folder, 'library.c'), join(folder, 'library.so')];
  writeFileSync(c, source);
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-nostdlib', '-o', library, c]);
  if (status !== 0) throw new Error(stderr.toString());
  return ['env', `LD_PRELOAD=${library}`];
};

/** Fills the file system on which a folder stands, so that not one block is free. Words of a shell. */
export const fillDisk = (folder: string): string =>
  `dd if=/dev/zero of='${folder}/filler' bs=64k 2>/dev/null || true; dd if=/dev/zero of='${folder}/crumbs' bs=1 2>/dev/null || true`;
