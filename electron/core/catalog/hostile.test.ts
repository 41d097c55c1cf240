import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sdistOf, wheelOf } from '../../../e2e/support/local-index.ts';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { readDistFile } from './decode/dist-file.ts';
import { readBucket } from './decode/npm-bucket.ts';
import { readNpmUrl } from './decode/npm-url.ts';
import { readBody } from './decode/pip-body.ts';
import { readResponse } from './decode/pip-response.ts';
import { requestUrl } from './decode/pip-url.ts';
import { pickFromZip } from './decode/zip.ts';
import { parseNpmrc, parsePipSection } from './settings-file.ts';
import { pip } from './tools/pip.ts';

const runs = { numRuns: 300 };

/** A good file with some bytes changed, something cut out or put in. */
const mutated = (good: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(good.length),
        cut: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(good.length)),
        put: fc.uint8Array({ maxLength: 9 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((edits) =>
      edits.reduce(
        (bytes, { at, cut, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
        good,
      ),
    );

const sealed = (json: string): string => `\n${createHash('sha1').update(json).digest('hex')}\t${json}`;
const record = sealed(
  JSON.stringify({
    key: 'k',
    integrity: 'sha512-AAAA',
    time: 1,
    size: 2,
    metadata: { url: 'https://registry.example/a' },
  }),
);

test('mutated index files never throw, and what they yield is a record', () => {
  fc.assert(
    fc.property(mutated(Buffer.from(record + record)), (bytes) => {
      const { records, damaged } = readBucket(bytes);
      for (const { key } of records) expect(typeof key).toBe('string');
      expect(damaged === null || damaged.length > 0).toBe(true);
    }),
    runs,
  );
});

test('records with any JSON in them never throw', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.dictionary(fc.constantFrom('key', 'integrity', 'time', 'size', 'metadata'), fc.anything()),
      (json, table) => {
        readBucket(Buffer.from(sealed(json)));
        let text = '{}';
        try {
          text = JSON.stringify(table) ?? '{}';
        } catch {
          // BigInt and such are no JSON.
        }
        readBucket(Buffer.from(sealed(text)));
      },
    ),
    runs,
  );
});

const response = (body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('cc=4,'),
    encode({ response: { body, headers: { a: 'b', 'content-type': 'text/html' }, status: 200 }, vary: {} }),
  ]);

test('mutated responses never throw', () => {
  const path = join(folderForTest(), 'response');
  fc.assert(
    fc.property(
      fc.constantFrom(0, 10, 300, 70_000).chain((size) => mutated(response(Buffer.alloc(size)))),
      (bytes) => {
        writeFileSync(path, bytes);
        const decoded = readResponse(path, reader);
        const inline = decoded.damaged === null ? decoded.response.inline : null;
        if (inline !== null) expect(inline.offset + inline.length).toBeLessThanOrEqual(bytes.length);
      },
    ),
    runs,
  );
});

test.each([
  ['wheels', wheelOf({ name: 'a', version: '1', kind: 'wheel' })],
  ['sdists', sdistOf({ name: 'a', version: '1', kind: 'sdist' })],
])('mutated %s never throw and always end', async (_, good) => {
  const path = join(folderForTest(), 'body');
  await fc.assert(
    fc.asyncProperty(mutated(good), async (bytes) => {
      writeFileSync(path, bytes);
      const span = { path, offset: 0, length: bytes.length };
      await readBody(reader, span);
      await pickFromZip(reader, span, () => null);
    }),
    runs,
  );
});

test('a whole unit of mutated files never throws', async () => {
  const root = folderForTest();
  const name = 'a'.repeat(56);
  const folder = join(root, 'http-v2', 'a', 'a', 'a', 'a', 'a');
  mkdirSync(folder, { recursive: true });
  await fc.assert(
    fc.asyncProperty(
      mutated(response(Buffer.alloc(0))),
      mutated(Buffer.from('<title>Links for a</title><a href="http://h.example/a-1.zip">')),
      async (head, body) => {
        writeFileSync(join(folder, name), head);
        writeFileSync(join(folder, `${name}.body`), body);
        const [unit] = pip.units(root, reader);
        let count = 0;
        if (unit) for await (const _ of pip.entries(root, unit, reader)) count += 1;
        expect(count).toBe(1);
      },
    ),
    runs,
  );
});

test('any text as a name, a URL or a settings file never throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    fc.string().map((it) => `https://h.example/${it}`),
  );
  fc.assert(
    fc.property(text, text, (a, b) => {
      readNpmUrl(a);
      readDistFile(a);
      requestUrl(a, b);
      parseNpmrc(a);
      parsePipSection(`[global]\n${a}`, 'global');
    }),
    runs,
  );
});
