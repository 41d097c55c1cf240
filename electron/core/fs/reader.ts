import { constants, type Dir, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { systemError } from './errno.ts';
import { type Facts, kindOf, look } from './identity.ts';
import { fs } from './seam.ts';

export interface Child {
  readonly name: string;
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'link' | 'other';
}

const kind = (entry: Dirent): Child['kind'] =>
  entry.isDirectory() ? 'directory' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other';

const flags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOATIME ?? 0);

/** `usedMs`: when it was last written or read, in ms. */
export interface Glance {
  readonly kind: Child['kind'];
  readonly size: number;
  readonly mtimeMs: number;
  readonly usedMs: number;
}

/** Reading what a tool wrote: never follows a link, never waits for a pipe, leaves the time of last use as it was. */
export interface Reader {
  /** Children by name, sorted; an empty list when the directory is not there or cannot be read. */
  list(dir: string): readonly Child[];
  /** As `list`, one by one from the first few on: of very many children only each `atOnce` are sorted. */
  each(dir: string, atOnce?: number): Generator<Child>;
  /** The names alone, sorted: for very many folders whose children are looked at by themselves. */
  names(dir: string): readonly string[];
  facts(path: string): Facts | null;
  /** The few facts that very many files are asked for, in half the time. */
  glance(path: string): Glance | null;
  /** When it was last written or read, in ms: the later of mtime and atime. Null when nothing can be seen there. */
  lastUse(path: string): number | null;
  /** At most `limit` bytes from `offset`; null when it is not a readable regular file. */
  bytes(path: string, limit: number, offset?: number): Buffer | null;
  /** The whole file as UTF-8, or null when it cannot be read or is larger than `limit` bytes. */
  text(path: string, limit: number): string | null;
  /** What a symbolic link says, as it is written and not followed; null when it is none. */
  linkTarget(path: string): string | null;
  /** An open descriptor of a regular file, or null. The caller closes it with `close`. */
  open(path: string): number | null;
  close(fd: number): void;
}

const openAny = (path: string): number | null => {
  try {
    return fs.openSync(path, flags);
  } catch {
    try {
      // O_NOATIME is for the owner only (open(2)).
      return fs.openSync(path, flags & ~(constants.O_NOATIME ?? 0));
    } catch {
      return null;
    }
  }
};

const openFile = (path: string): number | null => {
  const fd = openAny(path);
  if (fd === null || fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  return null;
};

const readUpTo = (fd: number, limit: number, offset: number, whole: number): Buffer => {
  const size = Math.min(limit, Math.max(0, whole - offset));
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const got = fs.readSync(fd, buffer, filled, size - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
};

const childOf = (dir: string, entry: Dirent): Child => ({
  name: entry.name,
  path: join(dir, entry.name),
  kind: kind(entry),
});
const byName = (a: Child, b: Child): number => (a.name < b.name ? -1 : 1);

const sortedAtOnce = 10_000;

function* each(dir: string, atOnce = sortedAtOnce): Generator<Child> {
  let opened: Dir;
  try {
    opened = fs.opendirSync(dir, { bufferSize: 1024 });
  } catch {
    return;
  }
  try {
    let some: Child[] = [];
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
      some.push(childOf(dir, entry));
      if (some.length < atOnce) continue;
      yield* some.sort(byName);
      some = [];
    }
    yield* some.sort(byName);
  } finally {
    opened.closeSync();
  }
}

export const reader: Reader = {
  list(dir) {
    try {
      return fs
        .readdirSync(dir, { withFileTypes: true })
        .map((entry) => childOf(dir, entry))
        .sort(byName);
    } catch {
      return [];
    }
  },
  each,
  names(dir) {
    try {
      const names = fs.readdirSync(dir);
      return names.length > 1 ? names.sort() : names;
    } catch {
      return [];
    }
  },
  facts(path) {
    try {
      return look(path);
    } catch {
      return null;
    }
  },
  glance(path) {
    try {
      const stats = fs.lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return null;
      const { size, atimeMs, mtimeMs } = stats;
      return { kind: kindOf(stats), size, mtimeMs, usedMs: Math.max(atimeMs, mtimeMs) };
    } catch {
      return null;
    }
  },
  lastUse: (path) => reader.glance(path)?.usedMs ?? null,
  bytes(path, limit, offset = 0) {
    const fd = openAny(path);
    if (fd === null) return null;
    try {
      const stats = fs.fstatSync(fd);
      return stats.isFile() ? readUpTo(fd, limit, offset, stats.size) : null;
    } catch {
      return null;
    } finally {
      fs.closeSync(fd);
    }
  },
  text(path, limit) {
    const content = this.bytes(path, limit + 1);
    return content === null || content.length > limit ? null : content.toString('utf8');
  },
  linkTarget(path) {
    try {
      return fs.readlinkSync(path);
    } catch {
      return null;
    }
  },
  open: openFile,
  close: (fd) => fs.closeSync(fd),
};

/** Lists at most so many children of a directory, for who only asks what it is: it may hold a million. */
export const glancing = (read: Reader, most: number): Reader => ({
  ...read,
  list(dir) {
    const some: Child[] = [];
    for (const child of read.each(dir, most)) {
      some.push(child);
      if (some.length === most) break;
    }
    return some;
  },
});

/**
 * A configuration file as its own tool sees it: links are followed, because the tool follows them and people keep
 * such files elsewhere and link to them. Null when it is no readable regular file or is larger than `limit` bytes.
 * Never for anything inside a cache.
 */
export const configurationText = (path: string, limit: number): string | null => {
  let fd: number;
  try {
    fd = fs.openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const stats = fs.fstatSync(fd);
    return stats.isFile() && stats.size <= limit ? readUpTo(fd, limit, 0, stats.size).toString('utf8') : null;
  } catch {
    return null;
  } finally {
    fs.closeSync(fd);
  }
};

/** Why a directory cannot be looked into, in words; null when it can. */
export const unreadableReason = (path: string): string | null => {
  try {
    fs.accessSync(path, constants.R_OK | constants.X_OK);
    return null;
  } catch (thrown) {
    return systemError(thrown)?.message ?? String(thrown);
  }
};
