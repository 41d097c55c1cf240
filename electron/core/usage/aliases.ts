import { fs } from '../fs/seam.ts';

/** One line of mountinfo (proc_pid_mountinfo(5)). Paths hold their bytes as latin1. */
export interface Mounted {
  readonly device: string;
  /** Which directory of the file system is shown there. */
  readonly root: string;
  readonly point: string;
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The mounts that process `pid` sees; null when the system does not tell. */
export const mountsSeenBy = (pid: number | 'self'): readonly Mounted[] | null => {
  try {
    const text = fs.readFileSync(`/proc/${pid}/mountinfo`, 'latin1');
    return text
      .split('\n')
      .map((line) => line.split(' '))
      .filter((fields) => fields.length > 4)
      .map(([, , device = '', root = '', point = '']) => ({
        device,
        root: unescapeOctal(root),
        point: unescapeOctal(point),
      }));
  } catch {
    return null;
  }
};

/** What follows `top` in `path`, '' or from a slash on; null when `path` is not `top` or below it. */
const below = (path: string, top: string): string | null => {
  if (top === '/') return path === '/' ? '' : path;
  return path === top || path.startsWith(`${top}/`) ? path.slice(top.length) : null;
};

const join = (top: string, rest: string): string => (top === '/' && rest !== '' ? rest : top + rest);

/** The mount that `path` is seen on: the longest point above it, the last of equals, which covers the others. */
const mountAt = (path: string, all: readonly Mounted[]): Mounted | null => {
  let best: Mounted | null = null;
  for (const mount of all) {
    if (below(path, mount.point) !== null && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
};

/**
 * Every path by which a directory that is `path` among `mine` can be reached among `theirs`: bind mounts and
 * containers show one directory under several names, and the links in /proc give the name that was used. Includes
 * mounts of something inside it. Empty when it cannot be reached. Pure.
 */
export const aliasesOf = (path: string, mine: readonly Mounted[], theirs: readonly Mounted[]): readonly string[] => {
  const home = mountAt(path, mine);
  if (home === null) return [];
  const inside = join(home.root, below(path, home.point) ?? '');
  const aliases = new Set<string>();
  for (const mount of theirs) {
    if (mount.device !== home.device) continue;
    const rest = below(inside, mount.root);
    const alias = rest !== null ? join(mount.point, rest) : below(mount.root, inside) !== null ? mount.point : null;
    if (alias !== null && mountAt(alias, theirs) === mount) aliases.add(alias);
  }
  return [...aliases];
};

/** Where a container shows a place that is asked about. */
export interface Bind {
  readonly point: string;
  /** The place, a part of it, or its cache, was mounted on purpose; false: a folder somewhere above was. */
  readonly isChosen: boolean;
}

/** What is the same in both was there when the other namespace was made. */
const isInherited = (mount: Mounted, mine: readonly Mounted[]): boolean =>
  mine.some(({ device, root, point }) => device === mount.device && root === mount.root && point === mount.point);

/**
 * Where another namespace, `theirs`, has something mounted on what stands at `path`, or in it. A rename here takes such
 * a mount along, and a delete takes it away there. Pure.
 */
export const coversOf = (path: string, mine: readonly Mounted[], theirs: readonly Mounted[]): readonly string[] => {
  const home = mountAt(path, mine);
  if (home === null) return [];
  const inside = join(home.root, below(path, home.point) ?? '');
  const covers = theirs.filter((mount) => {
    if (isInherited(mount, mine)) return false;
    const { point } = mount;
    const under = mountAt(
      point,
      theirs.filter((other) => other.point !== point),
    );
    if (under === null || under.device !== home.device) return false;
    return below(join(under.root, below(point, under.point) ?? ''), inside) !== null;
  });
  return [...new Set(covers.map(({ point }) => point))];
};

/**
 * The mounts of another namespace, `theirs`, that show what stands at `path` in the cache at `root`, and were made
 * there: what they share with `mine` was only inherited when the namespace was made. Pure.
 */
export const bindsOf = (
  path: string,
  root: string,
  mine: readonly Mounted[],
  theirs: readonly Mounted[],
): readonly Bind[] => {
  const home = mountAt(path, mine);
  if (home === null) return [];
  const inside = join(home.root, below(path, home.point) ?? '');
  const cache = mountAt(root, mine) === home ? join(home.root, below(root, home.point) ?? '') : inside;
  return theirs.flatMap((mount): readonly Bind[] => {
    if (mount.device !== home.device || mountAt(mount.point, theirs) !== mount) return [];
    if (isInherited(mount, mine)) return [];
    const { point } = mount;
    if (below(mount.root, inside) !== null) return [{ point, isChosen: true }];
    if (below(inside, mount.root) === null) return [];
    return [{ point, isChosen: below(mount.root, cache) !== null }];
  });
};
