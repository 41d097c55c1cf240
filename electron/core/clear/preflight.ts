import type { ApiError } from '../../../shared/errors.ts';
import { CodedError } from '../../../shared/errors.ts';
import type { UnitDefinition } from '../catalog/tool.ts';
import { systemError } from '../fs/errno.ts';
import { explanationNow } from '../fs/explain.ts';
import { userWords } from '../fs/explain-names.ts';
import { readOnlyReason } from '../fs/explain-place.ts';
import type { Facts } from '../fs/identity.ts';
import { isKernel, isMountPoint, mountOf, mounts, mountsBelow } from '../fs/mounts.ts';
import { locate } from '../fs/place.ts';
import type { ProtectedPlaces } from '../fs/protected.ts';
import { reader } from '../fs/reader.ts';

/** What is asked to be set aside, before anything is known of its state. */
export interface Candidate {
  readonly path: string;
  readonly kind: UnitDefinition['kind'];
  /** The tool makes a `.git` there itself. */
  readonly hasGit?: boolean;
  /** The cache's root, where nothing but a setting or a person says that it is one. */
  readonly root?: string | undefined;
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
  return refusal(
    'not-a-directory',
    path,
    `${path} is not a ${wanted === 'directory' ? 'folder' : 'regular file'}, so it is not what the tool made there. Look at it and move it away, then try again.`,
  );
};

const ownerRefusal = (path: string, facts: Facts): ApiError | null => {
  const own = process.geteuid?.();
  if (own === undefined || facts.uid === own) return null;
  return refusal(
    'foreign-owner',
    path,
    `${path} belongs to ${userWords(facts.uid)}. Clear it as that user, or have it given to you.`,
  );
};

/** Bind mounts of the same file system included: only the mount table shows those. */
const mountRefusals = (path: string): readonly ApiError[] => {
  const all = mounts();
  if (all === null) return [];
  const stands = mountOf(path, all);
  if (stands && isKernel(stands.type)) {
    return [refusal('protected-place', path, `${path} is made of the kernel's own data. It is never cleared.`)];
  }
  if (isMountPoint(path, all)) {
    return [
      refusal(
        'mount-point',
        path,
        `${path} is a mount point, which cannot be renamed. Unmount it and clear what stands there then, clear it inside its container, or empty it with the tool's own command.`,
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
      `Something is mounted inside ${path}: ${shown}${more}. Clearing would reach into it. Unmount it first, then try again.`,
    ),
  ];
};

/** Known before anything is written down: a rename there would only fail. */
const readOnlyRefusal = (path: string): ApiError | null => {
  const reason = readOnlyReason(path);
  return reason === null ? null : refusal('read-only', path, `${path} cannot be cleared: ${reason} (EROFS).`);
};

/** A setting that leads to the top of a working tree makes no cache of the folders in it. */
const workRefusal = ({ root }: Candidate, path: string): ApiError | null =>
  root === undefined || root === path || reader.facts(`${root}/.git`) === null
    ? null
    : refusal(
        'version-controlled',
        path,
        `${path} stands in ${root}, which is the top of a version-controlled tree (it holds .git) and not a cache. It is left alone. Correct the setting, or clear it by hand.`,
      );

const contentRefusal = (candidate: Candidate, path: string): ApiError | null => {
  if (candidate.kind === 'file') return null;
  if (candidate.hasGit !== true && reader.facts(`${path}/.git`) !== null) {
    return refusal(
      'version-controlled',
      path,
      `${path} is a version-controlled tree (it holds .git), not a cache. It is left alone: what is in it is for git to remove.`,
    );
  }
  const contradiction = candidate.contradiction();
  return contradiction === null
    ? null
    : refusal(
        'no-evidence',
        path,
        `Nothing but a setting says that ${path} is a cache. ${contradiction} It is left alone. Correct the setting, or clear it by hand.`,
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
      ...(reason === null
        ? []
        : [
            refusal('protected-place', path, `${path} ${reason}. It is never cleared. Name a cache inside it instead.`),
          ]),
      ...(holds === null
        ? []
        : [
            refusal(
              'protected-place',
              path,
              `${path} holds ${holds}. Start the program from another folder, or keep that elsewhere, then try again.`,
            ),
          ]),
      ...(chosen === null ? [] : [refusal('protected-place', path, chosen)]),
      ownerRefusal(path, facts),
      ...mountRefusals(path),
      readOnlyRefusal(path),
      workRefusal(candidate, path),
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
      refusals: [
        refusal(
          'unusable-path',
          path,
          `${path} cannot be looked at: ${explanationNow(path, error.errno) ?? error.message} (${error.code}).`,
        ),
      ],
    };
  }
};
