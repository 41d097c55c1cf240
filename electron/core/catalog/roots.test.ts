import { describe, expect, test } from 'vitest';
import { folder } from './index.ts';
import { surroundings } from './surroundings.ts';
import { type Given, rootOf } from './testing/root-of.ts';

const pipConf = (dir: string): string => `[global]\ncache-dir = ${dir}\n`;

test.each<[string, string, Given, string]>([
  ['pip', 'Linux', {}, '/home/ada/.cache/pip'],
  ['pip', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/pip'],
  ['pip', 'Linux, empty XDG', { env: { XDG_CACHE_HOME: '' } }, '/home/ada/.cache/pip'],
  ['pip', 'macOS', { platform: 'darwin' }, '/Users/ada/Library/Caches/pip'],
  ['pip', 'Windows', { platform: 'win32', env: { LocalAppData: 'D:\\local' } }, 'D:\\local\\pip\\Cache'],
  ['pip', 'Windows without the variable', { platform: 'win32' }, 'C:\\Users\\ada\\AppData\\Local\\pip\\Cache'],
  ['pip-tools', 'Linux', {}, '/home/ada/.cache/pip-tools'],
  ['pip-tools', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/pip-tools'],
  ['pip-tools', 'macOS', { platform: 'darwin' }, '/Users/ada/Library/Caches/pip-tools'],
  ['pip-tools', 'Windows', { platform: 'win32', env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\pip-tools\\Cache'],
  ['npm', 'Linux', { env: { XDG_CACHE_HOME: '/x' } }, '/home/ada/.npm'],
  ['npm', 'macOS', { platform: 'darwin' }, '/Users/ada/.npm'],
  ['npm', 'Windows', { platform: 'win32', env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\npm-cache'],
])('the default place of %s on %s', (tool, _, given, path) => {
  expect(rootOf(tool, given)).toEqual({ path, because: `${tool}'s default place`, isDefault: true });
});

describe('pip', () => {
  test.each<[string, Given, string, string]>([
    ['environment', { env: { PIP_CACHE_DIR: '/a' } }, '/a', 'PIP_CACHE_DIR is set'],
    ['environment, tidied', { env: { PIP_CACHE_DIR: '/a/b/../c/' } }, '/a/c', 'PIP_CACHE_DIR is set'],
    ['tilde', { env: { PIP_CACHE_DIR: '~/a' } }, '/home/ada/a', 'PIP_CACHE_DIR is set'],
    ['tilde alone', { env: { PIP_CACHE_DIR: '~' } }, '/home/ada', 'PIP_CACHE_DIR is set'],
    [
      'environment beats files',
      { env: { PIP_CACHE_DIR: '/a' }, files: { '/etc/pip.conf': pipConf('/b') } },
      '/a',
      'PIP_CACHE_DIR is set',
    ],
    [
      'an empty variable does not',
      { env: { PIP_CACHE_DIR: '' }, files: { '/etc/pip.conf': pipConf('/b') } },
      '/b',
      'cache-dir in /etc/pip.conf',
    ],
    [
      '/etc beats /etc/xdg',
      { files: { '/etc/pip.conf': pipConf('/a'), '/etc/xdg/pip/pip.conf': pipConf('/b') } },
      '/a',
      'cache-dir in /etc/pip.conf',
    ],
    [
      'user beats global',
      { files: { '/etc/pip.conf': pipConf('/a'), '/home/ada/.config/pip/pip.conf': pipConf('/b') } },
      '/b',
      'cache-dir in ~/.config/pip/pip.conf',
    ],
    [
      'new user file beats the legacy one',
      { files: { '/home/ada/.pip/pip.conf': pipConf('/a'), '/home/ada/.config/pip/pip.conf': pipConf('/b') } },
      '/b',
      'cache-dir in ~/.config/pip/pip.conf',
    ],
    [
      'XDG_CONFIG_HOME',
      { env: { XDG_CONFIG_HOME: '/conf' }, files: { '/conf/pip/pip.conf': pipConf('/b') } },
      '/b',
      'cache-dir in /conf/pip/pip.conf',
    ],
    [
      'virtual environment beats user',
      {
        env: { VIRTUAL_ENV: '/venv' },
        files: { '/venv/pip.conf': pipConf('/a'), '/home/ada/.config/pip/pip.conf': pipConf('/b') },
      },
      '/a',
      'cache-dir in /venv/pip.conf',
    ],
    [
      'PIP_CONFIG_FILE beats all files',
      {
        env: { VIRTUAL_ENV: '/venv', PIP_CONFIG_FILE: '/own' },
        files: { '/own': pipConf('/a'), '/venv/pip.conf': pipConf('/b') },
      },
      '/a',
      'cache-dir in /own',
    ],
    [
      'user files are skipped when it is there',
      {
        env: { PIP_CONFIG_FILE: '/own' },
        files: {
          '/own': '[global]\n',
          '/etc/pip.conf': pipConf('/a'),
          '/home/ada/.config/pip/pip.conf': pipConf('/b'),
        },
      },
      '/a',
      'cache-dir in /etc/pip.conf',
    ],
    [
      'and not when it is not there',
      { env: { PIP_CONFIG_FILE: '/own' }, files: { '/home/ada/.config/pip/pip.conf': pipConf('/b') } },
      '/b',
      'cache-dir in ~/.config/pip/pip.conf',
    ],
    [
      'macOS, its own place',
      { platform: 'darwin', files: { '/Users/ada/Library/Application Support/pip/pip.conf': pipConf('/a') } },
      '/a',
      'cache-dir in ~/Library/Application Support/pip/pip.conf',
    ],
    [
      'macOS, as on Linux',
      { platform: 'darwin', files: { '/Users/ada/.config/pip/pip.conf': pipConf('/a') } },
      '/a',
      'cache-dir in ~/.config/pip/pip.conf',
    ],
    [
      'Windows',
      {
        platform: 'win32',
        env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
        files: { 'C:\\Users\\ada\\AppData\\Roaming\\pip\\pip.ini': '[global]\r\ncache-dir = D:\\new\\cache\r\n' },
      },
      'D:\\new\\cache',
      'cache-dir in ~\\AppData\\Roaming\\pip\\pip.ini',
    ],
  ])('%s', (_, given, path, because) => {
    expect(rootOf('pip', given)).toEqual({ path, because, isDefault: false });
  });

  test('reads its files as Python does', () => {
    const read = (text: string): string => rootOf('pip', { files: { '/etc/pip.conf': text } }).path;
    expect(read('[global]\nCache_Dir: /a b;c#d\n')).toBe('/a b;c#d');
    expect(read('# x\n[install]\ncache-dir=/no\n[global]\n  ; y\n  timeout=6\n  cache-dir=/yes=1\n')).toBe('/yes=1');
    expect(read('[global]\nfind-links =\n    /l1\n    /l2\ncache-dir="/q"\n')).toBe('"/q"');
    expect(read('[a.b]\ncache-dir=/no\n[global]\ntrusted-host.x = 1\ncache-dir=/yes\n')).toBe('/yes');
    expect(read('\u0000[[[\n=\n]]')).toBe('/home/ada/.cache/pip');
  });

  test('the null device means no files at all', () => {
    const files = { '/etc/pip.conf': pipConf('/a') };
    expect(rootOf('pip', { env: { PIP_CONFIG_FILE: '/dev/null' }, files }).isDefault).toBe(true);
  });

  test('an empty value hides those of weaker files', () => {
    const files = { '/etc/pip.conf': pipConf('/a'), '/home/ada/.config/pip/pip.conf': pipConf('') };
    expect(rootOf('pip', { files }).isDefault).toBe(true);
  });
});

describe('npm', () => {
  const global = { PATH: '/nowhere:/usr/local/bin', files: { '/usr/local/bin/npm': '#!node' } };
  test.each<[string, Given, string, string]>([
    ['environment', { env: { npm_config_cache: '/a' } }, '/a', 'npm_config_cache is set'],
    ['any case', { env: { NPM_CONFIG_CACHE: '~/a' } }, '/home/ada/a', 'NPM_CONFIG_CACHE is set'],
    ['user file', { files: { '/home/ada/.npmrc': 'cache=/b\n' } }, '/b', 'cache in ~/.npmrc'],
    [
      'variables in it',
      { env: { WHERE: '/w' }, files: { '/home/ada/.npmrc': `; c\ncache = \${WHERE}/\${NONE?}c\n` } },
      '/w/c',
      'cache in ~/.npmrc',
    ],
    [
      'environment beats files',
      { env: { npm_config_cache: '/a' }, files: { '/home/ada/.npmrc': 'cache=/b' } },
      '/a',
      'npm_config_cache is set',
    ],
    [
      'another user file',
      { env: { npm_config_userconfig: '/rc' }, files: { '/rc': 'cache=~/b', '/home/ada/.npmrc': 'cache=/c' } },
      '/home/ada/b',
      'cache in /rc',
    ],
    [
      'global file beside the npm on the PATH',
      { env: { PATH: global.PATH }, files: { ...global.files, '/usr/local/etc/npmrc': 'cache=/g' } },
      '/g',
      'cache in /usr/local/etc/npmrc',
    ],
    [
      'user beats global',
      {
        env: { PATH: global.PATH },
        files: { ...global.files, '/usr/local/etc/npmrc': 'cache=/g', '/home/ada/.npmrc': 'cache=/u' },
      },
      '/u',
      'cache in ~/.npmrc',
    ],
    [
      'a prefix in the user file moves the global one',
      {
        env: { PATH: global.PATH },
        files: { ...global.files, '/home/ada/.npmrc': 'prefix=~/n', '/home/ada/n/etc/npmrc': 'cache=/g' },
      },
      '/g',
      'cache in ~/n/etc/npmrc',
    ],
    [
      'named global file',
      { env: { NPM_CONFIG_GLOBALCONFIG: '/grc' }, files: { '/grc': 'cache=/g' } },
      '/g',
      'cache in /grc',
    ],
    [
      'Windows, prefix from the packager',
      {
        platform: 'win32',
        env: { Path: 'C:\\node', APPDATA: 'C:\\roaming' },
        files: {
          'C:\\node\\npm.cmd': '@',
          'C:\\node\\node_modules\\npm\\npmrc': `prefix=\${APPDATA}\\npm\n`,
          'C:\\roaming\\npm\\etc\\npmrc': 'cache=D:\\cache\n',
        },
      },
      'D:\\cache',
      'cache in C:\\roaming\\npm\\etc\\npmrc',
    ],
  ])('%s', (_, given, path, because) => {
    expect(rootOf('npm', given)).toEqual({ path, because, isDefault: false });
  });

  test('what npm run sets is still the default place', () => {
    expect(rootOf('npm', { env: { npm_config_cache: '/home/ada/.npm' } }).isDefault).toBe(true);
  });
});

test('PIP_TOOLS_CACHE_DIR moves pip-tools, PIP_CACHE_DIR does not', () => {
  const moved = { path: '/t', because: 'PIP_TOOLS_CACHE_DIR is set', isDefault: false };
  expect(rootOf('pip-tools', { env: { PIP_TOOLS_CACHE_DIR: '/t', PIP_CACHE_DIR: '/p' } })).toEqual(moved);
  expect(rootOf('pip-tools', { env: { PIP_CACHE_DIR: '/p' } }).isDefault).toBe(true);
});

test.each<[string, Given]>([
  ['pip', { env: { PIP_CACHE_DIR: 'relative/a' } }],
  ['pip', { env: { PIP_CACHE_DIR: '/a\0b' } }],
  ['pip', { env: { PIP_CACHE_DIR: '~somebody/a' } }],
  ['pip', { env: { XDG_CACHE_HOME: 'relative' } }],
  ['pip', { platform: 'win32', env: { PIP_CACHE_DIR: '/home/x/..\0' } }],
  ['pip-tools', { env: { PIP_TOOLS_CACHE_DIR: './a' } }],
  ['npm', { env: { npm_config_cache: 'a' } }],
  ['npm', { files: { '/home/ada/.npmrc': 'cache=a' } }],
])('%s sent to a place that cannot be used says so: %j', (tool, given) => {
  const root = rootOf(tool, given);
  expect(root.problem?.code).toBe('unusable-path');
  expect(root.isDefault).toBe(false);
});

test('the surroundings of this process', () => {
  const real = surroundings();
  expect(real.home).not.toBe('');
  expect(real.readText(import.meta.filename)).toContain('the surroundings of this process');
  expect(real.readText('/nowhere/at/all')).toBeNull();
  expect(real.readText('a\0b')).toBeNull();
  expect(folder.root(real).problem?.code).toBe('unusable-path');
});
