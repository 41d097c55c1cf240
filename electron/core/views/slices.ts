/** Nodes as they travel between threads; names with a NUL between, of which none holds one. */
export interface NodeSlice {
  readonly names: string;
  readonly parents: Int32Array<ArrayBuffer>;
  readonly kinds: Uint8Array<ArrayBuffer>;
  readonly bytes: Float64Array<ArrayBuffer>;
  readonly files: Float64Array<ArrayBuffer>;
  /** NaN: nothing below it has a time. */
  readonly newest: Float64Array<ArrayBuffer>;
}

/** The columns of `TreeNodes` while they grow. */
interface Growing {
  readonly names: string[];
  readonly parents: number[];
  readonly kinds: number[];
  readonly bytes: number[];
  readonly files: number[];
  readonly newest: (number | null)[];
}

/** Adds a slice to what came before it, as the contract has them. */
export const append = (all: Growing, { names, parents, kinds, bytes, files, newest }: NodeSlice): void => {
  if (parents.length > 0) for (const name of names.split('\0')) all.names.push(name);
  for (const parent of parents) all.parents.push(parent);
  for (const kind of kinds) all.kinds.push(kind);
  for (const size of bytes) all.bytes.push(size);
  for (const number of files) all.files.push(number);
  for (const ms of newest) all.newest.push(Number.isNaN(ms) ? null : ms);
};
