import { describe, expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  entryLines,
  keptIn,
  made,
  rootSeen,
  unitNames,
} from '../../../../e2e/support/made-cache.ts';
import { reader } from '../../fs/reader.ts';
import { denoPackage } from '../decode/deno-entries.ts';
import { deno } from './deno.ts';

test('its place, by its own order', () => {
  expect(rootSeen(deno)).toMatchObject({ path: '/home/ada/.cache/deno', isDefault: true });
  expect(rootSeen(deno, { XDG_CACHE_HOME: '/x' }).path).toBe('/x/deno');
  expect(rootSeen(deno, {}, 'darwin').path).toBe('/Users/ada/Library/Caches/deno');
  expect(rootSeen(deno, { LOCALAPPDATA: 'D:\\l' }, 'win32').path).toBe('D:\\l\\deno');
  expect(rootSeen(deno, { DENO_DIR: '/d' })).toEqual({ path: '/d', because: 'DENO_DIR is set', isDefault: false });
  expect(rootSeen(deno, { DENO_DIR: 'd' }).problem?.code).toBe('unusable-path');
});

const source = (url: string): string =>
  `export {};\n// denoCacheMetadata=${JSON.stringify({ headers: {}, url, time: 1_700_000_000 })}`;
const name = (digit: string): string => digit.repeat(64);

describe.skipIf(process.platform === 'win32')('what stands there', () => {
  const layout = {
    [`remote/https/jsr.example/${name('a')}`]: source('https://jsr.example/@std/path/1.0.8/mod.ts'),
    [`remote/https/a.example/${name('b')}`]: 'export {};',
    [`remote/https/h.example_PORT8000/${name('c')}`]: source('https://ada:secret@h.example:8000/x.ts'),
    'npm/registry.example/@scope/thing/5.0.0/index.js': 'ten bytes.',
    'npm/registry.example/@scope/thing/registry.json': '{}',
    'npm/registry.example/left-pad/1.3.0/index.js': '',
    'gen/https/jsr.example/x.js': '',
    dep_analysis_cache_v2: 'SQLite format 3\0',
    'dep_analysis_cache_v2-wal': '',
    'location_data/abc/local_storage': 'mine',
    'deno_history.txt': 'mine',
    'latest.txt': '',
    'my_cache_v2.txt': '',
  };

  test('what it loaded; what programs stored and what was typed stay', async () => {
    const root = made(layout);
    expect(unitNames(deno, root)).toEqual([
      ...['dep_analysis_cache_v2', 'dep_analysis_cache_v2-wal', 'gen', 'remote', 'npm'],
    ]);
    const kept = keptIn(deno, root);
    expect(Object.keys(kept)).toEqual(['deno_history.txt', 'latest.txt', 'location_data', 'my_cache_v2.txt']);
    expect(kept['location_data']).toContain('localStorage');
    expect(contradictions(deno, root)).toEqual({});
    expect(deno.locks?.files(root, reader)).toEqual([`${root}/dep_analysis_cache_v2`]);
    const entries = await entriesIn(deno, root);
    expect(await entryLines(deno, root)).toEqual([
      'database, dep_analysis_cache_v2 null',
      'database, dep_analysis_cache_v2-wal null',
      'compiled, https/jsr.example null',
      'source, null null',
      'source, null null',
      'source, @std/path 1.0.8',
      'package, @scope/thing 5.0.0',
      'manifest, @scope/thing null',
      'package, left-pad 1.3.0',
    ]);
    expect(entries.slice(3, 6)).toMatchObject([
      { url: null, damaged: expect.stringContaining('note') },
      { url: 'https://h.example:8000/x.ts', damaged: null },
      { url: 'https://jsr.example/@std/path/1.0.8/mod.ts', created: '2023-11-14T22:13:20.000Z' },
    ]);
    expect(deno.recognise(root, reader)).toContain('a.example');
  });

  test('what only looks like it', () => {
    const root = made({
      'remote/backups/thesis.doc': '',
      'gen/index.html': '',
      check_cache_v1: 'no database',
      'npm/.git/HEAD': '',
    });
    expect(deno.recognise(root, reader)).toBeNull();
    expect(Object.keys(contradictions(deno, root))).toEqual(['check_cache_v1', 'gen', 'remote', 'npm']);
  });
});

test.each([
  ['https://jsr.example/@std/path/1.0.8/mod.ts', { name: '@std/path', version: '1.0.8' }],
  ['https://jsr.example/@std/path/1.0.8_meta.json', { name: '@std/path', version: '1.0.8' }],
  ['https://jsr.example/@std/path/meta.json', { name: '@std/path', version: null }],
  ['https://land.example/std@0.200.0/path/mod.ts', { name: 'std', version: '0.200.0' }],
  ['https://land.example/x/oak@v12.6.1/mod.ts', { name: 'x/oak', version: '12.6.1' }],
  ['https://h.example/mod.ts', null],
  ['no url', null],
])('%s', (url, expected) => {
  expect(denoPackage(url)).toEqual(expected);
});

test.each<[string, boolean]>([
  ['deno run -A server.ts', true],
  ['/home/ada/.deno/bin/deno install', true],
  ['deno lsp', false],
  ['deno --version', false],
  ['denoise input.wav', false],
])('%s', (line, expected) => {
  expect(deno.works?.(line.split(' '))).toBe(expected);
});
