import { join } from 'node:path';
import type { Kept } from '../../../shared/model.ts';
import { raw, showRaw } from '../fs/raw.ts';
import type { Child, Reader } from '../fs/reader.ts';
import { childrenOf } from './decode/walk.ts';
import type { UnitDefinition } from './tool.ts';

const show = (name: string): string => `“${showRaw(raw(name))}”`;

/** Where a unit stands; `.` is the root itself. */
export const unitPath = (root: string, unit: UnitDefinition): string => join(root, ...unit.name.split('/'));

/** What version control keeps its own in. */
export const versionControl = ['.git', '.hg', '.svn', '.jj'];

/** A sentence when version control holds this folder, whoever's it is; null otherwise. */
export const workingCopy = (children: readonly Child[]): string | null => {
  const found = children.find((child) => versionControl.includes(child.name.toLowerCase()));
  return found === undefined ? null : `It holds ${show(found.name)}, so it is somebody's work and not a cache.`;
};

/** A sentence that names the first child which a tool would not have put there; null when there is none. */
export const stranger = (
  children: readonly Child[],
  belongs: (child: Child) => boolean,
  what: string,
): string | null => {
  const found = children.find((child) => !belongs(child));
  return found === undefined ? null : `It holds ${show(found.name)}, which is not ${what}.`;
};

/** What desktops and file managers leave in any folder they have shown. */
export const litter = (child: Child): boolean =>
  child.kind === 'file' && ['.DS_Store', 'Thumbs.db', 'desktop.ini', 'CACHEDIR.TAG'].includes(child.name);

/** The first bytes of a CACHEDIR.TAG (bford.info/cachedir): whoever wrote it says that this is a cache. */
const signature = 'Signature: 8a477f597d28d172789f06886806bc55';

export const hasCacheTag = (dir: string, read: Reader): boolean =>
  read.bytes(join(dir, 'CACHEDIR.TAG'), signature.length)?.toString('latin1') === signature;

/** Set aside or half deleted: leftovers, which have a list of their own. */
const isLeftover = (name: string): boolean => /\.(?:stale|deleting|delete)-\d/.test(name);

/** Everything on top of a root that is no unit, with why it stays. */
export const unknownNames = (
  root: string,
  read: Reader,
  units: readonly string[],
  why: (name: string) => string,
): readonly Kept[] =>
  childrenOf(read, root)
    .filter((child) => !units.includes(child.name) && !isLeftover(child.name))
    .map((child) => ({ path: child.path, why: why(child.name) }));
