import path from 'node:path';
import { lockPlaces } from '../../../../electron/core/usage/lock-places.ts';
import type { World } from './world.ts';

/** One system call of a trace (`strace -f -y`) that changes something in a world. */
export interface Call {
  readonly thread: string;
  /** As the system calls it: `rename`, `pwrite64`, … */
  readonly name: string;
  /**
   * What it is about, without what differs from run to run: `$STATE/history.db-wal`, `@/pkgs.stale-?`. The at sign is
   * a folder that is named by its handle.
   */
  readonly about: string;
  /** How many calls of that name this thread had made by then, this one included. */
  readonly nth: number;
  /** As `nth`, of those about the same thing. */
  readonly nthAbout: number;
}

export interface Trace {
  readonly calls: readonly Call[];
  /** Names of calls that are on no list: nobody knows yet whether they change something. */
  readonly unknown: readonly string[];
  /** Changes of things outside of the world, as `name of what`. */
  readonly elsewhere: readonly string[];
}

/** Calls that change what is on a disk, with where in their arguments the thing stands. */
const changing: Readonly<Record<string, 'path' | 'handle'>> = {
  ...{ open: 'path', openat: 'path', openat2: 'path', creat: 'path' },
  ...{ write: 'handle', pwrite64: 'handle', writev: 'handle', pwritev: 'handle', pwritev2: 'handle' },
  ...{ sendfile: 'handle', copy_file_range: 'handle', splice: 'handle' },
  ...{ fsync: 'handle', fdatasync: 'handle', sync_file_range: 'handle', syncfs: 'handle', msync: 'handle' },
  ...{ ftruncate: 'handle', fallocate: 'handle', truncate: 'path' },
  ...{ rename: 'path', renameat: 'path', renameat2: 'path', link: 'path', linkat: 'path' },
  ...{ symlink: 'path', symlinkat: 'path', unlink: 'path', unlinkat: 'path', rmdir: 'path' },
  ...{ mkdir: 'path', mkdirat: 'path', mknod: 'path', mknodat: 'path' },
  ...{ chmod: 'path', fchmodat: 'path', fchmodat2: 'path', chown: 'path', lchown: 'path', fchownat: 'path' },
  ...{ fchmod: 'handle', fchown: 'handle', utimensat: 'path', utime: 'path', utimes: 'path', futimesat: 'path' },
  ...{ setxattr: 'path', lsetxattr: 'path', removexattr: 'path', lremovexattr: 'path' },
  ...{ fsetxattr: 'handle', fremovexattr: 'handle' },
};

/** Calls that leave every disk as it is. A call that is on neither list fails the sweep until somebody has looked at it. */
const harmless = new Set(
  `access arch_prctl bind brk capget capset chdir clock_getres clock_gettime clock_nanosleep clone clone3 close
  close_range connect dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd2 execve exit
  exit_group faccessat faccessat2 fadvise64 fchdir fcntl flock fork fstat fstatfs futex get_mempolicy getcwd getdents64
  getegid geteuid getgid getgroups getpeername getpgrp getpid getppid getpriority getrandom getresgid getresuid
  getrlimit getrusage getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init1
  inotify_rm_watch io_uring_enter io_uring_register io_uring_setup ioctl kill lgetxattr listen lseek lstat madvise
  membarrier memfd_create mincore mlock mmap mprotect mremap munlock munmap nanosleep newfstatat pipe pipe2 poll ppoll
  prctl pread64 preadv preadv2 prlimit64 pselect6 read readlink readlinkat readv recvfrom recvmsg restart_syscall
  rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sched_getaffinity
  sched_getparam sched_getscheduler sched_setaffinity sched_yield select sendmmsg sendmsg sendto set_robust_list
  set_tid_address setgroups setitimer setpgid setpriority setrlimit setsid setsockopt shutdown sigaltstack socket
  socketpair stat statfs statx sysinfo tgkill timer_create timer_settime timerfd_create timerfd_settime umask uname
  vfork wait4 waitid`
    .trim()
    .split(/\s+/),
);

/** Our random names, and file handles of processes. */
const withoutChance = (text: string): string =>
  text
    .replace(/^\/proc\/(self|\d+)\/fd\/\d+\//, '@/')
    .replace(/\.(stale|deleting)-\d+-[0-9a-f]{16}/, '.$1-?')
    .replace(/\.\d+(-[0-9a-f]{8})?\.new(-journal)?$/, '.?.new$2')
    .replace(/\.[0-9a-f]{12}$/, '.?')
    .replace(/ \(deleted\)$/, '');

/** What an argument is called in every world. */
const placeIn = (world: World, text: string): string => {
  const [, ownLock] = lockPlaces(world.cache, world.state);
  const named = text === ownLock ? '$STATE/locks/the cache' : text.replace(world.state, '$STATE');
  return withoutChance(named.replace(world.home, '$HOME'));
};

/** What a call is about: its first path, the file behind its handle, or `folder:name`. */
const subject = (name: string, args: string): string | null => {
  if (changing[name] === 'handle') return /^\d+<([^>]*)>/.exec(args)?.[1] ?? null;
  const path = /"((?:[^"\\]|\\.)*)"/.exec(args)?.[1] ?? null;
  if (path === null || path.startsWith('/')) return path;
  const [, folder] = /^\d+<(\/[^>]*)>/.exec(args) ?? [];
  return folder === undefined ? path : `${folder}:${path}`;
};

const line = /^(\d+) +([a-z_0-9]+)\((.*)$/;
const makes = /\b(O_CREAT|O_TRUNC|O_TMPFILE)\b/;
const opens = new Set(['open', 'openat', 'openat2']);

/** Where Node keeps what it has compiled: see `Sweep`. */
export const compiledAt = ({ dir }: World): string => path.join(path.dirname(dir), 'compiled');

/** Reads a trace. Calls are numbered as strace counts them: in each thread, by name, and by name and path. */
export const readTrace = (log: string, world: World): Trace => {
  const calls: Call[] = [];
  const unknown = new Set<string>();
  const elsewhere = new Map<string, number>();
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const now = (counts.get(key) ?? 0) + 1;
    counts.set(key, now);
    return now;
  };
  for (const text of log.split('\n')) {
    const [, thread = '', name = '', args = ''] = line.exec(text) ?? [];
    if (name === '' || harmless.has(name)) continue;
    if (changing[name] === undefined) {
      unknown.add(name);
      continue;
    }
    const about = subject(name, args);
    const nth = count(`${thread} ${name}`);
    if (about === null) continue;
    const place = placeIn(world, about);
    const nthAbout = count(`${thread} ${name} ${place}`);
    if (opens.has(name) && !makes.test(args)) continue;
    if (/^(\$STATE|\$HOME|@)(\/|$)/.test(place)) calls.push({ thread, name, about: place, nth, nthAbout });
    else if (place.startsWith('/') && !/^\/(dev|proc)\//.test(place) && !about.startsWith(compiledAt(world))) {
      elsewhere.set(`${name} of ${place}`, (elsewhere.get(`${name} of ${place}`) ?? 0) + 1);
    }
  }
  return { calls, unknown: [...unknown], elsewhere: [...elsewhere.keys()] };
};

/** How many handles a process may have open, generously: a folder is named by any of them. */
const handles = 120;

/**
 * The paths by which strace finds the calls that are about one thing in this world. Empty: it has a name of chance, and
 * the call is found by its number among all of its name.
 */
export const pathsOf = (world: World, { about }: Pick<Call, 'about'>): readonly string[] => {
  const [, ownLock] = lockPlaces(world.cache, world.state);
  const [first = '', ...rest] = about.split('/');
  const last = rest.join('/');
  const name = last.includes('?') ? world.names.find((it) => withoutChance(it) === last) : last;
  if (name === undefined || (about.includes('?') && first !== '@')) return [];
  if (about === '$STATE/locks/the cache') return [ownLock];
  // A call that has a handle for the folder is found by that.
  if (about.includes(':')) return [(about.split(':')[0] ?? '').replace('$HOME', world.home)];
  if (first === '@') return Array.from({ length: handles }, (_, at) => `/proc/self/fd/${at + 3}/${name}`);
  return [about.replace('$STATE', world.state).replace('$HOME', world.home)];
};
