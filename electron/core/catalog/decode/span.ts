import type { Reader } from '../../fs/reader.ts';

/** A run of bytes in a file: the body of a cached response, which stands alone or inside another file. */
export interface Span {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** At most `limit` bytes of a span from its `from`th on; shorter when the span or its file ends. Null: unreadable. */
export const readSpan = (read: Reader, span: Span, limit: number, from = 0): Buffer | null => {
  const length = Math.min(limit, span.length - from);
  return length <= 0 ? Buffer.alloc(0) : read.bytes(span.path, length, span.offset + from);
};
