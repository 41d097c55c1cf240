import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { environmentWithout, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { ccache } from './ccache.ts';

const tag = 'Signature: 8a477f597d28d172789f06886806bc55\n';

test.each([
  ['Linux', {}, '/home/ada/.cache/ccache'],
  ['XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/ccache'],
  ['where it was before 4.0', { files: { '/home/ada/.ccache/ccache.conf': '' } }, '/home/ada/.ccache'],
  ['CCACHE_DIR', { env: { CCACHE_DIR: '/c' }, files: { '/home/ada/.ccache/ccache.conf': '' } }, '/c'],
  ['its settings', { files: { '/home/ada/.config/ccache/ccache.conf': '# x\n  cache_dir =  /f \n' } }, '/f'],
  ['a variable in them', { env: { HOME: '/h' }, files: { '/etc/ccache.conf': 'cache_dir = $HOME/c' } }, '/h/c'],
  [
    'the person before the system',
    { files: { '/etc/ccache.conf': 'cache_dir=/e', '/home/ada/.config/ccache/ccache.conf': 'cache_dir=/f' } },
    '/f',
  ],
  ['macOS', { platform: 'darwin' as const }, '/Users/ada/Library/Caches/ccache'],
  ['Windows', { platform: 'win32' as const, env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\ccache'],
])('the place, %s', (_, given, path) => {
  const root = placeOf(ccache, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

/** A head as core/cacheentry.cpp writes it. */
const head = (type: number, seconds: number, version: string, namespace = ''): string => {
  const numbers = Buffer.alloc(15);
  numbers.writeUInt16BE(0xccac, 0);
  numbers.set([1, type, 1, 1, 1], 2);
  numbers.writeBigUInt64BE(BigInt(seconds), 7);
  const text = (it: string): Buffer => Buffer.from([it.length, ...Buffer.from(it)]);
  return Buffer.concat([numbers, text(version), text(namespace), Buffer.alloc(8)]).toString('latin1');
};

const hash = '0123456789abcdefghijklmnopqrstuv';

test('its settings are in no unit, and heads are read', async () => {
  const root = layout({
    'ccache.conf': 'max_size = 5G\n',
    'a/CACHEDIR.TAG': tag,
    'a/stats': '0\n',
    'a/b/stats': '0\n',
    [`a/b/${hash}M`]: 'no head at all, but long enough to be one',
    'tmp/cpp.1234': '0123456789',
  });
  writeFileSync(join(root, 'a', 'b', `${hash}R`), head(0, 1_700_000_000, '4.7.5', 'mine'), 'latin1');
  expect(unitNames(ccache, root)).toEqual(['a', 'tmp']);
  expect(keptBelow(ccache, root)).toEqual({ 'ccache.conf': 'Your settings of ccache.' });
  expect(contradictions(ccache, root)).toEqual({ a: null, tmp: null });
  expect(ccache.recognise(root, reader)).toContain('CACHEDIR.TAG');
  const told = (await entriesIn(ccache, root)).map(({ kind, name, version, created, damaged }) =>
    kind === 'result' || kind === 'manifest' ? [kind, name, version, created, damaged] : [kind, name],
  );
  expect(told).toEqual([
    ['note', 'CACHEDIR.TAG'],
    ['manifest', `${hash}M`, null, expect.any(String), 'It does not begin as ccache begins its files.'],
    ['result', `mine: ${hash}R`, '4.7.5', '2023-11-14T22:13:20.000Z', null],
    ['note', 'stats'],
    ['note', 'stats'],
    ['helper', 'cpp.1234'],
  ]);
});

test('a person’s folders of one letter are none of ccache', () => {
  const root = layout(['a/thesis.doc']);
  expect(contradictions(ccache, root)).toEqual({ '.': expect.stringContaining('No folder 0 to f') });
  expect(contradictions(ccache, layout(['a/thesis.doc', 'b/stats']))).toEqual({
    '.': expect.stringContaining('thesis.doc'),
  });
  expect(ccache.recognise(root, reader)).toBeNull();
});

test('tmp of a person is no part of it, alone or beside an empty folder', () => {
  for (const names of [['tmp/thesis.doc'], ['tmp/thesis.doc', 'a/']] as const)
    expect(contradictions(ccache, layout(names))).toEqual({ '.': expect.stringContaining('No folder 0 to f') });
  expect(contradictions(ccache, layout(['tmp/thesis.doc', 'notes.txt']))).toEqual({
    tmp: expect.stringContaining('No folder 0 to f'),
  });
});

const there =
  process.platform === 'linux' &&
  (await run('ccache', ['--version'])).code === 0 &&
  (await run('cc', ['--version'])).code === 0;

describe.skipIf(!there)(`the real ccache${there ? '' : ' (SKIPPED: there is no ccache or no compiler here)'}`, () => {
  test('counts the same, and goes on after all of it is set aside', { timeout: 60_000 }, async () => {
    const home = folderForTest();
    mkdirSync(join(home, 'src'));
    const env = environmentWithout(/^(CCACHE|XDG_)/, { HOME: home });
    const compile = async (): Promise<void> => {
      for (const name of ['a', 'b', 'c']) {
        writeFileSync(join(home, 'src', `${name}.c`), `int ${name}(void) { return 1; }\n`);
        expect((await run('ccache', ['cc', '-c', `${name}.c`], { cwd: join(home, 'src'), env })).code).toBe(0);
      }
    };
    await compile();
    const root = join(home, '.cache', 'ccache');
    expect(unitNames(ccache, root)).toEqual(['.']);
    expect(contradictions(ccache, root)).toEqual({ '.': null });
    expect(ccache.recognise(root, reader)).toContain('counters');
    const entries = await entriesIn(ccache, root);
    expect(entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
    const stats = (await run('ccache', ['--print-stats'], { env })).stdout;
    const files = entries.filter(({ kind }) => kind === 'result' || kind === 'manifest');
    expect(stats).toContain(`files_in_cache\t${files.length}\n`);
    for (const { created, version } of files) {
      expect(Date.now() - Date.parse(created ?? '')).toBeLessThan(120_000);
      expect(version).toMatch(/^4\./);
    }
    renameSync(root, `${root}.stale-1-0123456789abcdef`);
    await compile();
    expect(existsSync(root)).toBe(true);
    expect(unitNames(ccache, root)).toEqual(['.']);
  });
});
