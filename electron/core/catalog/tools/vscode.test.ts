import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, keptBelow, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import type { Tool } from '../tool.ts';
import { vscodeKin } from './vscode.ts';

const kin = (id: string): Tool => {
  const found = vscodeKin.find((tool) => tool.id === id);
  if (found === undefined) throw new Error(`no tool ${id}`);
  return found;
};
const vscode = kin('vscode');

const commit = '0123456789abcdef0123456789abcdef01234567';
/** By environmentService.ts and environmentMainService.ts, and what Chromium makes in any Electron program. */
const precious = [
  ...[
    'Backups/workspace/file/abc',
    'Cookies',
    'Crashpad/settings.dat',
    'IndexedDB/x',
    'Local Storage/leveldb/000003.log',
  ],
  ...['Network Persistent State', 'SingletonLock', 'User/History/a/entries.json', 'User/globalStorage/state.vscdb'],
  ...[
    'User/settings.json',
    'User/workspaceStorage/x/workspace.json',
    'Workspaces/1/workspace.json',
    'code.lock',
    'machineid',
  ],
  ...['Service Worker/Database/x'],
];
const cached = [
  ...[
    'CachedExtensionVSIXs/ms-python.python-2024.22.0-linux-x64',
    'CachedExtensionVSIXs/.0123',
    'CachedExtensionVSIXs/esbenp.prettier-vscode-11.0.0',
  ],
  ...[
    `CachedData/${commit}/x.code`,
    'Cache/Cache_Data/index',
    'Code Cache/js/index',
    'GPUCache/index',
    'DawnWebGPUCache/index',
  ],
  ...['Service Worker/CacheStorage/x/index', 'logs/20260304T050607/main.log'],
];

test('what is made again is a unit; settings, unsaved files, history and sign-ins never are', async () => {
  const root = layout([...precious, ...cached]);
  const units = unitNames(vscode, root);
  expect(units).toEqual([
    ...['CachedExtensionVSIXs', 'CachedData', 'Cache', 'Code Cache', 'GPUCache', 'DawnWebGPUCache'],
    ...['Service Worker/CacheStorage', 'logs'],
  ]);
  for (const path of precious) expect([path, units.filter((unit) => path.startsWith(`${unit}/`))]).toEqual([path, []]);
  const kept = keptBelow(vscode, root);
  for (const path of precious)
    expect([path, Object.keys(kept).some((it) => path === it || path.startsWith(`${it}/`))]).toEqual([path, true]);
  for (const unit of units)
    expect(Object.keys(kept).filter((it) => unit === it || unit.startsWith(`${it}/`))).toEqual([]);
  expect(kept['Backups']).toContain('not saved');
  expect(kept['User']).toContain('local history');
  expect(Object.values(contradictions(vscode, root)).every((it) => it === null)).toBe(true);
  expect(await toldIn(vscode, root)).toEqual([
    'CachedExtensionVSIXs: temporary, .0123 null',
    'CachedExtensionVSIXs: extension, esbenp.prettier-vscode 11.0.0',
    'CachedExtensionVSIXs: extension, ms-python.python 2024.22.0',
    `CachedData: compiled code, program ${commit}`,
    'Cache: folder, Cache_Data null',
    'Code Cache: folder, js null',
    'GPUCache: file, index null',
    'DawnWebGPUCache: file, index null',
    'Service Worker/CacheStorage: folder, x null',
    'logs: folder, 20260304T050607 null',
  ]);
});

test('logs and Cache of something else contradict, and are not recognised', () => {
  const root = layout(['logs/server.log', 'Cache/thesis.doc', 'User/x']);
  expect(vscode.recognise(root, reader)).toBeNull();
  expect(contradictions(vscode, root)).toEqual({
    Cache: expect.stringContaining('neither User nor CachedData'),
    logs: expect.stringContaining('neither User nor CachedData'),
  });
});

test('a folder that a person adds is that of the program whose name it has', () => {
  const root = layout(['User/settings.json', `CachedData/${commit}/x`]);
  const named = join(dirname(root), `${root.slice(dirname(root).length + 1)}-kin`, 'VSCodium');
  const who = (path: string) => vscodeKin.find((tool) => tool.recognise(path, reader) !== null)?.id;
  expect(who(root)).toBe('vscode');
  mkdirSync(dirname(named));
  renameSync(root, named);
  expect(who(named)).toBe('vscodium');
  renameSync(dirname(named), root);
});

test.each<[string, Parameters<typeof placeOf>[1], string]>([
  ['vscode', {}, '/home/ada/.config/Code'],
  ['vscode', { env: { XDG_CONFIG_HOME: '/c' } }, '/c/Code'],
  ['vscode', { env: { VSCODE_APPDATA: '/a', VSCODE_PORTABLE: '/p' } }, '/p/user-data'],
  ['vscode', { env: { VSCODE_APPDATA: '/a' } }, '/a/Code'],
  ['vscodium', { env: { VSCODE_PORTABLE: '/p' } }, '/home/ada/.config/VSCodium'],
  ['cursor', { platform: 'darwin' }, '/Users/ada/Library/Application Support/Cursor'],
  ['vscode-insiders', { platform: 'win32', env: { APPDATA: 'D:\\r' } }, 'D:\\r\\Code - Insiders'],
])('the place of %s: %j', (id, given, path) => {
  const root = placeOf(kin(id), given);
  expect([root.path, root.problem]).toEqual([path, undefined]);
});

test.each<[string, readonly string[]]>([
  ['/usr/share/code/code --type=renderer', ['vscode']],
  ['/usr/share/code/code', ['vscode']],
  ['/usr/share/codium/codium --unity-launch', ['vscodium']],
  ['/usr/share/code-insiders/code-insiders', ['vscode-insiders']],
  ['code --version', []],
  ['/usr/bin/coder server', []],
  ['vim code', []],
])('%s works with %j', (line, expected) => {
  expect(vscodeKin.filter(({ works }) => works?.(line.split(' '))).map(({ id }) => id)).toEqual(expected);
});
