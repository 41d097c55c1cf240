import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { docsPages } from '../build/docs-pages.ts';
import { tools } from '../electron/core/catalog/index.ts';
import { fixtureNames, madeBy } from './fixtures/store.ts';

const folder = new URL('../docs/caches/', import.meta.url);

test('every tool of the catalogue has a committed cache, and each of those is of a tool', () => {
  const of = new Set(fixtureNames().map((name) => madeBy(name).tool));
  // What no tool knows has no layout of its own.
  expect(tools.map(({ id }) => id).filter((id) => id !== 'other' && !of.has(id))).toEqual([]);
  expect([...of].filter((id) => tools.every((tool) => tool.id !== id))).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'docs/caches says what the catalogue says: else run `npm run docs`',
  async () => {
    const pages = await docsPages();
    expect(readdirSync(fileURLToPath(folder)).toSorted()).toEqual([...pages.keys()].toSorted());
    for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
  },
);
