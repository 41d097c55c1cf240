import type { Child, Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { readDistFile } from './dist-file.ts';
import { entry, timestamp } from './entry.ts';
import { type Body, noBody, readBody } from './pip-body.ts';
import { UrlsOfEntries } from './pip-names.ts';
import { isIndexPage, readPage } from './pip-page.ts';
import { type Response, readResponse } from './pip-response.ts';
import { fileNameOf } from './pip-url.ts';
import type { Span } from './span.ts';
import { below, keyBelow } from './walk.ts';

/** Five levels of one hex digit, then the file (pip/_internal/network/cache.py, _get_cache_path). */
const levels = 6;
const responseName = /^[0-9a-f]{56}$/;
const bodyName = /^([0-9a-f]{56})\.body$/;

const spanOf = (read: Reader, path: string, response: Response): Span | null => {
  const body = `${path}.body`;
  const facts = read.facts(body);
  // Both formats may stand in one folder when old and new pip share it; a new pip looks at the body beside it only.
  if (facts?.kind === 'file') return { path: body, offset: 0, length: facts.size };
  return response.inline !== null && response.inline.length > 0 ? response.inline : null;
};

const announced = (response: Response): number | null => {
  const length = response.headers.get('content-length');
  return response.status === 200 && length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
};

const kindOfHeader: Readonly<Record<string, string>> = { bdist_wheel: 'wheel', sdist: 'sdist' };

/** The strongest witness first: what the index said in its headers, then the body itself, then the name in the URL. */
const nameIt = (
  { headers }: Response,
  body: Body,
  url: string | null,
): Partial<RawEntry> & { readonly kind: string } => {
  const file = url === null ? null : readDistFile(fileNameOf(url));
  return {
    kind: body.kind ?? kindOfHeader[headers.get('x-pypi-file-package-type') ?? ''] ?? file?.kind ?? 'response',
    name: headers.get('x-pypi-file-project') ?? body.name ?? file?.name ?? null,
    version: headers.get('x-pypi-file-version') ?? body.version ?? file?.version ?? null,
  };
};

const wrongBody = (response: Response, span: Span | null): string | null => {
  const expected = announced(response);
  if (span === null) return (expected ?? 1) > 0 ? 'its body is missing' : null;
  return expected !== null && expected !== span.length
    ? `its body is ${span.length} bytes and should be ${expected}`
    : null;
};

const sizesAndTimes = (read: Reader, path: string): Partial<RawEntry> => {
  const head = read.facts(path);
  const beside = read.facts(`${path}.body`);
  const used = Math.max(read.lastUse(path) ?? 0, beside === null ? 0 : (read.lastUse(`${path}.body`) ?? 0));
  return {
    bytes: (head?.size ?? 0) + (beside?.size ?? 0),
    // The head is written anew whenever the server says that the body is still good; the body is not.
    created: timestamp((beside ?? head)?.mtimeMs),
    lastUsed: used === 0 ? null : timestamp(used),
  };
};

const describe = async (read: Reader, key: string, path: string, urls: UrlsOfEntries): Promise<RawEntry> => {
  const fields = { ...sizesAndTimes(read, path), url: urls.get(path.slice(-56)) };
  const decoded = readResponse(path, read);
  if (decoded.damaged !== null) return entry(key, 'response', { ...fields, damaged: decoded.damaged });
  const { response } = decoded;
  const span = spanOf(read, path, response);
  const wrong = wrongBody(response, span);
  const page = span === null ? null : readPage(read, response, span);
  if (page !== null || isIndexPage(response)) {
    const damaged = wrong ?? (page === null ? 'this index page cannot be read' : null);
    return entry(key, 'index page', { ...fields, name: page?.project ?? null, damaged });
  }
  const body = span === null ? noBody : await readBody(read, span);
  const { kind, ...names } = nameIt(response, body, fields.url);
  return entry(key, kind, { ...fields, ...names, damaged: wrong ?? body.damaged });
};

function* responses(read: Reader, folder: string): Generator<Child> {
  for (const child of below(read, folder, levels))
    if (responseName.test(child.name) && child.kind === 'file') yield child;
}

/** What stands beside the responses: bodies on their own, and what killed pips left. */
const other = (read: Reader, key: string, child: Child): RawEntry | null => {
  const of = bodyName.exec(child.name)?.[1];
  const head = child.path.slice(0, -'.body'.length);
  if (of !== undefined && read.facts(head)?.kind === 'file') return null;
  const facts = read.facts(child.path);
  const unfinished = /^[0-9a-f]{56}.*\.(?:tmp|lock)$/.test(child.name);
  return entry(key, unfinished ? 'unfinished' : of === undefined ? 'file' : 'response', {
    name: of === undefined ? child.name : null,
    bytes: facts?.size ?? null,
    created: timestamp(facts?.mtimeMs),
    lastUsed: timestamp(read.lastUse(child.path)),
    damaged: of === undefined ? null : 'its headers are missing',
  });
};

/**
 * pip's `http-v2` (pip 23.3 and later, body in a file beside it) or `http`: an entry a response, with `bytes` of
 * both files. Two passes: the first learns URLs from cached index pages, the second tells the entries. Never throws.
 */
export async function* pipHttp(folder: string, read: Reader): AsyncGenerator<RawEntry> {
  const names = new Set<string>();
  for (const child of responses(read, folder)) names.add(child.name);
  const urls = new UrlsOfEntries(names);
  for (const child of responses(read, folder)) {
    const decoded = readResponse(child.path, read);
    if (decoded.damaged !== null) continue;
    const span = spanOf(read, child.path, decoded.response);
    if (span !== null) urls.learn(read, decoded.response, span);
  }
  for (const child of below(read, folder, levels)) {
    const key = keyBelow(folder, child.path);
    const told =
      responseName.test(child.name) && child.kind === 'file'
        ? await describe(read, key, child.path, urls)
        : other(read, key, child);
    if (told !== null) yield told;
  }
}
