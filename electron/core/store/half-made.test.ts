import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, write } from '../../../e2e/support/sandbox.ts';
import { openStore } from './store.ts';

it('removes what processes left that were killed while they made its files, and nothing else', async () => {
  const dir = sandbox();
  const halfMade = [
    'history.db.12-0123abcd.new',
    'history.db.12-0123abcd.new-journal',
    'history.begun.7.new',
    'reserve.9.new',
  ];
  const others = ['history.db.damaged-2026-05-12T101500.000Z', 'history.db.old.new', 'mine.7.new', 'reserve.new'];
  write(dir, Object.fromEntries([...halfMade, ...others].map((name) => [name, 'x'])));
  const store = await openStore(dir);
  expect(await store.history({})).toEqual([]);
  await store.close();
  const left = fs.readdirSync(dir);
  expect(left.filter((name) => halfMade.includes(name))).toEqual([]);
  for (const name of others) expect(fs.readFileSync(path.join(dir, name), 'utf8')).toBe('x');
});
