import { CacheId, UnitId } from '../../shared/ids.ts';
import type { Cache, Unit } from '../../shared/model.ts';

const hex = (text: string): string =>
  [...text]
    .map((char) => char.charCodeAt(0).toString(16))
    .join('')
    .padEnd(12, '0')
    .slice(0, 32);

/** A unit of `bytes`, or one that was not measured (null). */
export const sampleUnit = (name: string, bytes: number | null, part: Partial<Unit> = {}): Unit => ({
  id: UnitId.parse(`u_${hex(name)}`),
  name,
  path: `/home/ada/${name}`,
  present: true,
  identity: { dev: 1, ino: 2 },
  files: bytes === null ? null : 1,
  directories: bytes === null ? null : 1,
  bytes: bytes === null ? null : { apparent: bytes, allocated: bytes, reclaimable: bytes },
  lastUsed: null,
  oldestUse: null,
  unreadable: [],
  measuredAt: null,
  ...part,
});

/** A cache of these units. */
export const sampleCache = (name: string, units: readonly Unit[], part: Partial<Cache> = {}): Cache => ({
  id: CacheId.parse(`c_${hex(name)}`),
  tool: name,
  name,
  root: `/home/ada/${name}`,
  present: true,
  added: false,
  because: 'it is the default',
  what: 'A cache.',
  cost: 'It is made again.',
  command: null,
  own: null,
  links: null,
  parts: false,
  keeps: [],
  problem: null,
  units,
  ...part,
});
