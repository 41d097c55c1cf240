import type { Raw } from '../fs/raw.ts';
import { keyOf } from '../scan/place.ts';

/** More files than this in one directory, and only the largest are told one by one. */
export const mostLeaves = 5_000;

/** One directory as a walker found it. Structured-clonable. */
export interface Found {
  /** Below the root of the walk, bytes as latin1; '' is the root itself. */
  readonly path: string;
  /** Allocated bytes of the directory itself. */
  readonly own: number;
  /** Whether it could be listed: it is on this mount, and may be read. */
  readonly listed: boolean;
  /** Names of what is no directory with a NUL between: text, or bytes as latin1 when one of them is not UTF-8. */
  readonly names: string;
  readonly asBytes: boolean;
  /** For each of them: allocated bytes, last use in ms, inode number if it has other links, otherwise 0. */
  readonly leaves: Float64Array;
  /** The same numbers of those that are too many to be named. */
  readonly rest: Float64Array;
  /** Names of children that could not be looked at, or are mounts; bytes as latin1. */
  readonly closed: readonly string[];
}

/** Numbers for each leaf. */
export const leafWidth = 3;

/** Gathers what stands in one directory. */
export class Gathered {
  readonly #path: string;
  readonly #own: number;
  readonly #names: (string | Raw)[] = [];
  readonly #numbers: number[] = [];
  readonly #closed: string[] = [];
  listed = true;

  constructor(path: string, own: number) {
    this.#path = path;
    this.#own = own;
  }

  leaf(name: string | Raw, allocated: number, usedMs: number, linked: number): void {
    this.#names.push(name);
    this.#numbers.push(allocated, usedMs, linked);
  }

  closed(name: string | Raw): void {
    this.#closed.push(keyOf(name));
  }

  found(): Found {
    const all = Float64Array.from(this.#numbers);
    const named = this.#largest(all);
    const leaves = named === null ? all : pick(all, named.kept);
    const names = named === null ? this.#names : named.kept.map((leaf) => this.#names[leaf] ?? '');
    const asBytes = names.some((name) => typeof name !== 'string');
    return {
      path: this.#path,
      own: this.#own,
      listed: this.listed,
      names: (asBytes ? names.map(keyOf) : names).join('\0'),
      asBytes,
      leaves,
      rest: named === null ? new Float64Array() : pick(all, named.others),
      closed: this.#closed,
    };
  }

  /** Which are named and which are not; null when all are. */
  #largest(all: Float64Array): { readonly kept: readonly number[]; readonly others: readonly number[] } | null {
    if (this.#names.length <= mostLeaves) return null;
    const size = (leaf: number): number => all[leaf * leafWidth] ?? 0;
    const order = this.#names.map((_, leaf) => leaf).sort((a, b) => size(b) - size(a));
    return { kept: order.slice(0, mostLeaves), others: order.slice(mostLeaves) };
  }
}

const pick = (numbers: Float64Array, leaves: readonly number[]): Float64Array => {
  const picked = new Float64Array(leaves.length * leafWidth);
  leaves.forEach((leaf, at) => {
    picked.set(numbers.subarray(leaf * leafWidth, (leaf + 1) * leafWidth), at * leafWidth);
  });
  return picked;
};
