import type { EntryId, UnitId } from '../../../shared/ids.ts';
import type { Entry } from '../../../shared/model.ts';
import { entryHash, entryId, seenText } from '../catalog/entry-id.ts';
import type { RawEntry } from '../catalog/tool.ts';
import { Column, Interned } from './columns.ts';
import { Texts } from './texts.ts';

/** The unit that entries stand in. */
export interface EntryUnit {
  readonly id: UnitId;
  readonly name: string;
}

/** The length that says: there is no such text. */
const none = 0xffff;
const missing = Number.NaN;

const lengthOf = (text: string | null): number => (text === null ? none : Buffer.byteLength(text));
const width = (length: number): number => (length === none ? 0 : length);
const timeOf = (text: string | null): number => (text === null ? missing : Date.parse(text));
const momentOf = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());
const hex = (half: number): string => half.toString(16).padStart(8, '0');

/**
 * Entries in columns, in the order in which they were found: about 200 bytes for each. What a filter looks through is
 * kept in lower case as one text for each (`seenText`); name, version and address are cut out of that, and where the
 * lower case differs, out of the original beside it.
 */
export class EntryTable {
  readonly units: readonly EntryUnit[];
  /** Bytes, and moments in ms since 1970; NaN where nothing is known. */
  readonly bytes = new Column(Float64Array);
  readonly created = new Column(Float64Array);
  readonly lastUsed = new Column(Float64Array);
  readonly #unit = new Column(Uint32Array);
  readonly #kind = new Column(Uint16Array);
  readonly #damage = new Column(Uint32Array);
  readonly #users = new Column(Uint32Array);
  readonly #idHigh = new Column(Uint32Array);
  readonly #idLow = new Column(Uint32Array);
  readonly #nameLength = new Column(Uint16Array);
  readonly #versionLength = new Column(Uint16Array);
  readonly #urlLength = new Column(Uint16Array);
  readonly #start = new Column(Uint32Array);
  readonly #original = new Column(Uint32Array);
  readonly #lower = new Texts();
  readonly #originals = new Texts();
  readonly #kinds = new Interned();
  readonly #damages = new Interned();
  readonly #userLists = new Interned();

  constructor(units: readonly EntryUnit[]) {
    this.units = units;
    // Number 0 stands for: it is whole.
    this.#damages.place('');
    // Here: no book of its users is kept.
    this.#userLists.place('null');
    // And address 0 of the originals for: it is lower case anyway.
    this.#originals.add(' ');
  }

  get length(): number {
    return this.#start.length;
  }

  /**
   * Appends an entry of the unit with that number.
   * @throws RangeError when there is more text than can be held (4 GiB).
   */
  add(unit: number, entry: RawEntry): void {
    const text = seenText(entry);
    const lower = text.toLowerCase();
    const start = this.#lower.add(lower);
    const original = lower === text ? 0 : this.#originals.add(text);
    const id = entryHash(this.units[unit]?.id ?? ('' as UnitId), entry.key);
    this.#start.push(start);
    this.#original.push(original);
    this.#unit.push(unit);
    this.#kind.push(this.#kinds.place(entry.kind));
    this.#damage.push(entry.damaged === null ? 0 : this.#damages.place(entry.damaged || ' '));
    this.#users.push(entry.usedBy === null ? 0 : this.#userLists.place(JSON.stringify(entry.usedBy)));
    this.#idHigh.push(Number.parseInt(id.slice(0, 8), 16));
    this.#idLow.push(Number.parseInt(id.slice(8), 16));
    this.#nameLength.push(lengthOf(entry.name));
    this.#versionLength.push(lengthOf(entry.version));
    this.#urlLength.push(lengthOf(entry.url));
    this.bytes.push(entry.bytes ?? missing);
    this.created.push(timeOf(entry.created));
    this.lastUsed.push(timeOf(entry.lastUsed));
  }

  unitOf(index: number): number {
    return this.#unit.at(index);
  }

  isDamaged(index: number): boolean {
    return this.#damage.at(index) !== 0;
  }

  name(index: number): string | null {
    return this.#cut(index, 0, this.#nameLength.at(index));
  }

  version(index: number): string | null {
    return this.#cut(index, width(this.#nameLength.at(index)) + 1, this.#versionLength.at(index));
  }

  kind(index: number): string {
    return this.#kinds.at(this.#kind.at(index));
  }

  unit(index: number): string {
    return this.units[this.#unit.at(index)]?.name ?? '';
  }

  id(index: number): EntryId {
    return entryId(hex(this.#idHigh.at(index)) + hex(this.#idLow.at(index)));
  }

  /** By how many it is used; NaN where no book is kept. */
  usedBy(index: number): number {
    const list = JSON.parse(this.#userLists.at(this.#users.at(index))) as Entry['usedBy'];
    return list === null ? missing : list.length;
  }

  entry(index: number): Entry {
    const before = 2 * (width(this.#nameLength.at(index)) + width(this.#versionLength.at(index)) + 2);
    const kind = this.kind(index);
    const bytes = this.bytes.at(index);
    return {
      id: this.id(index),
      unit: this.unit(index),
      kind,
      name: this.name(index),
      version: this.version(index),
      url: this.#cut(index, before + Buffer.byteLength(kind) + 1, this.#urlLength.at(index)),
      bytes: Number.isNaN(bytes) ? null : bytes,
      created: momentOf(this.created.at(index)),
      lastUsed: momentOf(this.lastUsed.at(index)),
      usedBy: JSON.parse(this.#userLists.at(this.#users.at(index))) as Entry['usedBy'],
      damaged: this.isDamaged(index) ? this.#damages.at(this.#damage.at(index)) : null,
    };
  }

  /** Calls `found` with the entries from `first` on that the filter matches, in the order in which they were found. */
  match(filter: string | undefined, first: number, found: (index: number) => void): void {
    const wanted = Buffer.from(filter?.toLowerCase() ?? '', 'utf8');
    if (wanted.length === 0) for (let index = first; index < this.length; index += 1) found(index);
    else this.#lower.search(wanted, this.#start.values, first, found);
  }

  #cut(index: number, offset: number, length: number): string | null {
    if (length === none) return null;
    const original = this.#original.at(index);
    return original === 0
      ? this.#lower.text(this.#start.at(index) + offset, length)
      : this.#originals.text(original + offset, length);
  }
}
