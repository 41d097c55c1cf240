import { expect, test } from 'vitest';
import type { UnitId } from '../../../shared/ids.ts';
import { reader } from '../fs/reader.ts';
import { entry } from './decode/entry.ts';
import { entryHash, entryId } from './entry-id.ts';
import { folder } from './folder.ts';
import { type Selected, type SelectWish, select } from './select.ts';
import type { Tool, UnitDefinition, Wanted } from './tool.ts';

const unitOf = (name: string, more: Partial<UnitDefinition> = {}) => ({
  id: `u_${name.padStart(12, '0')}` as UnitId,
  definition: { name, kind: 'directory', rewritten: 'nothing', ...more } as const,
});
const units = [unitOf('a'), unitOf('b')];
const asked: Wanted[][] = [];

/** A tool of three packages in `a` and one in `b`, one of which never goes alone. */
const tool: Tool = {
  ...folder,
  name: 'Box',
  *entries(_, { name }) {
    if (name === 'b') yield entry('left', 'wheel', { name: 'left', version: '1', bytes: 5 });
    else {
      yield entry('x-1', 'wheel', { name: 'x', version: '1.9', bytes: 10 });
      yield entry('x-2', 'wheel', { name: 'x', version: '1.10', bytes: 20 });
      yield entry('y', 'index', { name: 'y', bytes: null });
    }
  },
  parts: (_, wanted) => {
    asked.push([...wanted]);
    const keys = wanted.flatMap(({ unit, keys: some }) =>
      (some === 'all' ? ['all'] : [...some]).map((key) => ({ unit: unit.name, key })),
    );
    return {
      moves: keys.filter(({ key }) => key !== 'y').map(({ unit, key }) => `${unit}/${key}`),
      rows: [],
      also: [],
      stays: keys.filter(({ key }) => key === 'y').map((it) => ({ ...it, why: 'others need it' })),
    };
  },
};

const selected = (
  wish: SelectWish,
  some: readonly ReturnType<typeof unitOf>[] = units,
  which = tool,
): Promise<Selected> => select(which, '/cache', some, wish, reader, Date.parse('2026-05-12T00:00:00Z'));
const idOf = (unit: number, key: string) => entryId(entryHash(units[unit]?.id ?? ('' as UnitId), key));

test('a unit all of whose entries are chosen goes as a whole', async () => {
  expect(await selected({ filter: 'left' })).toMatchObject({ whole: ['b'], asked: [], count: 1, bytes: 5 });
  expect(await selected({})).toMatchObject({ whole: ['a', 'b'], count: 4, pieceCount: 0 });
});

test('else the tool says what goes, and what stays is told with its reason', async () => {
  const found = await selected({ ids: [idOf(0, 'x-1'), idOf(0, 'y')] });
  expect(found).toMatchObject({ whole: [], asked: ['a'], count: 1, pieceCount: 1, pieceBytes: 10, staysCount: 1 });
  expect(found.plan.moves).toEqual(['a/x-1']);
  expect(found.stays[0]).toMatchObject({ entry: { name: 'y', unit: 'a' }, why: 'others need it' });
});

test('which version is not the newest is known from all of them, read in any order', async () => {
  const found = await selected({ where: { notNewest: true } });
  expect(found.plan.moves).toEqual(['a/x-1']);
});

test('what was taken out again is not part of it, and nothing alike is nothing', async () => {
  expect((await selected({ filter: 'x@', without: [idOf(0, 'x-1')] })).plan.moves).toEqual(['a/x-2']);
  expect(await selected({ ids: [entryId('0123456789abcdef')] })).toMatchObject({ whole: [], asked: [], count: 0 });
});

test('without a way to take single entries all of them stay, and the sentence says what can be done', async () => {
  const { parts: _, ...whole } = tool;
  const own = { argv: ['box', 'prune'], does: 'It prunes.', better: null };
  const found = await selected({ filter: 'x@' }, units, { ...whole, own });
  expect(found).toMatchObject({ whole: [], count: 0, staysCount: 2 });
  expect(found.stays[0]?.why).toContain('only cleared as a whole. ‘box prune’ is its own way: It prunes.');
});

test('beside units that go as wholes, only what stands elsewhere goes one by one', async () => {
  asked.length = 0;
  const found = await selected({ ids: [idOf(0, 'x-1'), idOf(1, 'left')] });
  expect(found).toMatchObject({ whole: ['b'], asked: ['a'], count: 2, pieceCount: 1 });
  expect(found.plan.moves).toEqual(['a/x-1']);
  expect(asked[0]?.map(({ unit, keys }) => [unit.name, keys])).toEqual([
    ['a', new Set(['x-1'])],
    ['b', 'all'],
  ]);
});

test('a unit that takes others along is asked about as a whole', async () => {
  asked.length = 0;
  const linked = [unitOf('a', { inParts: true }), unitOf('b')];
  expect(await selected({ whole: ['a'] }, linked)).toMatchObject({ whole: [], asked: ['a'] });
  expect(asked[0]).toMatchObject([{ unit: { name: 'a' }, keys: 'all' }]);
});

test('entries are shown largest first', async () => {
  const { entries } = await selected({ filter: 'x@' });
  expect(entries.map(({ version }) => version)).toEqual(['1.10', '1.9']);
});
