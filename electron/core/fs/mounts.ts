import { sep } from 'node:path';
import { type Raw, raw } from './raw.ts';
import { fs } from './seam.ts';

/** One line of /proc/self/mountinfo (proc(5)). `point` holds the path's bytes as latin1. */
export interface Mount {
  readonly id: number;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

export const parseMountinfo = (text: string): readonly Mount[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', right = ''] = line.split(' - ', 2);
      const fields = left.split(' ');
      return {
        id: Number(fields[0]),
        point: unescapeOctal(fields[4] ?? ''),
        type: right.split(' ')[0] ?? '',
        options: (fields[5] ?? '').split(','),
      };
    });

/**
 * Every mount of this process's namespace, or null where the system does not tell (macOS, Windows, no /proc): there
 * only the device number can show a boundary.
 */
export const mounts = (): readonly Mount[] | null => {
  try {
    return parseMountinfo(fs.readFileSync('/proc/self/mountinfo', 'latin1'));
  } catch {
    return null;
  }
};

const bytes = (path: string | Raw): string => (typeof path === 'string' ? raw(path) : path).toString('latin1');

/** Mounts that stand strictly below `path`. Finds bind mounts of the same file system, which no device number shows. */
export const mountsBelow = (path: string | Raw, all: readonly Mount[]): readonly Mount[] => {
  const prefix = bytes(path) + sep;
  return all.filter((mount) => mount.point.startsWith(prefix));
};

/** True when `path` itself is a mount point. */
export const isMountPoint = (path: string | Raw, all: readonly Mount[]): boolean => {
  const point = bytes(path);
  return all.some((mount) => mount.point === point);
};

/** The mount that a canonical path stands on: the longest point above it, the last of equals. */
export const mountOf = (path: string | Raw, all: readonly Mount[]): Mount | null => {
  const place = bytes(path);
  let best: Mount | null = null;
  for (const mount of all) {
    const above = mount.point === place || mount.point === sep || place.startsWith(mount.point + sep);
    if (above && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
};

const remote = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'virtiofs', 'ceph', 'afs', 'lustre', 'gpfs']);

/** File systems that other machines or other kernels write to as well: a process number says nothing there. */
export const isShared = (type: string): boolean => remote.has(type) || type.startsWith('fuse');

/** File systems made of the kernel's own data, where nothing is anybody's cache. */
const kernel = new Set([
  'proc',
  'sysfs',
  'devtmpfs',
  'devpts',
  'cgroup',
  'cgroup2',
  'securityfs',
  'debugfs',
  'tracefs',
]);
export const isKernel = (type: string): boolean => kernel.has(type);

/** The id of the mount that an open descriptor stands on (Linux), or null. */
export const mountIdOf = (fd: number): number | null => {
  try {
    const match = /^mnt_id:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
};
