import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makerOf } from '../fixtures/makers.ts';
import { writePrecious } from '../fixtures/write-precious.ts';
import { cacheOf, clear, listed } from '../support/answers.ts';
import { linux } from '../support/caches.ts';
import { newHome } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

/*
 * Tools whose caches are made without a server: after any of their units was cleared the tool does the same again without
 * complaint, and what is precious beside them is as it was. npm, pip, pnpm and Yarn have files of their own.
 */

describe.skipIf(linux.skip)('a cache made by the real tool, and cleared unit by unit', () => {
  test.each([
    ['cargo', ['cargo']],
    ['go-mod', ['go-mod', 'go-build']],
    ['pre-commit', ['pre-commit']],
    ['ccache', ['ccache']],
  ] as const)('%s works again', { timeout: 240_000 }, async (first, ids) => {
    const home = newHome();
    const maker = makerOf(first);
    const version = await maker.make(home);
    if (typeof version !== 'string' || maker.again === undefined) {
      process.stderr.write(`SKIPPED ${first}: ${typeof version === 'string' ? '' : version.missing}\n`);
      return;
    }
    for (const id of ids) {
      const { root } = cacheOf(await listed(home), id);
      // With a fuzzing corpus beside them Go's results are 256 units, whose clears take their time.
      const kept = id === 'go-build' && process.env['LONG'] === undefined ? [] : writePrecious(id, root);
      const prints = (): readonly string[] => kept.map((file) => fingerprint(file));
      const was = prints();
      const names = cacheOf(await listed(home), id)
        .units.filter(({ present }) => present)
        .map(({ name }) => name);
      expect(names.length).toBeGreaterThan(0);
      for (const cleared of names.length > 8 ? [names] : names.map((name) => [name])) {
        const { code, operations, error } = await clear(home, [...cleared.map((name) => `${id}/${name}`), '--yes']);
        for (const { state, errors } of operations) expect([cleared, state, errors]).toEqual([cleared, 'done', []]);
        expect([cleared, code, error]).toEqual([cleared, 0, null]);
        for (const name of cleared) expect([name, fs.existsSync(path.join(root, name))]).toEqual([name, false]);
        const again = await maker.again(home);
        expect([cleared, again.code], again.stdout + again.stderr).toEqual([cleared, 0]);
        expect(prints()).toEqual(was);
      }
    }
  });
});
