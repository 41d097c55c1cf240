import { createRequire } from 'node:module';
import type { Reader } from '../../fs/reader.ts';
import { asTable } from './entry.ts';
import { msgpackProblem } from './msgpack-shape.ts';
import type { Span } from './span.ts';

const require = createRequire(import.meta.url);

/** Loaded where answers are read: most commands read none. */
const decode: typeof import('@msgpack/msgpack').decode = (...args) =>
  (require('@msgpack/msgpack') as typeof import('@msgpack/msgpack')).decode(...args);

/** Headers of a response are a few kB; a bound for what is read and unpacked. */
const largestHead = 1024 * 1024;
/** What nearly every head fits in, so that old entries with large bodies are not read for nothing. */
const firstRead = 64 * 1024;
/** Old entries with their body not in front are read whole; Python 2 wrote such. */
const largestWhole = 16 * 1024 * 1024;
/** A length in msgpack may promise four thousand million elements; no response has more headers than this. */
const bounds = {
  maxArrayLength: 10_000,
  maxMapLength: 10_000,
  maxStrLength: largestHead,
  maxBinLength: largestWhole,
  maxExtLength: 1024,
};
const mark = 'cc=4,';

/** A cached response without its body. Header names in lower case. */
export interface Response {
  readonly status: number | null;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the body stands if it is in the same file, as before pip 23.3. */
  readonly inline: Span | null;
}

export type Decoded = { readonly response: Response; readonly damaged: null } | { readonly damaged: string };

/** `{"response": {"body": <bin …` as msgpack: two small maps, then the body and its length. */
const responseKey = Buffer.from('\xa8response', 'latin1');
const bodyKey = Buffer.from('\xa4body', 'latin1');

interface Body {
  /** Where its length is told, counted from the start of the file. */
  readonly at: number;
  readonly start: number;
  readonly length: number;
}

const frontBody = (head: Buffer): Body | null => {
  const map = head[mark.length] ?? 0;
  const inner = mark.length + 1 + responseKey.length;
  if ((map & 0xf0) !== 0x80 || !head.subarray(mark.length + 1, inner).equals(responseKey)) return null;
  if (((head[inner] ?? 0) & 0xf0) !== 0x80) return null;
  const at = inner + 1 + bodyKey.length;
  if (!head.subarray(inner + 1, at).equals(bodyKey) || head.length < at + 5) return null;
  switch (head[at]) {
    case 0xc4:
      return { at, start: at + 2, length: head.readUInt8(at + 1) };
    case 0xc5:
      return { at, start: at + 3, length: head.readUInt16BE(at + 1) };
    case 0xc6:
      return { at, start: at + 5, length: head.readUInt32BE(at + 1) };
    default:
      return null;
  }
};

const emptyBin = Buffer.from([0xc4, 0]);

const unpack = (packed: Buffer): Decoded => {
  const problem = msgpackProblem(packed);
  if (problem !== null) return { damaged: `its msgpack cannot be read: ${problem}` };
  let value: unknown;
  try {
    value = decode(packed, bounds);
  } catch (error) {
    return { damaged: `its msgpack cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const table = asTable(asTable(value)?.['response']);
  const headers = asTable(table?.['headers']);
  if (table === null || headers === null) return { damaged: 'it holds no response' };
  const lower = new Map<string, string>();
  for (const [name, text] of Object.entries(headers)) if (typeof text === 'string') lower.set(name.toLowerCase(), text);
  const status = typeof table['status'] === 'number' ? table['status'] : null;
  return { response: { status, headers: lower, inline: null }, damaged: null };
};

/**
 * Reads the head of a response that pip has cached: `cc=4,` and a msgpack map (cachecontrol/serialize.py). A body in
 * the same file, which can be gigabytes, is left where it is. Never throws.
 */
export const readResponse = (path: string, read: Reader): Decoded => {
  const size = read.facts(path)?.size ?? 0;
  const head = read.bytes(path, firstRead);
  if (head === null) return { damaged: 'it cannot be read' };
  if (head.length === 0) return { damaged: 'it is empty' };
  if (head.toString('latin1', 0, mark.length) !== mark)
    return { damaged: 'it does not begin with cc=4, so no pip of today can read it' };
  const body = frontBody(head);
  if (body === null) {
    if (size > largestWhole) return { damaged: 'its headers are too large to be a response’s' };
    const whole = size <= head.length ? head : read.bytes(path, largestWhole);
    if (whole === null) return { damaged: 'it cannot be read' };
    return withBodySomewhere(path, whole);
  }
  const end = body.start + body.length;
  if (end > size) return { damaged: 'it is cut short' };
  const rest = size <= head.length ? head.subarray(end) : read.bytes(path, largestHead + 1, end);
  if (rest === null) return { damaged: 'it cannot be read' };
  if (rest.length > largestHead) return { damaged: 'its headers are too large to be a response’s' };
  const decoded = unpack(Buffer.concat([head.subarray(mark.length, body.at), emptyBin, rest]));
  if (decoded.damaged !== null) return decoded;
  return {
    response: { ...decoded.response, inline: { path, offset: body.start, length: body.length } },
    damaged: null,
  };
};

/** Another order of keys: the library unpacks the body too, as a view into `whole`, which tells where it is. */
const withBodySomewhere = (path: string, whole: Buffer): Decoded => {
  const packed = whole.subarray(mark.length);
  const decoded = unpack(packed);
  if (decoded.damaged !== null) return decoded;
  const value: unknown = decode(packed, bounds);
  const body = asTable(asTable(value)?.['response'])?.['body'];
  if (!(body instanceof Uint8Array)) return { damaged: 'its body is missing' };
  const offset = body.byteOffset - whole.byteOffset;
  return { response: { ...decoded.response, inline: { path, offset, length: body.length } }, damaged: null };
};
