import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { toolGrammars } from './grammars/index.ts';
import { otherExamples } from './testing/other-examples.ts';
import { packageExamples } from './testing/package-examples.ts';
import { dead, type Example, find, linux, plant, short } from './testing/tool-look.ts';

const examples = [...packageExamples, ...otherExamples];

describe.skipIf(!linux)('what tools leave', () => {
  it.each(examples)(
    '$grammar is found with its verdict, and what looks so is not',
    async ({ grammar, files, found, ...look }) => {
      const root = folderForTest();
      plant(root, files);
      const { findings, unreadable } = await find(root, look);
      const expected = Object.entries(found).map(([path, cleaning]) => `${path}: ${grammar} ${cleaning}`);
      expect(findings.map((one) => short(root, one)).sort()).toEqual(expected.sort());
      expect(unreadable).toEqual([]);
      for (const { evidence, remedy, cleaning } of findings) {
        expect(evidence.length).toBeGreaterThan(1);
        if (cleaning === 'never') expect(remedy).toMatch(/\w/);
      }
      // Looking changes nothing.
      for (const path of files) expect(existsSync(join(root, path))).toBe(true);
    },
  );

  it.each(examples.filter(({ found }) => Object.values(found).includes('safe')))(
    '$grammar is not safe right away',
    async (example) => {
      const root = folderForTest();
      plant(root, example.files);
      const { findings } = await find(root, { ...example, laterMs: 0 });
      expect(findings.length).toBeGreaterThan(0);
      for (const { cleaning } of findings) expect(cleaning).not.toBe('safe');
    },
  );

  it('is not what a person has in a project or an environment under a name like that', async () => {
    const root = folderForTest();
    plant(root, [
      'data/x',
      `data_tmp_${dead}_1/x`,
      '.staging/',
      '.a.DELETE/x',
      'a/package.json',
      '.a-abcdefgh/package.json',
    ]);
    plant(root, [
      'lib/main',
      'lib/main.c~',
      'main',
      'main.c~',
      'lib/x.so',
      'lib/x.so.c~',
      'bin/y',
      'bin/y.conda_trash',
    ]);
    plant(root, ['js/x', 'old_js_001/x', 'Cache/x', 'old_Cache_001/x', '.ignored_a/x', '~otes/x', 'notes/x']);
    expect((await find(root)).findings).toEqual([]);
    // With conda's own folder in it, it is an environment.
    plant(root, ['conda-meta/history']);
    expect((await find(root)).findings.map((one) => short(root, one))).toEqual([
      'bin/y.conda_trash: conda-trash safe',
      'lib/x.so.c~: conda-trash safe',
    ]);
  });

  it('has an example of every grammar', () => {
    const shown = new Set([...examples.map(({ grammar }) => grammar), 'npm-retired']);
    expect(toolGrammars.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
    expect(new Set(toolGrammars.map(({ id }) => id)).size).toBe(toolGrammars.length);
  });

  it('has something that only looks so beside the example of every grammar', () => {
    const isFound = (found: Example['found'], path: string): boolean =>
      Object.keys(found).some((one) => path === one || path.startsWith(`${one}/`));
    const without = toolGrammars.filter(({ id }) => {
      const own = examples.filter(({ grammar }) => grammar === id);
      return own.every(({ files, found }) => files.every((path) => isFound(found, path)));
    });
    // That of npm's retired folders stands in tool-places.test.ts.
    expect(without.map(({ id }) => id)).toEqual(['npm-retired']);
  });

  it('reads every name in next to no time', () => {
    const pieces = [
      '.',
      '~',
      '-',
      '_',
      '0',
      'a',
      'Z',
      '.c~',
      '.tmp',
      '_tmp_1',
      '.conda_trash_1',
      '-0123abcd',
      '@v',
      '\n',
      '\xe9',
    ];
    const name = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 255 })
      .map((all) => all.join('').slice(0, 255));
    fc.assert(
      fc.property(name, (text) => {
        const began = performance.now();
        for (const { pattern } of toolGrammars) pattern.exec(text);
        expect(performance.now() - began).toBeLessThan(100);
      }),
      { numRuns: 3000 },
    );
    for (const piece of pieces) {
      const began = performance.now();
      for (const { pattern } of toolGrammars) pattern.exec(`${piece.repeat(255).slice(0, 254)}!`);
      expect(performance.now() - began).toBeLessThan(100);
    }
  });
});
