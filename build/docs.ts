import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docsPages } from './docs-pages.ts';

/* npm run docs   writes docs/caches, a page for each tool, from the catalogue. */

const folder = fileURLToPath(new URL('../docs/caches', import.meta.url));
mkdirSync(folder, { recursive: true });
const pages = await docsPages();
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
process.stdout.write(`${pages.size} pages in docs/caches\n`);
