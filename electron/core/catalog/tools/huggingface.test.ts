import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesIn, layout } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { sizeOf } from '../decode/walk.ts';
import { huggingface } from './huggingface.ts';

const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
const repo = 'models--org--a-model';

// Written by hand, as huggingface_hub/file_download.py makes it: the hub cannot be reached from a test.
test('revisions are told with what each alone uses, what refers to them, and the sum is that of the folder', async () => {
  const root = layout({
    [`${repo}/blobs/aaaa`]: 'shared by both',
    [`${repo}/blobs/bbbb`]: 'of one',
    [`${repo}/blobs/cccc`]: 'of two, and of it twice',
    [`${repo}/blobs/dddd`]: 'nobody’s',
    [`${repo}/blobs/eeee.0123abcd.incomplete`]: 'half',
    [`${repo}/refs/main`]: two,
    [`${repo}/refs/pr/1`]: two,
    [`${repo}/.no_exist/${two}/tokenizer.json`]: '',
    [`${repo}/snapshots/${one}/config.json -> ../../blobs/aaaa`]: '',
    [`${repo}/snapshots/${one}/model.bin -> ../../blobs/bbbb`]: '',
    [`${repo}/snapshots/${one}/gone.bin -> ../../blobs/ffff`]: '',
    [`${repo}/snapshots/${two}/config.json -> ../../blobs/aaaa`]: '',
    [`${repo}/snapshots/${two}/deep/er/model.bin -> ../../../../blobs/cccc`]: '',
    [`${repo}/snapshots/${two}/copy.bin -> ../../blobs/cccc`]: '',
  });
  const entries = await entriesIn(huggingface, root);
  const told = entries.map(({ key, kind, usedBy, damaged }) => [key, kind, usedBy, damaged]);
  expect(told).toEqual([
    [`snapshots/${one}`, 'model', [], '1 of its files is not there: it was not downloaded to its end.'],
    [`snapshots/${two}`, 'model', ['main', 'pr/1'], null],
    ['blobs', 'shared files', [one, two], null],
    ['blobs/dddd', 'file of no revision', [], null],
    ['blobs/eeee.0123abcd.incomplete', 'unfinished', [], null],
    ['notes', 'notes', null, null],
  ]);
  const links = (...names: readonly string[]): number => names.reduce((sum, name) => sum + name.length, 0);
  expect(entries[0]?.bytes).toBe(6 + 3 * links('../../blobs/aaaa'));
  expect(entries[1]?.bytes).toBe(23 + 2 * links('../../blobs/aaaa') + links('../../../../blobs/cccc'));
  expect(entries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(sizeOf(reader, join(root, repo)));
  expect(new Set(entries.map(({ name }) => name))).toEqual(new Set(['org/a-model']));
});

test('a link that leads out of the repository is none of its files', async () => {
  const root = layout({
    'other/secret': 'a secret of a person, not to be counted',
    [`${repo}/blobs/aaaa`]: 'ten bytes.',
    [`${repo}/snapshots/${one}/a -> ../../../other/secret`]: '',
    [`${repo}/snapshots/${one}/b -> ../../blobs`]: '',
    [`${repo}/snapshots/${one}/c -> c`]: '',
  });
  const entries = await entriesIn(huggingface, root);
  expect(entries.map(({ key, damaged }) => [key, damaged?.slice(0, 1) ?? null])).toEqual([
    [`snapshots/${one}`, '3'],
    ['blobs/aaaa', null],
  ]);
});

test('without links, as on Windows, files of a revision are its own', async () => {
  const root = layout([`${repo}/snapshots/${one}/model.bin`, `${repo}/refs/main`]);
  writeFileSync(join(root, repo, 'refs', 'main'), `${one}\n`);
  const [revision] = await entriesIn(huggingface, root);
  expect([revision?.bytes, revision?.usedBy, revision?.damaged]).toEqual([10, ['main'], null]);
});
