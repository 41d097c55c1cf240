import { showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { aliasesOf, bindsOf, coversOf, type Mounted, mountsSeenBy } from './aliases.ts';
import type { Target } from './look.ts';
import type { Question } from './question.ts';

const namespaceOf = (pid: number | 'self'): string | null => {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/mnt`, 'latin1');
  } catch {
    return null;
  }
};

/** A place that a container has mounted: which, where, and whether it or something above it was asked for. */
export interface MountedPlace {
  readonly path: string;
  readonly point: string;
  readonly isChosen: boolean;
}

/** How one process sees the places. */
export interface View {
  readonly targets: readonly Target[];
  /** It has mounts of its own (mount_namespaces(7)). */
  readonly isElsewhere: boolean;
  /** Told once for each namespace, with the first process of it that is looked at. */
  readonly mounted: readonly MountedPlace[];
  /** Where it has something else mounted on a place or in it, told as `mounted` is. */
  readonly covered: readonly Omit<MountedPlace, 'isChosen'>[];
}

const shown = (bytes: string): string => showRaw(Buffer.from(bytes, 'latin1'));

const mountedPlaces = (
  questions: readonly Question[],
  mine: readonly Mounted[],
  theirs: readonly Mounted[],
): readonly MountedPlace[] =>
  questions.flatMap(({ path, bytes, rootBytes }) =>
    bindsOf(bytes, rootBytes ?? bytes, mine, theirs).map(({ point, isChosen }) => ({
      path,
      point: shown(point),
      isChosen,
    })),
  );

/**
 * The targets by the names they have for a process: in a container (mount_namespaces(7)), others than here. Mounts
 * are read once for each container.
 */
export const viewsOf = (targets: readonly Target[], questions: readonly Question[]): ((pid: number) => View) => {
  const mine = mountsSeenBy('self') ?? [];
  const under = (names: (target: Target) => readonly string[]) =>
    targets.flatMap((target) => [...new Set(names(target))].map((bytes) => ({ ...target, bytes })));
  const here: View = {
    targets: under(({ bytes }) => [bytes, ...aliasesOf(bytes, mine, mine)]),
    isElsewhere: false,
    mounted: [],
    covered: [],
  };
  const known = new Map<string | null, View>([
    [namespaceOf('self'), here],
    [null, here],
  ]);
  return (pid) => {
    const namespace = namespaceOf(pid);
    const before = known.get(namespace);
    if (before !== undefined) return before;
    const theirs = mountsSeenBy(pid);
    if (theirs === null) return here;
    const there = { targets: under(({ bytes }) => aliasesOf(bytes, mine, theirs)), isElsewhere: true };
    known.set(namespace, { ...there, mounted: [], covered: [] });
    const covered = questions.flatMap(({ path, bytes }) =>
      coversOf(bytes, mine, theirs).map((point) => ({ path, point: shown(point) })),
    );
    return { ...there, mounted: mountedPlaces(questions, mine, theirs), covered };
  };
};
