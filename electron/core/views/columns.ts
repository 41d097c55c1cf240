type Values = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** A growing column of numbers: what a million rows are held in. */
export class Column<T extends Values> {
  readonly #make: new (
    length: number,
  ) => T;
  #values: T;
  #length = 0;

  constructor(make: new (length: number) => T) {
    this.#make = make;
    this.#values = new make(1024);
  }

  get length(): number {
    return this.#length;
  }

  /** Those that were pushed. Not to be kept beyond the next `push`. */
  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new this.#make(this.#values.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

/** Strings of which there are few different ones, each kept once. */
export class Interned {
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];

  place(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  at(place: number): string {
    return this.#texts[place] ?? '';
  }
}
