import { expect, test } from 'vitest';
import { contradictions, keptBelow, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { homebrew } from './homebrew.ts';

const hash = 'a1'.repeat(32);
/** By download_strategy.rb and cleanup.rb; not made by a real brew. */
const made = [
  ...[
    `downloads/${hash}--wget--1.21.4.arm64_sonoma.bottle.tar.gz`,
    `downloads/${'b2'.repeat(32)}--jq-1.7.1.tar.gz.incomplete`,
  ],
  ...[
    `wget--1.21.4.bottle -> downloads/${hash}--wget--1.21.4.arm64_sonoma.bottle.tar.gz`,
    'Cask/firefox--120.0.dmg -> ../downloads/x',
  ],
  ...[
    'api/formula.jws.json',
    'neovim--git/.git/HEAD',
    'npm_cache/_cacache/x',
    '.cleaned',
    'descriptions.json',
    'mine/thesis.doc',
  ],
];

test('downloads, lists, builds’ caches and clones are units; links and the rest stay', async () => {
  const root = layout(made);
  expect(unitNames(homebrew, root)).toEqual(['api', 'downloads', 'neovim--git', 'npm_cache']);
  expect(homebrew.units(root, reader).find(({ name }) => name === 'neovim--git')?.hasGit).toBe(true);
  expect(Object.values(contradictions(homebrew, root))).toEqual([null, null, null, null]);
  expect(Object.keys(keptBelow(homebrew, root))).toEqual([
    '.cleaned',
    'Cask',
    'descriptions.json',
    'mine',
    'wget--1.21.4.bottle',
  ]);
  expect((await toldIn(homebrew, root)).filter((it) => it.startsWith('downloads'))).toEqual([
    'downloads: download, wget 1.21.4',
    'downloads: unfinished, jq 1.7.1',
  ]);
});

test('downloads of a person are none of brew’s', () => {
  const root = layout(['downloads/thesis.doc', 'api/x']);
  expect(homebrew.recognise(root, reader)).toBeNull();
  for (const why of Object.values(contradictions(homebrew, root))) expect(why).not.toBeNull();
});

test.each<[string, Parameters<typeof placeOf>[1], string, string]>([
  ['Linux', {}, '/home/ada/.cache/Homebrew', "Homebrew's default place"],
  ['macOS', { platform: 'darwin' }, '/Users/ada/Library/Caches/Homebrew', "Homebrew's default place"],
  ['the environment', { env: { HOMEBREW_CACHE: '/h' } }, '/h', 'HOMEBREW_CACHE is set'],
  [
    'its file',
    { env: { HOMEBREW_CACHE: '/h' }, files: { '/home/ada/.homebrew/brew.env': 'HOMEBREW_CACHE=/f\n' } },
    '/f',
    'HOMEBREW_CACHE in ~/.homebrew/brew.env',
  ],
  [
    'a comment',
    { files: { '/home/ada/.homebrew/brew.env': '# HOMEBREW_CACHE=/f\n' } },
    '/home/ada/.cache/Homebrew',
    "Homebrew's default place",
  ],
])('its place by %s', (_, given, path, because) => {
  expect(placeOf(homebrew, given)).toMatchObject({ path, because });
});

test.each<[string, boolean]>([
  ['/bin/bash -p /opt/homebrew/Library/Homebrew/brew.sh install wget', true],
  [
    '/opt/homebrew/Library/Homebrew/vendor/portable-ruby/current/bin/ruby -W1 --disable=gems,rubyopt /opt/homebrew/Library/Homebrew/brew.rb upgrade',
    true,
  ],
  ['brew services list', false],
  ['vim install', false],
])('%s works with it: %s', (line, expected) => {
  expect(homebrew.works?.(line.split(' '))).toBe(expected);
});
