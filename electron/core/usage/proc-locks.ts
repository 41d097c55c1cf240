import { mountOf, mounts } from '../fs/mounts.ts';
import { reader } from '../fs/reader.ts';
import { fs } from '../fs/seam.ts';

/** One line of /proc/locks (proc_locks(5)): a lock that is held, not one that is waited for. */
export interface KernelLock {
  readonly kind: 'flock' | 'posix' | 'other';
  readonly access: 'read' | 'write';
  /** Who took it; 0 when that is a process outside of this container. A flock may live on in who inherited it. */
  readonly pid: number;
  /** `major:minor` of the device, in hexadecimal digits. */
  readonly device: string;
  readonly ino: string;
}

const kinds: { readonly [word: string]: KernelLock['kind'] } = { FLOCK: 'flock', POSIX: 'posix', OFDLCK: 'posix' };

/** Parses the text of /proc/locks. Lines of who waits (`->`) and lines that make no sense are left out. */
export const parseLocks = (text: string): readonly KernelLock[] =>
  text.split('\n').flatMap((line) => {
    const [, kind = '', , access, pid, place = ''] = line.trim().split(/\s+/);
    const [major, minor, ino] = place.split(':');
    if (ino === undefined || (access !== 'READ' && access !== 'WRITE') || !/^-?\d+$/.test(pid ?? '')) return [];
    return [
      {
        kind: kinds[kind] ?? ('other' as const),
        access: access === 'READ' ? ('read' as const) : ('write' as const),
        pid: Math.max(0, Number(pid)),
        device: `${major}:${minor}`,
        ino,
      },
    ];
  });

/** Every lock on a file of this machine, or null where the system does not tell (macOS, Windows, no /proc). */
export const kernelLocks = (): readonly KernelLock[] | null => {
  try {
    return parseLocks(fs.readFileSync('/proc/locks', 'latin1'));
  } catch {
    return null;
  }
};

/** A device number of stat(2) as /proc/locks writes it (the kernel's new_encode_dev, include/linux/kdev_t.h). */
const deviceText = (dev: number): string => {
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  return `${hex((dev >>> 8) & 0xfff)}:${hex(((dev >>> 12) & 0xfff00) | (dev & 0xff))}`;
};

/** btrfs and overlays show programs another device number than the one that the kernel's own tables hold. */
const renumbered: ReadonlySet<string> = new Set(['btrfs', 'overlay']);

const hasOpen = (pid: number, dev: number | string, ino: number | string): boolean | null => {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((name) => {
      try {
        const stats = fs.statSync(`/proc/${pid}/fd/${name}`, { bigint: true });
        return String(stats.dev) === String(dev) && String(stats.ino) === String(ino);
      } catch {
        return false;
      }
    });
  } catch {
    return null;
  }
};

/**
 * The locks that are held on the file at `path` now, of whichever process, looked at without touching it. Empty when
 * nothing is there. Needs no rights on the file. On btrfs and overlays a lock that cannot be told apart from one of
 * another file with the same inode number counts.
 */
export const locksOn = (path: string, all: readonly KernelLock[]): readonly KernelLock[] => {
  const facts = reader.facts(path);
  if (facts === null) return [];
  const { dev, ino } = facts.identity;
  const near = all.filter((lock) => lock.ino === String(ino));
  if (near.length === 0) return [];
  const device = deviceText(Number(dev));
  const exact = near.filter((lock) => lock.device === device);
  if (exact.length === near.length) return near;
  const type = mountOf(path, mounts() ?? [])?.type ?? '';
  if (!renumbered.has(type)) return exact;
  return near.filter((lock) => lock.device === device || (lock.pid > 0 ? hasOpen(lock.pid, dev, ino) : null) !== false);
};
