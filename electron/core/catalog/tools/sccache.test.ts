import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
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
import { sccache } from './sccache.ts';

const toml = '[dist]\ncache_dir = "/no"\n[cache.disk]\ndir = "/f" # here\nsize = 7\n';

test.each([
  ['Linux', {}, '/home/ada/.cache/sccache'],
  ['macOS', { platform: 'darwin' as const }, '/Users/ada/Library/Caches/Mozilla.sccache'],
  ['Windows', { platform: 'win32' as const, env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\Mozilla\\sccache'],
  ['SCCACHE_DIR', { env: { SCCACHE_DIR: '/s' }, files: { '/home/ada/.config/sccache/config': toml } }, '/s'],
  ['its settings', { files: { '/home/ada/.config/sccache/config': toml } }, '/f'],
  ['SCCACHE_CONF', { env: { SCCACHE_CONF: '/c' }, files: { '/c': toml } }, '/f'],
  [
    'settings of something else',
    { files: { '/home/ada/.config/sccache/config': '[cache.s3]\ndir = "/no"\n' } },
    '/home/ada/.cache/sccache',
  ],
])('the place, %s', (_, given, path) => {
  const root = placeOf(sccache, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

/** A zip with empty members of these names, stored. */
const zipOf = (...names: readonly string[]): Buffer => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    files.push(local, Buffer.from(name));
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
};

// Written by hand, as src/cache/disk.rs lays it out.
test('results are named by what was made', async () => {
  const key = (begin: string): string => begin.padEnd(64, '0');
  const root = layout([
    `a/b/${key('ab1')}`,
    `a/b/${key('ab2')}`,
    `a/c/${key('ac3')}`,
    'preprocessor/0/1/x',
    '.sccachetmp01',
  ]);
  writeFileSync(join(root, 'a', 'b', key('ab1')), zipOf('stderr', 'libserde-0123.rlib', 'stdout'));
  writeFileSync(join(root, 'a', 'b', key('ab2')), zipOf('obj', 'stderr'));
  expect(unitNames(sccache, root)).toEqual(['.']);
  expect(keptBelow(sccache, root)).toEqual({});
  expect(contradictions(sccache, root)).toEqual({ '.': null });
  expect(sccache.recognise(root, reader)).toContain('a/b/ab1');
  const told = (await entriesIn(sccache, root)).map(({ kind, name, damaged }) => [
    kind,
    name?.slice(0, 18),
    damaged?.slice(0, 9) ?? null,
  ]);
  expect(told).toEqual([
    ['helper', '.sccachetmp01', null],
    ['result', 'libserde-0123.rlib', null],
    ['result', key('ab2').slice(0, 18), null],
    ['result', key('ac3').slice(0, 18), 'It is not'],
    ['helper', 'preprocessor', null],
  ]);
});

test('what else stands there stays, and folders of a person are contradicted', () => {
  const root = layout(['a/b/x', 'notes.txt']);
  expect(unitNames(sccache, root)).toEqual(['a']);
  expect(Object.keys(keptBelow(sccache, root))).toEqual(['notes.txt']);
  expect(contradictions(sccache, layout(['a/thesis.doc']))).toEqual({ '.': expect.stringContaining('thesis.doc') });
});

test('a person’s folders that look alike are contradicted', () => {
  for (const names of [['preprocessor/thesis.doc'], ['a/b/thesis.doc'], ['a/b/thesis.doc', 'preprocessor/x']] as const)
    expect(contradictions(sccache, layout(names))).toEqual({
      '.': expect.stringMatching(/thesis\.doc|No folder 0 to f/),
    });
});

test('its server is sccache without a word', () => {
  expect(sccache.works?.(['/usr/bin/sccache'])).toBe(true);
  expect(sccache.works?.(['sccache', 'rustc', '--version'])).toBe(true);
  expect(sccache.works?.(['sccache', '--show-stats'])).toBe(false);
});

const there =
  process.platform === 'linux' &&
  (await run('sccache', ['--version'])).code === 0 &&
  (await run('cc', ['--version'])).code === 0;

/** A port that nobody listens on, for a server of its own. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe.skipIf(!there)(`the real sccache${there ? '' : ' (SKIPPED: there is no sccache or no compiler here)'}`, () => {
  test('its results are found, and it goes on after all of it is set aside', { timeout: 120_000 }, async () => {
    const home = folderForTest();
    const root = join(home, '.cache', 'sccache');
    const src = join(home, 'src');
    mkdirSync(src);
    const results = async () => (await entriesIn(sccache, root)).filter(({ kind }) => kind === 'result');
    /** With a server of its own, until as many results are there: it writes them after it has answered. */
    const compile = async (...names: readonly string[]): Promise<void> => {
      const port = `${await freePort()}`;
      const env = environmentWithout(/^(SCCACHE|XDG_|RUSTC)/, { HOME: home, SCCACHE_SERVER_PORT: port });
      onTestFinished(async () => {
        await run('sccache', ['--stop-server'], { env });
      });
      for (const name of names) {
        writeFileSync(join(src, `${name}.c`), `int ${name}(void) { return 1; }\n`);
        const ran = await run('sccache', ['cc', '-c', `${name}.c`, '-o', `${name}.o`], { cwd: src, env });
        expect(ran.stderr + ran.code).toMatch(/0$/);
      }
      const written = async (): Promise<boolean> =>
        (await results()).filter(({ damaged }) => damaged === null).length === names.length;
      for (let waited = 0; waited < 300 && !(await written()); waited += 1) await sleep(100);
      expect((await results()).map(({ damaged }) => damaged)).toEqual(names.map(() => null));
    };
    await compile('a', 'b');
    expect(unitNames(sccache, root)).toEqual(['.']);
    expect(contradictions(sccache, root)).toEqual({ '.': null });
    expect(sccache.recognise(root, reader)).toContain('as sccache keeps them');
    renameSync(root, `${root}.stale-1-0123456789abcdef`);
    await compile('a', 'c', 'd');
  });
});
