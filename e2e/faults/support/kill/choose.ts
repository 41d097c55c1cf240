import type { Call } from './calls.ts';

/** What SQLite does to its own files again and again: of these a part is taken. */
const isOften = ({ name, about }: Call): boolean =>
  ['pwrite64', 'openat', 'open', 'ftruncate', 'fchown'].includes(name) && about.startsWith('$STATE/');

/** So many of a list, evenly from its beginning to its end. */
const evenly = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  count >= items.length
    ? items
    : Array.from({ length: Math.max(0, count) }, (_, at) => items[Math.floor((at * items.length) / count)] as Item);

/**
 * So many of the calls of a phase, in their order: renames, links, folders, locks and what makes things durable first,
 * then SQLite's writes, evenly from the first to the last.
 */
export const choose = (calls: readonly Call[], most: number): readonly Call[] => {
  const first = evenly(
    calls.filter((call) => !isOften(call)),
    most,
  );
  const rest = evenly(calls.filter(isOften), most - first.length);
  const chosen = new Set([...first, ...rest]);
  return calls.filter((call) => chosen.has(call));
};
