import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  toldIn,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { composer } from './composer.ts';

/** As Composer 2.5.5 leaves it, with a clone as of a repository with a password. */
const cache = {
  '.htaccess': 'Deny from all',
  'files/symfony/console/0123456789abcdef0123456789abcdef01234567.zip': 'zip',
  'files/symfony/console/89abcdef0123456789abcdef0123456789abcdef.zip': 'zip',
  'repo/https---repo.packagist.org/packages.json': '{}',
  'repo/https---repo.packagist.org/provider-symfony~console.json': '{}',
  'repo/https---repo.packagist.org/provider-symfony~console~dev.json': '{}',
  'vcs/https---github.com-symfony-console.git/config':
    '[remote "origin"]\n\turl = https://ada:secret@git.example/symfony/console.git\n',
  'vcs/https---github.com-symfony-console.git/HEAD': 'ref: refs/heads/main',
};

test('downloads, answers and clones are units; what stands beside COMPOSER_HOME/cache stays', async () => {
  const home = layout({
    'auth.json': '{}',
    'config.json': '{}',
    'vendor/bin/tool': '',
    ...Object.fromEntries(Object.entries(cache).map(([name, text]) => [`cache/${name}`, text])),
    'cache/mine/thesis.doc': '',
  });
  const root = join(home, 'cache');
  expect(unitNames(composer, root)).toEqual(['files', 'repo', 'vcs']);
  expect(contradictions(composer, root)).toEqual({ files: null, repo: null, vcs: null });
  const kept = keptBelow(composer, root);
  expect(Object.keys(kept)).toEqual(['../auth.json', '../config.json', '../vendor', '.htaccess', 'mine']);
  expect(kept['../auth.json']).toContain('tokens');
  expect(composer.recognise(root, reader)).toContain('https---repo.packagist.org');
  expect(await toldIn(composer, root)).toEqual([
    'files: package, symfony/console null',
    'files: package, symfony/console null',
    'repo: metadata, https---repo.packagist.org/packages.json null',
    'repo: metadata, symfony/console null',
    'repo: metadata, symfony/console null',
    'vcs: repository, https---github.com-symfony-console.git null',
  ]);
  const urls = (await entriesIn(composer, root)).map(({ url }) => url).filter((url) => url !== null);
  expect(urls).toEqual(['https://git.example/symfony/console.git']);
});

test('when a download was last used is what Composer wrote down', async () => {
  const root = layout(cache);
  const used = new Date('2026-03-04T05:06:07Z');
  const path = join(root, 'files/symfony/console/0123456789abcdef0123456789abcdef01234567.zip');
  utimesSync(path, used, new Date('2025-01-01T00:00:00Z'));
  const [first] = await entriesIn(composer, root);
  expect([first?.created, first?.lastUsed]).toEqual(['2025-01-01T00:00:00.000Z', used.toISOString()]);
});

test('folders of a person by the same names are no cache', () => {
  const root = layout(['files/thesis.doc', 'repo/mine/x', 'vcs/my-project/.git/HEAD']);
  expect(composer.recognise(root, reader)).toBeNull();
  for (const why of Object.values(contradictions(composer, root))) expect(why).not.toBeNull();
});

test('a damaged clone is an entry', async () => {
  const root = layout({ 'vcs/https---h.example-a.git/config': '[[[\u0000\n=' });
  mkdirSync(join(root, 'files'));
  writeFileSync(join(root, 'vcs/https---h.example-a.git/HEAD'), '');
  expect(await toldIn(composer, root)).toEqual(['vcs: repository, https---h.example-a.git null']);
});

const json = (dir: string): string => JSON.stringify({ config: { 'cache-dir': dir } });
test.each<[string, Parameters<typeof placeOf>[1], string, string]>([
  ['Linux', {}, '/home/ada/.cache/composer', "Composer's default place"],
  ['XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/composer', "Composer's default place"],
  [
    'macOS',
    { platform: 'darwin', env: { XDG_CACHE_HOME: '/x' } },
    '/Users/ada/Library/Caches/composer',
    "Composer's default place",
  ],
  ['Windows', { platform: 'win32', env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\Composer', "Composer's default place"],
  [
    'its old home',
    { files: { '/home/ada/.composer/.htaccess': '', '/home/ada/.composer/cache/.htaccess': '' } },
    '/home/ada/.composer/cache',
    "Composer's default place",
  ],
  [
    'its old home beside a new one',
    {
      files: {
        '/home/ada/.config/composer/config.json': '{}',
        '/home/ada/.composer/.htaccess': '',
        '/home/ada/.composer/cache/.htaccess': '',
      },
    },
    '/home/ada/.cache/composer',
    "Composer's default place",
  ],
  [
    'the environment',
    { env: { COMPOSER_CACHE_DIR: '~/c', COMPOSER_HOME: '/h' } },
    '/home/ada/c',
    'COMPOSER_CACHE_DIR is set',
  ],
  ['a home', { env: { COMPOSER_HOME: '/h' } }, '/h/cache', 'COMPOSER_HOME is set'],
  [
    'a file',
    { files: { '/home/ada/.config/composer/config.json': json('$HOME/f') } },
    '/home/ada/f',
    'cache-dir in ~/.config/composer/config.json',
  ],
  [
    'a file of that home',
    { env: { COMPOSER_HOME: '/h' }, files: { '/h/config.json': json('{$home}/f') } },
    '/h/f',
    'cache-dir in /h/config.json',
  ],
  [
    'a broken file',
    { files: { '/home/ada/.config/composer/config.json': '{"config":{"cache-dir":["/f"]}}' } },
    '/home/ada/.cache/composer',
    "Composer's default place",
  ],
])('its place by %s', (_, given, path, because) => {
  expect(placeOf(composer, given)).toMatchObject({ path, because });
});

test.each<[string, boolean]>([
  ['php /usr/bin/composer install --no-dev', true],
  ['/usr/bin/php8.2 -d memory_limit=-1 composer.phar update', true],
  ['/usr/local/bin/composer require symfony/console', true],
  ['php composer.phar run-script serve', false],
  ['composer exec phpunit', false],
  ['composer', false],
  ['vim composer.json install', false],
  ['git add composer install', false],
])('%s works with it: %s', (line, expected) => {
  expect(composer.works?.(line.split(' '))).toBe(expected);
});
