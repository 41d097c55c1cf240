import type { LeftoverId } from '../../../shared/ids.ts';
import type { Cache, Leftover, Operation, Sizes } from '../../../shared/model.ts';
import { verdictSentence } from './sentence.ts';

/** Sizes that were measured, by leftover; null: it was tried, and cannot be. */
export type KnownSizes = ReadonlyMap<LeftoverId, Sizes | null>;

export interface Group {
  readonly tool: string | null;
  readonly name: string;
  readonly leftovers: readonly Leftover[];
}

/**
 * What is known once the sizes of `asked` have been looked at: news says none, so what was measured before stays, what
 * could not be measured is not asked for again, and what is gone is dropped.
 */
export const withSizes = (known: KnownSizes, asked: readonly Leftover[], measured: readonly Leftover[]): KnownSizes => {
  const news = new Map(measured.map(({ id, bytes }) => [id, bytes]));
  const ids = new Set([...asked, ...measured].map(({ id }) => id));
  return new Map([...ids].map((id) => [id, news.get(id) ?? known.get(id) ?? null]));
};

/** Is there one whose size nobody has asked for? */
export const someUnmeasured = (leftovers: readonly Leftover[], known: KnownSizes): boolean =>
  leftovers.some(({ id, bytes }) => bytes === null && !known.has(id));

export const sizeOf = ({ id, bytes }: Leftover, known: KnownSizes): number | null =>
  (bytes ?? known.get(id))?.allocated ?? null;

/** Those that can be cleaned with one click, and what of their size is known. */
export const safeOnes = (
  leftovers: readonly Leftover[],
  known: KnownSizes,
): { readonly count: number; readonly bytes: number | null } => {
  const sizes = leftovers.filter(({ cleaning }) => cleaning === 'safe').map((leftover) => sizeOf(leftover, known));
  const bytes = sizes.every((size) => size !== null) ? sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) : null;
  return { count: sizes.length, bytes };
};

const matches = (leftover: Leftover, name: string, text: string): boolean =>
  [leftover.path, name, leftover.what, verdictSentence(leftover), ...leftover.evidence].some((it) =>
    it.toLowerCase().includes(text),
  );

/**
 * By tool, in the order of their names; what no tool knows comes last. Only those in which `text` occurs. A copy of
 * ours belongs to the tool that it was cleared for: its own name tells less.
 */
export const groupsOf = (
  leftovers: readonly Leftover[],
  caches: readonly Cache[],
  operations: readonly Operation[],
  text: string,
): readonly Group[] => {
  const wanted = text.trim().toLowerCase();
  const groups = new Map<string | null, Leftover[]>();
  const nameOf = (tool: string | null): string =>
    tool === null ? 'Other places' : (caches.find((cache) => cache.tool === tool)?.name ?? tool);
  for (const leftover of leftovers) {
    const tool = leftover.tool ?? operations.find(({ id }) => id === leftover.operation)?.tool ?? null;
    if (!matches(leftover, nameOf(tool), wanted)) continue;
    groups.set(tool, [...(groups.get(tool) ?? []), leftover]);
  }
  return [...groups]
    .map(([tool, found]) => ({ tool, name: nameOf(tool), leftovers: found }))
    .sort(
      (one, other) => Number(one.tool === null) - Number(other.tool === null) || one.name.localeCompare(other.name),
    );
};
