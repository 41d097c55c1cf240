import { isErrno } from '../fs/errno.ts';
import { showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';

/** A place that is asked about, by one of the paths that it is reached by. */
export interface Target {
  /** The path as it was asked. */
  readonly asked: string;
  /** A canonical path of it, read as latin1, so that one character is one byte. */
  readonly bytes: string;
}

/** What one process has to do with one target: the first thing found, and how many more there are. */
export interface Hit {
  readonly evidence: string;
  more: number;
}

/** What looking into one process gave, by the paths as asked. `blocked`: (a part of) it could not be looked into. */
export interface Look {
  readonly hits: Map<string, Hit>;
  blocked: boolean;
}

/** Added by the kernel to the path of what has been removed since (proc_pid_fd(5)). */
const deleted = ' (deleted)';

/** What follows the target's own path in `path`, or null when it is neither the target nor below it. */
const below = (path: string, target: string): string | null => {
  if (!path.startsWith(target)) return null;
  const rest = path.slice(target.length);
  return rest === '' || rest === deleted || rest.startsWith('/') ? rest : null;
};

const words = (what: string, rest: string): string => {
  const gone = rest.endsWith(deleted);
  const inside = gone ? rest.slice(0, -deleted.length) : rest;
  const shown = inside === '' ? '' : ` …${showRaw(Buffer.from(inside, 'latin1'))}`;
  return `${what}${shown}${gone ? ', deleted since' : ''}`;
};

const note = (look: Look, targets: readonly Target[], path: string, what: string): void => {
  for (const target of targets) {
    const rest = below(path, target.bytes);
    if (rest === null) continue;
    const hit = look.hits.get(target.asked);
    if (hit === undefined) look.hits.set(target.asked, { evidence: words(what, rest), more: 0 });
    else hit.more += 1;
  }
};

/** Runs one read. What has ended meanwhile has nothing open; anything else that fails leaves a blind spot. */
const attempt = <Result>(look: Look, read: () => Result): Result | null => {
  try {
    return read();
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ESRCH')) look.blocked = true;
    return null;
  }
};

const links = [
  ['cwd', 'working directory'],
  ['root', 'root directory'],
  ['exe', 'running program'],
] as const;

/**
 * Everything one process has to do with the targets: working directory, root, program, open files, mapped files
 * (proc(5)). One small read a step.
 */
export function* lookInto(pid: number, targets: readonly Target[]): Generator<void, Look> {
  const look: Look = { hits: new Map(), blocked: false };
  for (const [name, what] of links) {
    const path = attempt(look, () => fs.readlinkSync(`/proc/${pid}/${name}`, 'latin1'));
    if (look.blocked) return look;
    if (path !== null) note(look, targets, path, what);
    yield;
  }
  yield* openFiles(pid, targets, look);
  yield* mappedFiles(pid, targets, look);
  return look;
}

function* openFiles(pid: number, targets: readonly Target[], look: Look): Generator<void> {
  const directory = attempt(look, () => fs.opendirSync(`/proc/${pid}/fd`, { bufferSize: 128 }));
  if (directory === null) return;
  try {
    for (;;) {
      const entry = attempt(look, () => directory.readSync());
      if (entry === null) return;
      const path = attempt(look, () => fs.readlinkSync(`/proc/${pid}/fd/${entry.name}`, 'latin1'));
      if (path?.startsWith('/')) note(look, targets, path, 'open file');
      yield;
    }
  } finally {
    directory.closeSync();
  }
}

const chunk = Buffer.allocUnsafe(65_536);

function* mappedFiles(pid: number, targets: readonly Target[], look: Look): Generator<void> {
  const fd = attempt(look, () => fs.openSync(`/proc/${pid}/maps`, 'r'));
  if (fd === null) return;
  let rest = '';
  let before = '';
  try {
    for (;;) {
      const size = attempt(look, () => fs.readSync(fd, chunk, 0, chunk.length, null)) ?? 0;
      if (size === 0) return;
      const text = rest + chunk.toString('latin1', 0, size);
      let at = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        // Five fields without a slash come first, then the path, with each line feed in it as \012.
        const slash = text.indexOf('/', at);
        if (slash >= 0 && slash < end) {
          const path = text.slice(slash, end);
          // One file is mapped in several parts, one after the other.
          if (path !== before) note(look, targets, path.replaceAll('\\012', '\n'), 'mapped file');
          before = path;
        }
        at = end + 1;
      }
      rest = text.slice(at);
      yield;
    }
  } finally {
    fs.closeSync(fd);
  }
}
