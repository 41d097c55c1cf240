import { fs } from '../fs/seam.ts';

/** One line of mountinfo (proc_pid_mountinfo(5)). Paths hold their bytes as latin1. */
interface Mounted {
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
