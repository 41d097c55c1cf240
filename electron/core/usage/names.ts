import { fs } from '../fs/seam.ts';
import { aliasesOf, mountsSeenBy } from './aliases.ts';
import type { Target } from './look.ts';

const namespaceOf = (pid: number | 'self'): string | null => {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/mnt`, 'latin1');
  } catch {
    return null;
  }
};

/**
 * The targets by the names they have for a process: in a container (mount_namespaces(7)), others than here. Mounts
 * are read once for each container.
 */
export const targetsFor = (targets: readonly Target[]): ((pid: number) => readonly Target[]) => {
  const mine = mountsSeenBy('self') ?? [];
  const under = (names: (target: Target) => readonly string[]) =>
    targets.flatMap((target) => [...new Set(names(target))].map((bytes) => ({ ...target, bytes })));
  const here = under(({ bytes }) => [bytes, ...aliasesOf(bytes, mine, mine)]);
  const known = new Map<string | null, readonly Target[]>([
    [namespaceOf('self'), here],
    [null, here],
  ]);
  return (pid) => {
    const namespace = namespaceOf(pid);
    const before = known.get(namespace);
    if (before !== undefined) return before;
    const theirs = mountsSeenBy(pid);
    const there = theirs === null ? here : under(({ bytes }) => aliasesOf(bytes, mine, theirs));
    if (theirs !== null) known.set(namespace, there);
    return there;
  };
};
