import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { docsPages } from './docs-pages.ts';

const folder = new URL('../docs/caches/', import.meta.url);

test.skipIf(process.platform === 'win32')(
  'docs/caches says what the catalogue says: else run `npm run docs`',
  async () => {
    const pages = await docsPages();
    expect(readdirSync(fileURLToPath(folder)).toSorted()).toEqual([...pages.keys()].toSorted());
    for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
  },
);
