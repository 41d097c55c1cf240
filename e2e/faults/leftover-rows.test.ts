import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import { deadPid } from '../support/processes.ts';
import { fingerprint, write } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { clean, looked, plant, remove } from './support/leftovers.ts';
import { row } from './support/row.ts';

// Names and things that are not the copies they seem to be.

const odd = [
  '0',
  '-1',
  '99999999999',
  '1e3',
  '',
  '01',
  '4194305',
  '1 ',
  ' 1',
  '+1',
  '1.0',
  '0x10',
  '１',
  '1-',
  '1-a',
  '1\n',
];

row(62, 'names that only look like those of leftovers', {}, async (box) => {
  const planted = odd.map((suffix) => plant(box, suffix));
  const before = fingerprint(box.cache);
  const found = await box.leftovers();
  expect(found).toHaveLength(planted.length);
  for (const { verdict, cleaning, operation } of found) {
    expect({ verdict, cleaning, operation }).toEqual({ verdict: 'odd', cleaning: 'never', operation: null });
  }
  const refused = await clean(box, ['--clean', ...found.map(({ id }) => id)]);
  expect(refused).toMatchObject({ code: 3, error: 'look-first', operations: [] });
  expect((await clean(box, ['--clean-safe'])).operations).toEqual([]);
  expect(await box.recover()).toEqual([]);
  expect(fingerprint(box.cache)).toBe(before);
  planted.forEach(remove);
  return { unit: 'whole', history: [] };
});

const token = '0123456789abcdef';

row(63, 'a link to the home has the name of a leftover', {}, async (box) => {
  const pid = deadPid();
  const links = [`stale-999999`, `stale-${pid}`, `stale-${pid}-${token}`, `deleting-${pid}-${token}`].map(
    (suffix) => `${box.unit}.${suffix}`,
  );
  for (const at of links) fs.symlinkSync(box.home, at);
  const before = fingerprint(box.home);
  const found = await box.leftovers();
  // One that nobody's history knows is not even told when its name has a mark of ours; no link is ever more than odd.
  expect(found.length).toBeGreaterThan(1);
  for (const one of found) {
    expect(one).toMatchObject({ verdict: 'odd', cleaning: 'never', bytes: null });
    expect(await clean(box, ['--clean', one.id])).toMatchObject({ code: 3, error: 'look-first' });
  }
  expect((await clean(box, ['--clean-safe'])).operations).toEqual([]);
  expect(await box.recover()).toEqual([]);
  expect(fingerprint(box.home)).toBe(before);
  for (const at of links) fs.unlinkSync(at);
  return { unit: 'whole', history: [] };
});

row(64, 'real folders have names like those of leftovers', {}, async (box) => {
  const pid = deadPid();
  const planted = [
    path.join(box.home, 'Documents.stale-1'),
    path.join(box.home, `Documents.stale-${pid}`),
    path.join(box.home, '.cache', `pip-tools.stale-${pid}`),
    path.join(box.home, '.cache', `pkgs.stale-${pid}`),
    path.join(box.cache, `neighbour.stale-${pid}`),
    path.join(box.cache, `neighbour.deleting-${pid}-${token}`),
    path.join(box.cache, 'neighbour', `pkgs.stale-${pid}`),
  ];
  for (const at of planted) write(at, { thesis: 'mine' });
  const before = fingerprint(box.home);
  for (const { cleaning, path: at } of await box.leftovers())
    expect({ at, cleaning }).toEqual({ at, cleaning: 'never' });
  expect((await clean(box, ['--clean-safe'])).operations).toEqual([]);
  expect(await box.recover()).toEqual([]);
  expect(fingerprint(box.home)).toBe(before);
  planted.forEach(remove);
  await box.settled();
  return { unit: 'whole', history: [] };
});

row(64, 'a real folder has a name of ours that no history knows', {}, async (box) => {
  const planted = ['stale', 'deleting'].map((stage) => `${box.unit}.${stage}-${deadPid()}-${token}`);
  for (const at of planted) write(at, { thesis: 'mine' });
  const [stale = ''] = planted;
  // Whole, perhaps, and another history's to put back.
  expect(await looked(box, stale)).toMatchObject({ verdict: 'cannot-tell', cleaning: 'ask', operation: null });
  expect(await box.recover()).toEqual([]);
  for (const at of planted) expect(fs.readFileSync(path.join(at, 'thesis'), 'utf8')).toBe('mine');
  planted.forEach(remove);
  return { unit: 'whole', history: [] };
});

/** What stands there instead of the copy: how it comes there, and what it must be afterwards. */
const instead: readonly (readonly [string, (box: Box, at: string) => void])[] = [
  ['another folder', (_, at) => write(at, { thesis: 'mine' })],
  ['a link to the home', (box, at) => fs.symlinkSync(box.home, at)],
  ['a file', (_, at) => fs.writeFileSync(at, 'mine')],
];

for (const [what, put] of instead) {
  row(65, `${what} stands where the history has a copy`, { timeoutMs: 240_000 }, async (box) => {
    await box.begun();
    const { operations } = await box.clear(['--undo-window', '3600']);
    const stale = the(operations).asidePath ?? '';
    const away = path.join(box.scratch, 'away');
    fs.renameSync(stale, away);
    put(box, stale);
    const before = fingerprint(box.cache);
    const found = await looked(box, stale);
    expect(found).toMatchObject({ verdict: 'odd', cleaning: 'never' });
    expect(await clean(box, ['--clean', found.id])).toMatchObject({ code: 3, error: 'look-first' });
    expect((await clean(box, ['--clean-safe'])).operations).toEqual([]);
    // Within its window nothing is decided.
    expect((await box.run(['recover', '--keep-undoable', '--json'])).json()).toEqual({ operations: [] });
    expect((await box.run(['undo', the(operations).id])).code).not.toBe(0);
    // Then it is told, by name, and left alone: nothing proves that anything of it is ours.
    const ended = the(await box.recover());
    expect(ended).toMatchObject({ state: 'partial', bytes: { freed: 0 }, errors: [{ code: 'changed', path: stale }] });
    expect(fingerprint(box.cache)).toBe(before);
    expect(await box.wholeAs(away)).toBe(true);
    // A person looks, and removes it: then it is over.
    if (fs.lstatSync(stale).isDirectory()) remove(stale);
    else fs.unlinkSync(stale);
    return { unit: 'absent', history: ['partial'], recovered: ['done'] };
  });
}

row(65, 'the copy comes back after another thing stood there', { timeoutMs: 240_000 }, async (box) => {
  await box.begun();
  const { operations } = await box.clear(['--undo-window', '3600']);
  const stale = the(operations).asidePath ?? '';
  const away = path.join(box.scratch, 'away');
  fs.renameSync(stale, away);
  write(stale, { thesis: 'mine' });
  expect((await box.run(['recover', '--keep-undoable', '--json'])).json()).toEqual({ operations: [] });
  remove(stale);
  fs.renameSync(away, stale);
  expect((await box.run(['undo', the(operations).id])).code).toBe(0);
  return { unit: 'whole', history: ['undone'] };
});
