import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clear, history } from '../support/answers.ts';
import { linux, manyFiles } from '../support/caches.ts';
import { newHome } from '../support/program.ts';
import { du, siblings } from '../support/sandbox.ts';

const clears = 6;

describe.skipIf(linux.skip)('several clears of the same unit at once', () => {
  test('are one clear that is done, others that find nothing or are refused, and a history that adds up', async () => {
    const home = newHome();
    const unit = `${home}/.npm/_cacache`;
    manyFiles(unit);
    const held = du(unit);
    const all = await Promise.all(Array.from({ length: clears }, () => clear(home, ['npm/_cacache', '--yes'])));
    const operations = all.flatMap((it) => it.operations);
    expect(operations).toHaveLength(clears);
    const done = operations.filter(({ state }) => state === 'done');
    expect(done.map(({ bytes }) => bytes.freed)).toEqual([held]);
    for (const { code, operations: own } of all) {
      const [operation] = own;
      const expected = operation?.state === 'refused' ? 3 : 0;
      expect({ state: operation?.state, code }).toEqual({ state: operation?.state, code: expected });
      expect(['done', 'nothing-to-do', 'refused']).toContain(operation?.state);
      const codes = (operation?.errors ?? []).map((error) => error.code);
      expect(operation?.state === 'refused' ? ['locked', 'changed', 'in-use'] : []).toEqual(
        expect.arrayContaining(codes),
      );
    }
    expect(fs.existsSync(unit)).toBe(false);
    expect(siblings(unit)).toEqual([]);
    const told = await history(home);
    expect(new Set(told.map(({ id }) => id))).toEqual(new Set(operations.map(({ id }) => id)));
    expect(told.reduce((sum, { bytes }) => sum + bytes.freed, 0)).toBe(held);
  });
});
