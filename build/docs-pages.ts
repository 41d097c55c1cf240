import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureNames, madeBy, unpackFixture } from '../e2e/fixtures/store.ts';
import { writePrecious } from '../e2e/fixtures/write-precious.ts';
import { tools } from '../electron/core/catalog/index.ts';
import { toolGrammars } from '../electron/core/leftovers/grammars/index.ts';
import { docsPage } from './docs-page.ts';

const index = (names: readonly (readonly [id: string, name: string])[]): string =>
  [
    '# Caches that are known',
    '',
    '<!-- Made by `npm run docs` from electron/core/catalog: change it there. -->',
    '',
    ...names.map(([id, name]) => `- [${name}](${id}.md)`),
    '',
  ].join('\n');

/** Every page of docs/caches by its file's name. */
export const docsPages = async (): Promise<ReadonlyMap<string, string>> => {
  const pages = new Map<string, string>();
  const there = fixtureNames();
  for (const tool of tools) {
    const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'cache-inspector-docs-')));
    try {
      const isThere = there.includes(tool.id);
      const root = isThere ? unpackFixture(tool.id, folder) : null;
      if (root !== null) writePrecious(tool.id, root);
      const made = isThere ? madeBy(tool.id) : null;
      const by = made?.version == null ? 'written by hand' : `made by version ${made.version}`;
      const grammars = toolGrammars.filter((grammar) => grammar.tool === tool.id);
      pages.set(`${tool.id}.md`, await docsPage({ tool, root, madeBy: by, grammars }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const names = tools.map(({ id, name }) => [id, name] as const);
  pages.set('README.md', index(names.toSorted(([, a], [, b]) => a.localeCompare(b, 'en'))));
  return pages;
};
