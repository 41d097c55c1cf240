import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../shared/errors.ts';
import type { Cache } from '../../shared/model.ts';
import { cacheOf, clear, history, listed, the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint, write } from '../support/sandbox.ts';

const tag = { 'CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55\n', 'some/file': 'x' };

const add = async (home: string, ...words: readonly string[]) => {
  const ran = await inspect(home, ['add', ...words, '--json']);
  const said = ran.json<Cache & { error?: ApiError }>();
  return { code: ran.code, cache: said, error: said.error?.code ?? null };
};

describe.skipIf(linux.skip)('a folder that a person adds', () => {
  test('needs evidence that it is a cache, or their word, and keeps its id from then on', async () => {
    const home = newHome();
    write(home, { 'tagged/x': '', 'plain/x': 'x' });
    write(path.join(home, 'tagged'), tag);
    const plain = path.join(home, 'plain');
    expect(await add(home, plain)).toMatchObject({ code: 3, error: 'no-evidence' });
    expect(await add(home, path.join(home, 'nothing'))).toMatchObject({ code: 3, error: 'unusable-path' });
    expect((await listed(home)).filter(({ tool }) => tool === 'folder')).toEqual([]);

    const tagged = await add(home, path.join(home, 'tagged'));
    expect(tagged).toMatchObject({ code: 0, cache: { tool: 'folder', root: path.join(home, 'tagged') } });
    expect(tagged.cache.because).toContain('CACHEDIR.TAG');
    const said = await add(home, plain, '--this-is-a-cache');
    expect(said).toMatchObject({ code: 0, cache: { tool: 'folder', root: plain } });
    const known = (await listed(home)).filter(({ tool }) => tool === 'folder');
    expect(known.map(({ id }) => id)).toEqual([tagged.cache.id, said.cache.id]);
    expect((await add(home, plain, '--this-is-a-cache')).cache.id).toBe(said.cache.id);

    const forgotten = await inspect(home, ['forget', said.cache.id, '--json']);
    expect(forgotten.code).toBe(0);
    expect((await listed(home)).map(({ id }) => id)).not.toContain(said.cache.id);
    expect(fs.readdirSync(plain)).toEqual(['x']);
    expect((await clear(home, [plain, '--yes'])).error).toMatchObject({ code: 'unknown-cache' });
  });

  test('is never a protected place, a link, a working copy or a file, whatever they say', async () => {
    const home = newHome();
    write(home, { 'Documents/x': 'x', 'work/.git/HEAD': 'ref', file: 'x', 'real/x': 'x' });
    fs.symlinkSync('real', path.join(home, 'link'));
    const before = fingerprint(home);
    for (const [name, code] of [
      ['.', 'protected-place'],
      ['..', 'protected-place'],
      ['Documents', 'protected-place'],
      ['work', 'version-controlled'],
      ['file', 'not-a-directory'],
      ['link', 'symbolic-link'],
    ] as const) {
      const refused = await add(home, path.join(home, name), '--this-is-a-cache');
      expect({ name, exit: refused.code, code: refused.error }).toEqual({ name, exit: 3, code });
    }
    expect(fingerprint(home)).toBe(before);
  });

  test("is recognised as pip's when it is a pip cache that was moved, and shown in pip's terms", async () => {
    const home = newHome();
    const moved = path.join(home, 'disk', 'old-pip');
    write(moved, { 'http-v2/a/b/c/d/e/abcde': 'x', 'wheels/ab/cd/x': '' });
    expect(await add(home, moved)).toMatchObject({ code: 0, cache: { tool: 'pip', root: moved } });
    const added = the(await listed(home), ({ root }) => root === moved);
    expect(added.units.filter(({ present }) => present).map(({ name }) => name)).toEqual(['http-v2', 'wheels']);
    const { code, operations } = await clear(home, [path.join(moved, 'http-v2'), '--yes']);
    expect({ code, tool: the(operations).tool, unit: the(operations).unit }).toEqual({
      code: 0,
      tool: 'pip',
      unit: 'http-v2',
    });
    expect(fs.readdirSync(moved)).toEqual(['wheels']);
  });

  test('is ambiguous by the name of its tool when there are two, and each can be named by id or path', async () => {
    const home = newHome();
    for (const name of ['one', 'two']) {
      write(path.join(home, name), tag);
      await add(home, path.join(home, name));
    }
    expect(await clear(home, ['folder', '--yes'])).toMatchObject({ code: 2, error: { code: 'ambiguous' } });
    const { id } = the(await listed(home), ({ root }) => root === path.join(home, 'two'));
    expect(await clear(home, [id, '--yes'])).toMatchObject({ code: 0 });
    expect([fs.existsSync(path.join(home, 'one')), fs.existsSync(path.join(home, 'two'))]).toEqual([true, false]);
    expect(the(await history(home))).toMatchObject({ tool: 'folder', unit: '.', path: path.join(home, 'two') });
  });
});

describe.skipIf(linux.skip)('what names a cache or a unit', () => {
  test('is its id, which is the same in every process, its tool, or its path however that is written', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const [first, second] = [cacheOf(await listed(home), 'npm'), cacheOf(await listed(home, ['--no-scan']), 'npm')];
    expect(second).toEqual(first);
    const id = the(first.units, ({ path: at }) => at === unit).id;
    for (const name of [id, 'npm/_cacache', unit, `${unit}/`, `${unit}/.`, `${home}/.npm/../.npm//_cacache`]) {
      const planned = await inspect(home, ['plan', name, '--json']);
      expect({ name, code: planned.code }).toEqual({ name, code: 0 });
      expect(planned.json<{ plan: { steps: { unit: string }[] } }>().plan.steps.map((step) => step.unit)).toEqual([id]);
    }
    const cwd = path.join(home, '.npm');
    expect(await clear(home, ['./_cacache/', '--yes'], { cwd })).toMatchObject({ code: 0 });
    expect(fs.existsSync(unit)).toBe(false);
    expect(the((await clear(home, [first.id, '--yes'])).operations, (it) => it.path === unit).state).toBe(
      'nothing-to-do',
    );
  });
});
