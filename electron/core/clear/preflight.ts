import type { ApiError } from '../../../shared/errors.ts';
import { CodedError } from '../../../shared/errors.ts';
import type { UnitDefinition } from '../catalog/tool.ts';
import { systemError } from '../fs/errno.ts';
import type { Facts } from '../fs/identity.ts';
import { isKernel, isMountPoint, mountOf, mounts, mountsBelow } from '../fs/mounts.ts';
import { locate } from '../fs/place.ts';
import type { ProtectedPlaces } from '../fs/protected.ts';
import { reader } from '../fs/reader.ts';

/** What is asked to be set aside, before anything is known of its state. */
export interface Candidate {
  readonly path: string;
  readonly kind: UnitDefinition['kind'];
  /** What in it cannot be this tool's, as a sentence, when its place is not the tool's default. */
  readonly contradiction: () => string | null;
}

export type Preflight =
  | { readonly state: 'absent'; readonly path: string }
  | { readonly state: 'refused'; readonly path: string; readonly refusals: readonly ApiError[] }
  | { readonly state: 'ready'; readonly path: string; readonly facts: Facts };

const refusal = (code: ApiError['code'], path: string, message: string): ApiError => ({ code, path, message });

const kindRefusal = (path: string, facts: Facts, wanted: Candidate['kind']): ApiError | null => {
  if (facts.kind === 'link') {
    return refusal(
      'symbolic-link',
      path,
      `${path} is a symbolic link. Renaming it would move the link and free nothing: clear what it leads to instead.`,
    );
  }
  if (facts.kind === wanted) return null;
  return refusal('not-a-directory', path, `${path} is not a ${wanted === 'directory' ? 'folder' : 'regular file'}.`);
};

const ownerRefusal = (path: string, facts: Facts): ApiError | null => {
  const own = process.geteuid?.();
  if (own === undefined || facts.uid === own) return null;
  return refusal(
    'foreign-owner',
    path,
    `${path} belongs to ${facts.uid === 0 ? 'root' : `the user with number ${facts.uid}`}. Clear it as that user.`,
  );
};

/** Bind mounts of the same file system included: only the mount table shows those. */
const mountRefusals = (path: string): readonly ApiError[] => {
  const all = mounts();
  if (all === null) return [];
  const stands = mountOf(path, all);
  if (stands && isKernel(stands.type)) {
    return [refusal('protected-place', path, `${path} is made of the kernel's own data.`)];
  }
  if (isMountPoint(path, all)) {
    return [
      refusal(
        'mount-point',
        path,
        `${path} is a mount point, which cannot be renamed. Unmount it, or clear it inside its container.`,
      ),
    ];
  }
  const inside = mountsBelow(path, all);
  const [first] = inside;
  if (!first) return [];
  const shown = Buffer.from(first.point, 'latin1').toString();
  const more = inside.length > 1 ? ` and ${inside.length - 1} more` : '';
  return [
    refusal(
      'mount-inside',
      path,
      `Something is mounted inside ${path}: ${shown}${more}. Clearing would reach into it. Unmount it first.`,
    ),
  ];
};

const contentRefusal = (candidate: Candidate, path: string): ApiError | null => {
  if (candidate.kind === 'file') return null;
  if (reader.facts(`${path}/.git`) !== null) {
    return refusal('version-controlled', path, `${path} is a version-controlled tree (it holds .git), not a cache.`);
  }
  const contradiction = candidate.contradiction();
  return contradiction === null
    ? null
    : refusal(
        'no-evidence',
        path,
        `Nothing but a setting says that ${path} is a cache. ${contradiction} It is left alone.`,
      );
};

/**
 * P0 of the protocol: may this be set aside? Reads only. Every refusal that applies is told, not the first alone. Who
 * is using it is asked separately, since a person may decide about that, and about nothing of this.
 */
export const preflight = (candidate: Candidate, protectedPlaces: ProtectedPlaces): Preflight => {
  let path = candidate.path;
  try {
    const place = locate(path);
    path = place.path;
    const { facts } = place;
    if (facts === null) return { state: 'absent', path };
    const kind = kindRefusal(path, facts, candidate.kind);
    if (kind) return { state: 'refused', path, refusals: [kind] };
    const reason = protectedPlaces.reasonFor(path, facts);
    const holds = protectedPlaces.holds(path);
    const chosen = protectedPlaces.folders.around(path) ?? protectedPlaces.folders.inside(path);
    const refusals = [
      ...(reason === null ? [] : [refusal('protected-place', path, `${path} ${reason}. It is never cleared.`)]),
      ...(holds === null ? [] : [refusal('protected-place', path, `${path} holds ${holds}.`)]),
      ...(chosen === null ? [] : [refusal('protected-place', path, chosen)]),
      ownerRefusal(path, facts),
      ...mountRefusals(path),
      contentRefusal(candidate, path),
    ].filter((it): it is ApiError => it !== null);
    return refusals.length > 0 ? { state: 'refused', path, refusals } : { state: 'ready', path, facts };
  } catch (thrown) {
    if (thrown instanceof CodedError) {
      return { state: 'refused', path, refusals: [{ code: thrown.code, message: thrown.message, path }] };
    }
    const error = systemError(thrown);
    if (error === null) throw thrown;
    return {
      state: 'refused',
      path,
      refusals: [refusal('unusable-path', path, `${path} cannot be looked at: ${error.message} (${error.code}).`)],
    };
  }
};
