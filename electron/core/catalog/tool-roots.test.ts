import { expect, test } from 'vitest';
import { type Given, rootOf } from './testing/root-of.ts';

const local = { LOCALAPPDATA: 'D:\\l' };

test.each<[string, string, Given, string]>([
  ['uv', 'Linux', {}, '/home/ada/.cache/uv'],
  ['uv', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/uv'],
  ['uv', 'Linux, relative XDG, which does not count', { env: { XDG_CACHE_HOME: 'x' } }, '/home/ada/.cache/uv'],
  ['uv', 'macOS', { platform: 'darwin' }, '/Users/ada/.cache/uv'],
  [
    'uv',
    'macOS, where it has long been elsewhere',
    { platform: 'darwin', files: { '/Users/ada/Library/Caches/uv/CACHEDIR.TAG': 'Signature' } },
    '/Users/ada/Library/Caches/uv',
  ],
  ['uv', 'Windows', { platform: 'win32', env: local }, 'D:\\l\\uv\\cache'],
  ['pnpm', 'Linux', {}, '/home/ada/.local/share/pnpm/store'],
  ['pnpm', 'macOS', { platform: 'darwin' }, '/Users/ada/Library/pnpm/store'],
  ['pnpm', 'Windows', { platform: 'win32', env: local }, 'D:\\l\\pnpm\\store'],
  ['pnpm-metadata', 'Linux', {}, '/home/ada/.cache/pnpm'],
  ['pnpm-metadata', 'macOS', { platform: 'darwin' }, '/Users/ada/Library/Caches/pnpm'],
  ['pnpm-metadata', 'Windows', { platform: 'win32', env: local }, 'D:\\l\\pnpm-cache'],
  ['pnpm-metadata', 'Windows without the variable', { platform: 'win32' }, 'C:\\Users\\ada\\.pnpm-cache'],
  ['yarn', 'Linux', { uid: 1000 }, '/home/ada/.cache/yarn'],
  ['yarn', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/yarn'],
  ['yarn', 'Linux as root', { uid: 0, home: '/root' }, '/usr/local/share/.cache/yarn'],
  ['yarn', 'Linux as root, XDG', { uid: 0, env: { XDG_CACHE_HOME: '/x' } }, '/x/yarn'],
  ['yarn', 'Linux under fakeroot', { uid: 0, env: { FAKEROOTKEY: '1' } }, '/home/ada/.cache/yarn'],
  ['yarn', 'macOS', { platform: 'darwin', uid: 501 }, '/Users/ada/Library/Caches/Yarn'],
  ['yarn', 'macOS, XDG', { platform: 'darwin', env: { XDG_CACHE_HOME: '/x' } }, '/x/yarn'],
  ['yarn', 'Windows', { platform: 'win32', env: local }, 'D:\\l\\Yarn\\Cache'],
  ['cargo', 'Linux', {}, '/home/ada/.cargo'],
  ['cargo', 'macOS', { platform: 'darwin' }, '/Users/ada/.cargo'],
  ['cargo', 'Windows', { platform: 'win32' }, 'C:\\Users\\ada\\.cargo'],
  ['gradle', 'Linux', { env: { XDG_CACHE_HOME: '/x' } }, '/home/ada/.gradle'],
  ['gradle', 'macOS', { platform: 'darwin' }, '/Users/ada/.gradle'],
  ['gradle', 'Windows', { platform: 'win32' }, 'C:\\Users\\ada\\.gradle'],
  ['huggingface', 'Linux', {}, '/home/ada/.cache/huggingface/hub'],
  ['huggingface', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/huggingface/hub'],
  ['huggingface', 'macOS', { platform: 'darwin' }, '/Users/ada/.cache/huggingface/hub'],
  ['huggingface', 'Windows', { platform: 'win32' }, 'C:\\Users\\ada\\.cache\\huggingface\\hub'],
  ['pre-commit', 'Linux', {}, '/home/ada/.cache/pre-commit'],
  ['pre-commit', 'Linux, XDG', { env: { XDG_CACHE_HOME: '/x' } }, '/x/pre-commit'],
  ['pre-commit', 'macOS', { platform: 'darwin' }, '/Users/ada/.cache/pre-commit'],
  ['pre-commit', 'Windows', { platform: 'win32' }, 'C:\\Users\\ada\\.cache\\pre-commit'],
])('the place of %s on %s, with nothing said', (tool, _, given, path) => {
  const root = rootOf(tool, given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test.each<[string, Given, string, string]>([
  [
    'uv',
    { env: { UV_CACHE_DIR: '/u' }, files: { '/etc/uv/uv.toml': 'cache-dir = "/e"' } },
    '/u',
    'UV_CACHE_DIR is set',
  ],
  [
    'uv',
    {
      files: {
        '/home/ada/.config/uv/uv.toml': '# x\ncache-dir = "/f" # y\n[pip]\n',
        '/etc/uv/uv.toml': 'cache-dir="/e"',
      },
    },
    '/f',
    'cache-dir in ~/.config/uv/uv.toml',
  ],
  ['uv', { files: { '/etc/uv/uv.toml': "cache-dir = '/e'" } }, '/e', 'cache-dir in /etc/uv/uv.toml'],
  [
    'uv',
    { env: { UV_CONFIG_FILE: '/own' }, files: { '/own': 'cache-dir = "/o"', '/etc/uv/uv.toml': 'cache-dir = "/e"' } },
    '/o',
    'cache-dir in /own',
  ],
  [
    'uv',
    {
      platform: 'win32',
      env: { APPDATA: 'C:\\r' },
      files: { 'C:\\r\\uv\\uv.toml': 'cache-dir = "D:\\\\uv"\r\n' },
    },
    'D:\\uv',
    'cache-dir in C:\\r\\uv\\uv.toml',
  ],
  ['pnpm', { env: { PNPM_HOME: '/p', XDG_DATA_HOME: '/d' } }, '/p/store', 'PNPM_HOME is set'],
  ['pnpm', { env: { XDG_DATA_HOME: '/d' } }, '/d/pnpm/store', 'XDG_DATA_HOME is set'],
  ['pnpm', { env: { PNPM_CONFIG_STORE_DIR: '/s/v11', PNPM_HOME: '/p' } }, '/s', 'PNPM_CONFIG_STORE_DIR is set'],
  ['pnpm', { env: { npm_config_store_dir: '~/s', PNPM_HOME: '/p' } }, '/home/ada/s', 'npm_config_store_dir is set'],
  ['pnpm', { files: { '/home/ada/.npmrc': 'store-dir=/n' } }, '/n', 'store-dir in ~/.npmrc'],
  [
    'pnpm',
    { platform: 'darwin', files: { '/Users/ada/Library/Preferences/pnpm/config.yaml': 'storeDir: /y\n' } },
    '/y',
    'storeDir in ~/Library/Preferences/pnpm/config.yaml',
  ],
  [
    'pnpm',
    { platform: 'win32', env: local, files: { 'D:\\l\\pnpm\\config\\rc': 'store-dir=E:/s\n' } },
    'E:\\s',
    'store-dir in D:\\l\\pnpm\\config\\rc',
  ],
  ['pnpm-metadata', { env: { XDG_CACHE_HOME: '/c' } }, '/c/pnpm', 'XDG_CACHE_HOME is set'],
  ['pnpm-metadata', { env: { PNPM_CONFIG_CACHE_DIR: '/c' } }, '/c', 'PNPM_CONFIG_CACHE_DIR is set'],
  ['yarn', { env: { YARN_CACHE_FOLDER: '~/y' } }, '/home/ada/y', 'YARN_CACHE_FOLDER is set'],
  ['yarn', { uid: 0, env: { YARN_CACHE_FOLDER: '~/y' } }, '/usr/local/share/y', 'YARN_CACHE_FOLDER is set'],
  [
    'yarn',
    { files: { '/home/ada/.yarnrc': '# yarn lockfile v1\n\n\ncache-folder "/y y"\nlastUpdateCheck 1\n' } },
    '/y y',
    'cache-folder in ~/.yarnrc',
  ],
  ['cargo', { env: { CARGO_HOME: '/c' } }, '/c', 'CARGO_HOME is set'],
  ['gradle', { env: { GRADLE_USER_HOME: '/g' } }, '/g', 'GRADLE_USER_HOME is set'],
  ['huggingface', { env: { HF_HOME: '~/h' } }, '/home/ada/h/hub', 'HF_HOME is set'],
  ['huggingface', { env: { HF_HOME: '/h', HF_HUB_CACHE: '$BIG/hub', BIG: '/b' } }, '/b/hub', 'HF_HUB_CACHE is set'],
  ['huggingface', { env: { HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/o' } }, '/o', 'HUGGINGFACE_HUB_CACHE is set'],
  ['pre-commit', { env: { PRE_COMMIT_HOME: '/p', XDG_CACHE_HOME: '/x' } }, '/p', 'PRE_COMMIT_HOME is set'],
])('%s, by its own order: %j', (tool, given, path, because) => {
  expect(rootOf(tool, given)).toEqual({ path, because, isDefault: false });
});

test.each<[string, Given]>([
  ['uv', { env: { UV_CACHE_DIR: '.cache' } }],
  ['uv', { env: { UV_CACHE_DIR: '~/uv' } }],
  ['cargo', { env: { CARGO_HOME: '~/cargo' } }],
  ['gradle', { env: { GRADLE_USER_HOME: 'gradle' } }],
  ['pnpm', { env: { PNPM_HOME: '~/pnpm' } }],
  ['pnpm', { env: { PNPM_CONFIG_STORE_DIR: '../store' } }],
  ['yarn', { env: { YARN_CACHE_FOLDER: './cache' } }],
  ['huggingface', { env: { HF_HUB_CACHE: '$NOWHERE/hub' } }],
  ['pre-commit', { env: { PRE_COMMIT_HOME: '~/hooks' } }],
  ['pre-commit', { env: { XDG_CACHE_HOME: 'relative' } }],
])('%s sent to a place that cannot be used says so: %j', (tool, given) => {
  const root = rootOf(tool, given);
  expect(root.problem?.code).toBe('unusable-path');
  expect(root.isDefault).toBe(false);
});
