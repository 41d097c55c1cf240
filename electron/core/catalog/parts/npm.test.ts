import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleared, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { folderForTest, newFolder, removeFolder } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { npm } from '../tools/npm.ts';

const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, text);
};

const digestOf = (body: string): Buffer => createHash('sha512').update(body).digest();
const integrityOf = (body: string): string => `sha512-${digestOf(body).toString('base64')}`;
const contentOf = (root: string, body: string): string => {
  const hex = digestOf(body).toString('hex');
  return join(root, '_cacache', 'content-v2', 'sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
};

const line = (record: object): string => {
  const json = JSON.stringify(record);
  return `\n${createHash('sha1').update(json).digest('hex')}\t${json}`;
};

const urlOf = (name: string): string => `https://registry.example/${name}/-/${name}-1.0.0.tgz`;
const keyOf = (name: string): string => `make-fetch-happen:request-cache:${urlOf(name)}`;

const record = (name: string, body: string | null): string =>
  line({
    key: keyOf(name),
    integrity: body === null ? null : integrityOf(body),
    time: 1_700_000_000_000,
    size: body?.length ?? 0,
    metadata: { url: urlOf(name) },
  });

const bucketFor = (name: string): string => {
  const hex = createHash('sha256').update(keyOf(name)).digest('hex');
  return `${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}`;
};

/** A record in its own bucket, or in another: several keys in one file are what a hash that is met twice would give. */
const add = (root: string, name: string, body: string | null, bucket = bucketFor(name)): void => {
  put(join(root, '_cacache', 'index-v5', bucket), record(name, body));
  if (body !== null && !existsSync(contentOf(root, body))) put(contentOf(root, body), body);
};

test('content goes with the last record that leads to it, and the record before it', async () => {
  const root = folderForTest();
  add(root, 'one', 'shared');
  add(root, 'two', 'shared');
  add(root, 'three', 'own');
  const first = await cleared(npm, root, ({ name }) => name === 'one' || name === 'three');
  const [a = '', b = '', content] = first.plan.moves;
  expect([a, b].every((path) => path.startsWith('_cacache/index-v5/'))).toBe(true);
  expect(content).toBe(contentOf(root, 'own').slice(root.length + 1));
  expect(first.plan.moves.length).toBe(3);
  first.undo();
  const both = await cleared(npm, root, ({ name }) => name !== 'three');
  expect(both.plan.moves.at(-1)).toBe(contentOf(root, 'shared').slice(root.length + 1));
});

test('a record that shares its file with one that was not chosen stays, unless that one is dead', async () => {
  const root = folderForTest();
  add(root, 'one', 'first', 'aa/bb/both');
  add(root, 'two', 'second', 'aa/bb/both');
  add(root, 'gone', null, 'aa/bb/both');
  const one = await cleared(npm, root, ({ name }) => name === 'one');
  expect(one.plan.moves).toEqual([]);
  expect(one.plan.stays).toMatchObject([{ unit: '_cacache', why: expect.stringContaining('one file with others') }]);
  const both = await cleared(npm, root, ({ kind }) => kind !== 'index');
  expect(both.plan.stays).toEqual([]);
  expect(both.plan.moves).toEqual(['_cacache']);
  both.undo();
  add(root, 'three', 'third');
  const again = await cleared(npm, root, ({ name }) => name === 'one' || name === 'two');
  expect(again.plan.moves.length).toBe(3);
});

test('what leads where cannot be known while an index file cannot be read', async () => {
  const root = folderForTest();
  add(root, 'one', 'first');
  put(contentOf(root, 'orphan'), 'orphan');
  put(join(root, '_cacache', 'index-v5', 'ff/ff/large'), 'x'.repeat(4 * 1024 * 1024 + 1));
  const some = await cleared(npm, root, ({ kind }) => kind !== 'index');
  expect(some.plan.moves).toEqual([]);
  expect(some.plan.stays.length).toBe(2);
  put(join(root, '_cacache', 'tmp', 'left'), 'x');
  const withIt = await cleared(npm, root, ({ kind }) => kind !== 'unfinished');
  expect(withIt.plan.stays).toEqual([]);
  expect(withIt.plan.moves.length).toBe(4);
});

const one = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  body: fc.option(fc.constantFrom('1', '22', '333', '4444'), { freq: 5 }),
  bucket: fc.option(fc.constantFrom('aa/aa/x', 'aa/ab/y'), { freq: 1 }),
});

test('whatever is chosen, no record that stays loses its content, and none that goes leaves it behind', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 12 }),
      fc.array(fc.constantFrom('orphan', 'other'), { maxLength: 2 }),
      fc.boolean(),
      fc.infiniteStream(fc.boolean()),
      async (records, orphans, isBroken, chosen) => {
        const root = newFolder();
        try {
          for (const { name, body, bucket } of records) add(root, name, body, bucket ?? undefined);
          for (const body of orphans) if (!existsSync(contentOf(root, body))) put(contentOf(root, body), body);
          if (isBroken) put(join(root, '_cacache', 'index-v5', 'aa/aa/x'), '\nno record');
          put(join(root, '_cacache', 'tmp', 'left'), 'x');
          const told = await toldIn(npm, root);
          const picks = new Map(told.map(({ key }) => [key, chosen.next().value === true]));
          const done = await cleared(npm, root, ({ key }) => picks.get(key) === true);
          const left = await toldIn(npm, root);
          expect(left.filter(({ damaged }) => damaged?.includes('missing'))).toEqual([]);
          for (const { unit, key, why } of done.plan.stays)
            expect([unit, picks.get(key), why.length > 20]).toEqual(['_cacache', true, true]);
          done.undo();
        } finally {
          removeFolder(root);
          removeFolder(`${root}.stale-1`);
        }
      },
    ),
    { numRuns: process.env['LONG'] ? 500 : 40 },
  );
});

test('to choose some of 50,000 records takes less than 2 seconds, and on a busy machine no longer than to list them', {
  timeout: 600_000,
  skip: !process.env['LONG'],
}, async () => {
  const root = folderForTest();
  const many = 50_000;
  for (let index = 0; index < many; index += 1) add(root, `p${index}`, `p${index}`);
  const listing = performance.now();
  const keys = new Set((await toldIn(npm, root)).filter((_, at) => at % 2 === 0).map(({ key }) => key));
  const [unit] = npm.units(root, reader);
  if (unit === undefined) throw new Error('no unit');
  const start = performance.now();
  const plan = npm.parts?.(root, [{ unit, keys }], reader);
  const took = performance.now() - start;
  expect(plan?.moves.length).toBe(many);
  expect(took).toBeLessThan(Math.max(2000, start - listing));
});
