/** Texts stand in pieces of this size (bytes), so that growing never copies what is there. */
const pieceBytes = 4 * 1024 * 1024;
/** Addresses are numbers of 32 bits. */
const mostPieces = 2 ** 32 / pieceBytes;

/** Texts as UTF-8, one after another, without a string object for each. */
export class Texts {
  readonly #pieces: Buffer[] = [];
  readonly #used: number[] = [];

  /**
   * Appends a text; its address.
   * @throws RangeError when there is no room for it: a single one of over 4 MiB, or 4 GiB in all.
   */
  add(text: string): number {
    const most = text.length * 3;
    let last = this.#pieces.length - 1;
    if (last < 0 || pieceBytes - (this.#used[last] ?? 0) < most) {
      const length = Buffer.byteLength(text);
      if (last < 0 || pieceBytes - (this.#used[last] ?? 0) < length) {
        if (length > pieceBytes || this.#pieces.length === mostPieces) throw new RangeError('there is too much text');
        this.#pieces.push(Buffer.allocUnsafeSlow(pieceBytes));
        this.#used.push(0);
        last += 1;
      }
    }
    const at = this.#used[last] ?? 0;
    const written = this.#pieces[last]?.write(text, at, 'utf8') ?? 0;
    this.#used[last] = at + written;
    return last * pieceBytes + at;
  }

  /** The text of `length` bytes at an address. */
  text(address: number, length: number): string {
    const at = address % pieceBytes;
    return this.#pieces[Math.floor(address / pieceBytes)]?.toString('utf8', at, at + length) ?? '';
  }

  /**
   * Finds the texts that hold `wanted`, from the one with number `first` on, in their order. `starts` are the
   * addresses of all of them, ascending. A piece is searched as one, which is far faster than one text at a time.
   */
  search(wanted: Buffer, starts: Uint32Array, first: number, found: (number: number) => void): void {
    if (first >= starts.length) return;
    let number = first;
    let next = starts[number + 1] ?? Number.POSITIVE_INFINITY;
    const from = starts[first] ?? 0;
    for (let piece = Math.floor(from / pieceBytes); piece < this.#pieces.length; piece += 1) {
      const base = piece * pieceBytes;
      const used = this.#used[piece] ?? 0;
      const bytes = this.#pieces[piece]?.subarray(0, used) ?? Buffer.alloc(0);
      let at = bytes.indexOf(wanted, Math.max(0, from - base));
      while (at >= 0) {
        while (next <= base + at) {
          number += 1;
          next = starts[number + 1] ?? Number.POSITIVE_INFINITY;
        }
        const end = Math.min(next - base, used);
        // One that begins in this text and ends in the next is none.
        const inside = at + wanted.length <= end;
        if (inside) found(number);
        at = inside && end === used ? -1 : bytes.indexOf(wanted, inside ? end : at + 1);
      }
    }
  }
}
