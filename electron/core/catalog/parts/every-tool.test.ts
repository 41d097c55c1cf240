import { describe, expect, test } from 'vitest';
import { idOf } from '../../../../e2e/fixtures/maker.ts';
import { fixtureNames, unpackFixture } from '../../../../e2e/fixtures/store.ts';
import { cleared, everything, expectSound, toldIn, wantedOf } from '../../../../e2e/support/cleared-parts.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { tools } from '../index.ts';
import type { PartPlan, Tool } from '../tool.ts';

const toolOf = (fixture: string): Tool | undefined => tools.find(({ id }) => id === idOf(fixture));

/** Entries that go along with another that was chosen, or cannot be without it. */
const mayGoAlong = ['cargo', 'uv', 'huggingface'];

const nothing: PartPlan = { moves: [], rows: [], also: [], stays: [] };

const fixtures = fixtureNames().flatMap((fixture) => {
  const tool = toolOf(fixture);
  return tool?.parts === undefined ? [] : [{ fixture, tool }];
});

const bad = [
  ...['..', '../..', '../../etc', '/etc/passwd', '', 'a/../..', './', '//', '\0', 'a\0b', 'C:\\Windows', '..\\..'],
  ...[
    'index ../../x y',
    'bucket ../../../x',
    'content ../../../../x',
    'content sha512/../../..',
    'tmp ..',
    'tmp ../..',
  ],
  ...['snapshots/..', 'blobs/../../x', 'blobs/..', 'package 0 x', 'not/there', '../../@v/v1.0.0', '@../..@1'],
];

describe.skipIf(process.platform === 'win32').each(fixtures)('parts of the cache of $fixture', ({ fixture, tool }) => {
  test('every other entry goes and comes back bit by bit, no key leads out, all of a unit is that unit', async () => {
    const root = unpackFixture(fixture, folderForTest());
    const all = await toldIn(tool, root);
    expect(all.length).toBeGreaterThan(0);
    for (const rest of [0, 1]) {
      const some = new Set(all.filter((_, index) => index % 2 === rest).map((entry) => `${entry.in} ${entry.key}`));
      const done = await cleared(tool, root, (entry) => some.has(`${entry.in} ${entry.key}`), {
        moreMayGo: mayGoAlong.includes(tool.id),
      });
      done.undo();
    }

    const before = everything(root);
    for (const unit of tool.units(root, reader)) {
      const plan = tool.parts?.(root, [{ unit, keys: new Set(bad) }], reader);
      expect(plan?.moves, unit.name).toEqual([]);
      expect(plan?.rows).toEqual([]);
    }

    const wanted = wantedOf(tool, root, all, all);
    expect(wanted.map(({ keys }) => keys)).toEqual(wanted.map(() => 'all'));
    const plan = tool.parts?.(root, wanted, reader) ?? nothing;
    expectSound(tool, root, plan);
    expect(plan.stays).toEqual([]);
    for (const { unit } of wanted) if (unit.name !== '.') expect(plan.moves).toContain(unit.name);
    expect(everything(root)).toEqual(before);
  });
});
