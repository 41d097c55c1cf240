import { type Facts, look } from './identity.ts';
import { type Mount, mountOf, mounts } from './mounts.ts';
import { type Raw, showRaw } from './raw.ts';

export interface Seen {
  readonly path: Raw;
  readonly facts: Facts;
}

/** What stands around a path that something failed at, looked at without following links and without changing anything. */
export interface Scene {
  readonly path: Raw;
  /** Null when it is not there, or cannot be looked at. */
  readonly facts: Facts | null;
  /** Every folder above it that can be looked at, from the top down. */
  readonly above: readonly Seen[];
  /** The folder that holds it; null when that cannot be looked at. */
  readonly parent: Seen | null;
  readonly mounts: readonly Mount[];
  readonly mount: Mount | null;
  /** Where that mount stands, for showing. */
  readonly point: string;
}

const slash = 0x2f;

/** `/`, `/a`, `/a/b` for `/a/b/c`. */
const foldersAbove = (path: Raw): readonly Raw[] => {
  const folders: Raw[] = [];
  for (let at = 0; at < path.length - 1; at += 1) {
    if (path[at] === slash) folders.push(at === 0 ? path.subarray(0, 1) : path.subarray(0, at));
  }
  return folders;
};

const seen = (path: Raw): Facts | null => {
  try {
    return look(path);
  } catch {
    return null;
  }
};

/** Only the names and the mount table: nothing is asked of a disk that may not answer. */
export const sketch = (path: Raw): Scene => {
  const all = mounts() ?? [];
  const mount = mountOf(path, all);
  const point = mount === null ? 'that place' : showRaw(Buffer.from(mount.point, 'latin1'));
  return { path, facts: null, above: [], parent: null, mounts: all, mount, point };
};

/** The same, with everything on the way looked at. */
export const survey = (path: Raw): Scene => {
  const folders = foldersAbove(path);
  const above = folders.flatMap((folder) => {
    const facts = seen(folder);
    return facts === null ? [] : [{ path: folder, facts }];
  });
  const parent = above.find((it) => it.path === folders.at(-1)) ?? null;
  return { ...sketch(path), facts: seen(path), above, parent };
};
