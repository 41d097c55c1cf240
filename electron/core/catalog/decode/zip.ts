import { fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl';
import type { Reader } from '../../fs/reader.ts';
import { readSpan, type Span } from './span.ts';

/** The largest wheels have some ten thousand files; a bound for the time. */
const mostNames = 100_000;
/** A central directory is read from start to end, so one chunk serves hundreds of its records. */
const chunkBytes = 128 * 1024;

/** Feeds yauzl from a span through the catalogue's reader, which follows no links and keeps the times of use. */
class SpanReader extends RandomAccessReader {
  readonly #read: Reader;
  readonly #span: Span;
  readonly #failed: (error: unknown) => void;
  #start = 0;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(read: Reader, span: Span, failed: (error: unknown) => void) {
    super();
    this.#read = read;
    this.#span = span;
    this.#failed = failed;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    // Later, not now: yauzl calls itself again from the callback, and the stack is finite.
    queueMicrotask(() => {
      try {
        callback(this.#fill(buffer, offset, length, position));
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  #fill(buffer: Buffer, offset: number, length: number, position: number): Error | null {
    if (position < 0 || position + length > this.#span.length) return new Error('it ends too early');
    if (position < this.#start || position + length > this.#start + this.#chunk.length) {
      this.#chunk = readSpan(this.#read, this.#span, Math.max(length, chunkBytes), position) ?? Buffer.alloc(0);
      this.#start = position;
    }
    const at = position - this.#start;
    return this.#chunk.copy(buffer, offset, at, at + length) === length ? null : new Error('it ends too early');
  }
}

/** What looking through an archive's names gave. */
export type ZipNames<T> = { readonly found: T | null; readonly damaged: null } | { readonly damaged: string };

/** Names as bytes: yauzl would refuse a whole archive for one odd name. */
const options = { lazyEntries: true, autoClose: false, decodeStrings: false };

/**
 * Looks through the names in a zip archive's directory until `pick` finds something. Nothing is unpacked, so there
 * is nothing to blow up. Never throws: an archive that is cut short or broken is damaged, and why.
 */
export const pickFromZip = <T>(read: Reader, span: Span, pick: (name: string) => T | null): Promise<ZipNames<T>> =>
  new Promise((resolve) => {
    const failed = (error: unknown): void =>
      resolve({ damaged: `not a whole zip archive: ${error instanceof Error ? error.message : String(error)}` });
    const look = (zip: ZipFile): void => {
      let seen = 0;
      zip.on('error', failed);
      zip.on('end', () => resolve({ found: null, damaged: null }));
      zip.on('entry', ({ fileName }: { fileName: string | Buffer }) => {
        seen += 1;
        const found = pick(typeof fileName === 'string' ? fileName : fileName.toString('utf8'));
        if (found !== null || seen >= mostNames) resolve({ found, damaged: null });
        else zip.readEntry();
      });
      zip.readEntry();
    };
    try {
      fromRandomAccessReader(new SpanReader(read, span, failed), span.length, options, (error, zip) =>
        error === null ? look(zip) : failed(error),
      );
    } catch (error) {
      failed(error);
    }
  });
