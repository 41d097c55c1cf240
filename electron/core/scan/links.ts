/** Columns of one row about a file with several links; numbers above 2^53 are kept whole as two halves. */
const columns = 6;

/** Rows about files with several links, as walkers send them. */
export class LinkRows {
  #rows = new Float64Array(columns * 64);
  #length = 0;

  get count(): number {
    return this.#length / columns;
  }

  add(dev: number, ino: bigint | number, links: number, allocated: number, apparent: number): void {
    if (this.#length === this.#rows.length) {
      const wider = new Float64Array(this.#rows.length * 2);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    const rows = this.#rows;
    const at = this.#length;
    rows[at] = dev;
    rows[at + 1] = typeof ino === 'number' ? Math.floor(ino / 2 ** 32) : Number(ino >> 32n);
    rows[at + 2] = typeof ino === 'number' ? ino % 2 ** 32 : Number(ino & 0xffffffffn);
    rows[at + 3] = links;
    rows[at + 4] = allocated;
    rows[at + 5] = apparent;
    this.#length = at + columns;
  }

  take(): Float64Array<ArrayBuffer> {
    const rows = this.#rows.slice(0, this.#length);
    this.#length = 0;
    return rows;
  }
}

/** Counts every inode once, and knows which ones have links that were not seen. */
export class LinkLedger {
  apparent = 0;
  allocated = 0;
  /** Allocated bytes of inodes that have links outside of what was added. */
  outside = 0;
  /** Links not seen yet, by inode. */
  readonly #missing = new Map<number | string, number>();
  #dev: number | null = null;

  add(rows: Float64Array): void {
    for (let at = 0; at < rows.length; at += columns) {
      const column = (number: number): number => rows[at + number] ?? 0;
      const key = this.#key(column(0), column(1), column(2));
      const links = column(3);
      const allocated = column(4);
      const missing = this.#missing.get(key);
      if (missing === undefined) {
        this.apparent += column(5);
        this.allocated += allocated;
        if (links > 1) this.outside += allocated;
        this.#missing.set(key, links - 1);
      } else {
        if (missing === 1) this.outside -= allocated;
        this.#missing.set(key, missing - 1);
      }
    }
  }

  /** A number for the device that comes first, which is nearly always the only one: a tenth of a string's memory. */
  #key(dev: number, high: number, low: number): number | string {
    this.#dev ??= dev;
    return dev === this.#dev && high < 2 ** 21 ? high * 2 ** 32 + low : `${dev}:${high}:${low}`;
  }
}
