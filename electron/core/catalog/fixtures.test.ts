import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { precious } from '../../../e2e/fixtures/precious.ts';
import { filesBelow, fixtureNames, madeBy, privateTexts, unpackFixture } from '../../../e2e/fixtures/store.ts';
import { writePrecious } from '../../../e2e/fixtures/write-precious.ts';
import { entriesIn } from '../../../e2e/support/made-cache.ts';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { tools } from './index.ts';
import { unitPath } from './shape.ts';

/** The committed caches of e2e/fixtures/caches, made by `npm run fixtures`. */
const names = fixtureNames();
const texts = privateTexts();

test.skipIf(process.platform === 'win32').each(names)(
  '%s: is recognised, contradicts nothing, and every entry is whole',
  async (name) => {
    const { tool: id, by, version } = madeBy(name);
    const tool = tools.find((it) => it.id === id);
    if (tool === undefined) throw new Error(`no tool ${id}`);
    expect(by === 'the tool').toBe(version !== null);
    const root = unpackFixture(name, folderForTest());
    const units = tool.units(root, reader);
    expect(units.map((unit) => [unit.name, tool.contradiction(root, unit, reader)])).toEqual(
      units.map((unit) => [unit.name, null]),
    );
    const entries = await entriesIn(tool, root);
    expect(entries.length).toBeGreaterThan(0);
    if (by === 'the tool') {
      expect(tool.recognise(root, reader)).not.toBeNull();
      expect(entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
    }
    for (const path of filesBelow(root)) {
      const told = `${path.slice(root.length)} ${readFileSync(path, 'latin1')}`;
      expect([path, texts.filter((text) => told.includes(text))]).toEqual([path, []]);
    }
  },
);

test.skipIf(process.platform === 'win32').each(Object.keys(precious))(
  '%s: what is precious is in no unit, and told with a reason',
  (id) => {
    const tool = tools.find((it) => it.id === id);
    if (tool === undefined) throw new Error(`no tool ${id}`);
    const root = unpackFixture(id, folderForTest());
    const paths = writePrecious(id, root);
    const kept = tool.keeps(root, reader);
    const units = tool.units(root, reader).map((unit) => unitPath(root, unit));
    const within = (path: string, dir: string): boolean => path === dir || path.startsWith(`${dir}/`);
    for (const path of paths) {
      const its = kept.find((it) => within(path, it.path));
      expect([path, its?.why ?? null]).toEqual([path, expect.stringMatching(/\.$/)]);
      expect([path, units.filter((unit) => within(path, unit))]).toEqual([path, []]);
    }
  },
);
