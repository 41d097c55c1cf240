import { keyOf } from './place.ts';

/**
 * A task of a walk: the path of a directory, relative to the root, then names of children that are measured some
 * other way, each after a NUL, the one byte that no path holds.
 */
export const makeTask = (path: string, known: readonly string[]): Uint8Array =>
  Buffer.from([path, ...known].join('\0'), 'latin1');

export const splitTask = (task: Uint8Array): { readonly relative: Buffer; readonly known: ReadonlySet<string> } => {
  const [path = '', ...known] = keyOf(task).split('\0');
  return { relative: Buffer.from(path, 'latin1'), known: new Set(known) };
};
