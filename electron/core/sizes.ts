import { join } from 'node:path';
import type { Unit } from '../../shared/model.ts';
import type { KnownUnit } from './caches.ts';
import { timestamp } from './clear/view.ts';
import { systemError } from './fs/errno.ts';
import { type Facts, look } from './fs/identity.ts';
import type { Measurement } from './scan/measurement.ts';
import type { Scanner } from './scan/scanner.ts';
import type { Store } from './store/store.ts';

/** A measurement and when it was made, ms since 1970. */
export interface Measured {
  readonly at: number;
  readonly measurement: Measurement;
}

/** Measures units and remembers what was measured, over time and across processes. */
export class SizeBook {
  readonly #scanner: Scanner;
  readonly #store: Store;
  readonly #stateDir: string;

  constructor(scanner: Scanner, store: Store, stateDir: string) {
    this.#scanner = scanner;
    this.#store = store;
    this.#stateDir = stateDir;
  }

  async measure(
    unit: KnownUnit,
    onProgress?: (progress: { readonly entries: number; readonly bytes: number }) => void,
  ): Promise<Measured> {
    const measurement = await this.#scanner.measure({
      root: unit.path,
      rewritten: unit.definition.rewritten,
      memory: join(this.#stateDir, 'scans', unit.id),
      onProgress,
    });
    const at = Date.now();
    // A record of sizes is not worth failing for: the measurement itself is what was asked.
    await this.#store.saveSize(unit.id, at, JSON.stringify({ ...measurement, reused: 0 })).catch(() => undefined);
    return { at, measurement };
  }

  /** What was measured last; null when it never was. */
  async last(unit: KnownUnit): Promise<Measured | null> {
    const row = await this.#store.lastSize(unit.id);
    return row === null ? null : { at: row.at, measurement: JSON.parse(row.measurement) as Measurement };
  }
}

type Seen =
  | { readonly facts: Facts | null; readonly error: null }
  | { readonly facts: null; readonly error: { readonly errno: number; readonly message: string } };

const lookOrError = (path: string): Seen => {
  try {
    return { facts: look(path), error: null };
  } catch (thrown) {
    const error = systemError(thrown);
    if (error === null) throw thrown;
    return { facts: null, error: { errno: error.errno, message: error.message } };
  }
};

const unmeasured = {
  files: null,
  directories: null,
  bytes: null,
  lastUsed: null,
  oldestUse: null,
  unreadable: [],
  measuredAt: null,
} as const;

/** What of a unit is needed to look at it. */
type Place = Pick<KnownUnit, 'id' | 'path'> & { readonly definition: { readonly name: string } };

const time = (ms: number | null): string | null => (ms === null ? null : timestamp(ms));

/** True when what stands there was made after that measurement: then it was another one that was measured. */
const isYounger = ({ born }: Facts, { at }: Measured): boolean => born !== null && BigInt(born) / 1_000_000n > at;

/** A unit as every door shows it. Nothing measured: null, never a zero; nothing there: zeros, which is the truth. */
export const unitView = (unit: Place, measured: Measured | null): Unit => {
  const seen = lookOrError(unit.path);
  const facts = seen.facts;
  const base = {
    id: unit.id,
    name: unit.definition.name,
    path: unit.path,
    present: facts !== null || seen.error !== null,
    identity: facts?.identity ?? null,
  };
  if (seen.error !== null) return { ...base, ...unmeasured, unreadable: [{ path: unit.path, ...seen.error }] };
  if (facts === null) {
    const none = { apparent: 0, allocated: 0, reclaimable: 0 };
    return {
      ...base,
      files: 0,
      directories: 0,
      bytes: none,
      lastUsed: null,
      oldestUse: null,
      unreadable: [],
      measuredAt: null,
    };
  }
  if (measured === null || measured.measurement.absent || isYounger(facts, measured)) {
    return { ...base, ...unmeasured, unreadable: measured?.measurement.unreadable ?? [] };
  }
  const { files, directories, bytes, newestMs, oldestMs, unreadable } = measured.measurement;
  return {
    ...base,
    files,
    directories,
    bytes,
    lastUsed: time(newestMs),
    oldestUse: time(oldestMs),
    unreadable,
    measuredAt: timestamp(measured.at),
  };
};
