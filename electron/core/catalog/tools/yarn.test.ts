import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { installed, nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { configurationText, reader } from '../../fs/reader.ts';
import type { RawEntry, Surroundings } from '../tool.ts';
import { yarn } from './yarn.ts';

const platform = process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
const seen = (home: string, env: Surroundings['env'] = {}): Surroundings => ({
  platform,
  env: { LOCALAPPDATA: process.env['LOCALAPPDATA'], FAKEROOTKEY: 'sandbox', ...env },
  home,
  cwd: home,
  ...(process.getuid && { uid: process.getuid() }),
  readText: (path) => configurationText(path, 1024 * 1024),
});

const command = (await npmTool('yarn')) ?? '';
const real = have('yarn', command !== '');

describe.skipIf(real.skip)(`the cache of the real Yarn 1${real.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  test('is where we look, holds what we say, and is made again after a clear', async () => {
    const home = folderForTest();
    const project = await installed(command, home, registry.url, dozen);
    const root = yarn.root(seen(home));
    expect(root).toMatchObject({ isDefault: true, because: "Yarn's default place" });
    const [unit, ...others] = yarn.units(root.path, reader);
    if (unit === undefined) throw new Error('no unit');
    expect([unit.name, others]).toEqual(['v6', []]);
    expect(yarn.recognise(root.path, reader)).toBe('Its folder v6 holds packages as Yarn 1 keeps them.');
    expect(yarn.contradiction(root.path, unit, reader)).toBeNull();
    expect(yarn.keeps(root.path, reader)).toEqual([]);
    const entries: RawEntry[] = [];
    for await (const entry of yarn.entries(root.path, unit, reader)) entries.push(entry);
    const packages = entries.filter(({ kind }) => kind === 'package');
    expect(packages.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
      dozen.map(({ name, version }) => `${name}@${version}`).sort(),
    );
    for (const { bytes, created } of packages)
      expect([bytes, created]).toEqual([expect.any(Number), expect.any(String)]);

    rmSync(join(root.path, unit.name), { recursive: true });
    expect(existsSync(join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
    rmSync(join(project, 'node_modules'), { recursive: true });
    await installed(command, home, registry.url, dozen);
    expect(yarn.units(root.path, reader)).toEqual([unit]);
  });

  test.skipIf(platform !== 'linux').each<[string, Record<string, string>, string | null]>([
    ['nothing set', {}, null],
    ['a variable', { YARN_CACHE_FOLDER: '/x/there' }, null],
    ['a variable in small letters', { yarn_cache_folder: '/x/there' }, null],
    ['a variable with a tilde', { YARN_CACHE_FOLDER: '~/there' }, null],
    ['the place for caches', { XDG_CACHE_HOME: '/x/caches' }, null],
    ['a file', {}, '# mine\nregistry "http://127.0.0.1:9"\ncache-folder "/x/by file"\n'],
    ['a file with a bare word', {}, 'cache-folder /x/bare\n'],
    ['a file with a relative folder', {}, 'cache-folder "./near"\n'],
    ['a variable before a file', { YARN_CACHE_FOLDER: '/x/there' }, 'cache-folder "/x/file"\n'],
  ])('is where it says that it is: %s', async (_, more, file) => {
    const home = folderForTest();
    const env = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, value.replace('/x', home)]));
    if (file !== null) writeFileSync(join(home, '.yarnrc'), file.replaceAll('/x', home));
    const project = join(home, 'project');
    mkdirSync(project);
    const said = await run(command, ['cache', 'dir'], {
      cwd: project,
      env: { ...nodeToolEnv(home, 'http://127.0.0.1:9/'), ...env },
    });
    expect(join(yarn.root(seen(home, env)).path, 'v6')).toBe(said.stdout.trim());
  });
});
