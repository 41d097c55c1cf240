import { constants } from 'node:fs';
import { basename } from 'node:path';
import { formatBytes } from '../../../shared/format.ts';
import { isErrno } from './errno.ts';
import { userWords } from './explain-names.ts';
import { type Scene, survey } from './explain-scene.ts';
import { isMountPoint, mountsBelow } from './mounts.ts';
import { raw, showRaw } from './raw.ts';
import { fs } from './seam.ts';

/** The root of every btrfs subvolume has this inode number (btrfs-subvolume(8)). */
const subvolumeRoot = 256;

/** EROFS: the whole mount, a snapshot on it, or a disk that the system gave up on. */
export const explainReadOnly = ({ mount, point, above, path, facts }: Scene): string | null => {
  if (mount === null) return null;
  if (mount.options.includes('ro')) {
    return `the file system at ${point} is mounted read-only: mount it writable, then try again`;
  }
  if (mount.type === 'btrfs') {
    const all = [...above, ...(facts === null ? [] : [{ path, facts }])];
    const snapshot = all.findLast((it) => Number(it.facts.identity.ino) === subvolumeRoot)?.path;
    if (snapshot) {
      return `it belongs to a read-only snapshot, ${showRaw(snapshot)}: btrfs property set … ro false makes that writable, btrfs subvolume delete removes it; then try again`;
    }
  }
  return `the file system at ${point} has become read-only, as after an error of its disk: look in the system's log, mount it writable, then try again`;
};

/**
 * Why nothing can be renamed in the folder that holds `path`, when the file system is read-only there; else null. A system call
 * tells, since a snapshot and a disk in trouble do not show in the mount table.
 */
export const readOnlyReason = (path: string): string | null => {
  const scene = survey(raw(path));
  const { parent } = scene;
  if (parent === null) return null;
  try {
    fs.accessSync(parent.path, constants.W_OK);
    return null;
  } catch (thrown) {
    return isErrno(thrown, 'EROFS') ? explainReadOnly(scene) : null;
  }
};

/** EXDEV: a mount that was not entered, a lower layer, a subvolume. */
export const explainAcross = ({ path, mounts, mount, point }: Scene): string | null => {
  if (isMountPoint(path, mounts)) {
    return 'something is mounted there, and what is mounted is not entered: unmount it, then try again';
  }
  if (mount?.type === 'overlay') {
    return `it belongs to a lower layer of an overlay (an image of a container) at ${point} and cannot be renamed in one step; nothing was copied. Clear it where that layer is made, or with the tool's own command`;
  }
  if (mount?.type === 'btrfs') {
    return `it belongs to another subvolume of the btrfs file system at ${point} and cannot be renamed in one step; nothing was copied. Clear it with the tool's own command`;
  }
  return null;
};

/** EBUSY: mounted on, mounted below, still open over a network, or used by the system. */
export const explainBusy = ({ path, mounts }: Scene): string => {
  const shown = showRaw(path);
  if (basename(shown).startsWith('.nfs')) {
    return 'a program still has it open over the network: it goes by itself when that program ends';
  }
  if (isMountPoint(path, mounts)) {
    return 'it is a mount point, which cannot be renamed or removed: unmount it, then try again';
  }
  const [inside] = mountsBelow(path, mounts);
  if (inside) {
    return `something is mounted inside it, at ${showRaw(Buffer.from(inside.point, 'latin1'))}: unmount that, then try again`;
  }
  return 'the system uses it (as swap space, as a disk, or as a mount of a container): end that, then try again';
};

/** ENOSPC: how much is free, and whether it is room or the number of files that ran out. */
export const explainFull = async ({ above, point }: Scene): Promise<string | null> => {
  const folder = above.at(-1);
  if (folder === undefined) return null;
  const { bavail, bsize, files, ffree } = await fs.promises.statfs(folder.path);
  const nextStep = 'free some there by other means, then try again';
  return files > 0 && ffree === 0
    ? `no more files fit on the file system at ${point} (${formatBytes(bavail * bsize)} free, but its table of files is full): ${nextStep}`
    : `no space is left on the file system at ${point} (${formatBytes(bavail * bsize)} free): ${nextStep}`;
};

export const explainQuota = ({ point }: Scene): string =>
  `the disk quota of ${userWords(process.geteuid?.() ?? -1)} on the file system at ${point} is used up: free something else there or have it raised, then try again`;

export const explainDevice = ({ point }: Scene): string =>
  `the device of the file system at ${point} reported an input/output error: look in the system's log and check that disk, then try again`;

export const explainStale = ({ mount, point }: Scene): string =>
  `the network file system at ${point}${mount ? ` (${mount.type})` : ''} lost it: it was removed or replaced on the server. Look again, then try again`;
