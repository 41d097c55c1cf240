import { constants } from 'node:fs';
import { flagOf } from './explain-flags.ts';
import { modeWords, userWords } from './explain-names.ts';
import type { Scene } from './explain-scene.ts';
import type { Facts } from './identity.ts';
import { isShared } from './mounts.ts';
import { type Raw, showRaw } from './raw.ts';
import { fs } from './seam.ts';

const me = (): number => process.geteuid?.() ?? -1;

const may = (path: Raw, mode: number): boolean => {
  try {
    fs.accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** What the owner does about a mode that keeps them out, or who else can. */
const wayOut = ({ uid }: Facts, change: string): string =>
  uid === me() ? `chmod ${change} allows it, then try again` : `try again as ${userWords(uid)}, or have them allow it`;

const owned = ({ uid, mode }: Facts): string =>
  `${uid === me() ? 'is yours' : `belongs to ${userWords(uid)}`} (mode ${modeWords(mode)})`;

/** Which folder above it keeps us out; null when none does. */
const explainWay = ({ above, parent }: Scene): string | null => {
  for (const { path, facts } of above) {
    if (facts.kind === 'directory' && !may(path, constants.X_OK)) {
      return `the folder ${showRaw(path)} ${owned(facts)} and does not let you through: ${wayOut(facts, 'u+x')}`;
    }
  }
  if (parent === null || may(parent.path, constants.W_OK)) return null;
  const { path, facts } = parent;
  return `it stands in ${showRaw(path)}, which ${owned(facts)} and where you may not write: ${wayOut(facts, 'u+w')}`;
};

/** EACCES: which folder on the way, or the thing itself, keeps us out. */
export const explainAccess = (scene: Scene): string => {
  const way = explainWay(scene);
  if (way !== null) return way;
  const { facts, path } = scene;
  if (facts?.kind === 'directory' && !may(path, constants.R_OK | constants.W_OK | constants.X_OK)) {
    return `it ${owned(facts)} and you may not open it: ${wayOut(facts, 'u+rwx')}`;
  }
  if (scene.mount && isShared(scene.mount.type)) {
    const owner = facts === null ? 'its owner' : userWords(facts.uid);
    return `the server of the ${scene.mount.type} file system at ${scene.point} refuses it: try again as ${owner}`;
  }
  return 'permission denied, though its owner and mode allow it: an access list or a security module forbids it. Allow it there, then try again';
};

const sticky = 0o1000;

/** EPERM: a flag that binds even root, a folder in which everybody may remove only what is theirs, or another owner. */
export const explainNotPermitted = async (scene: Scene): Promise<string | null> => {
  const { parent } = scene;
  const own = scene.facts?.kind === 'directory' || scene.facts?.kind === 'file' ? [scene.path] : [];
  for (const path of [...own, ...(parent ? [parent.path] : [])]) {
    const flag = await flagOf(path);
    if (flag !== null) {
      return `blocked by the ${flag.name} flag on ${showRaw(path)} (${flag.removal} removes it, as root; then try again)`;
    }
  }
  // A folder of somebody else cannot be made writable either: that is what was not permitted then.
  const way = explainWay(scene);
  if (way !== null) return way;
  const { facts } = scene;
  if (facts === null || me() === 0 || facts.uid === me()) return null;
  const owner = userWords(facts.uid);
  if (parent && (parent.facts.mode & sticky) !== 0 && parent.facts.uid !== me()) {
    return `it belongs to ${owner}, and in ${showRaw(parent.path)} (mode ${modeWords(parent.facts.mode)}, sticky) everybody may remove only what is theirs: try again as ${owner}`;
  }
  return `it belongs to ${owner}, and only its owner may do that: try again as ${owner}`;
};

/** ENOTDIR: which name on the way is none; null when all are. */
export const explainNotDirectory = (scene: Scene): string | null => {
  const broken = scene.above.find(({ facts }) => facts.kind !== 'directory');
  return broken
    ? `${showRaw(broken.path)}, on the way to it, is not a folder any more: look again, then try again`
    : null;
};
