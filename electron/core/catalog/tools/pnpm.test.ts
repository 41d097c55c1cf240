import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { installed, nodeToolEnv, runNodeTool } from '../../../../e2e/support/real-node-tools.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { configurationText, reader } from '../../fs/reader.ts';
import { unitPath } from '../shape.ts';
import type { RawEntry, Surroundings, Tool } from '../tool.ts';
import { pnpm, pnpmMetadata } from './pnpm.ts';

const platform = process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
const seen = (home: string, env: Surroundings['env'] = {}): Surroundings => ({
  platform,
  env: { LOCALAPPDATA: process.env['LOCALAPPDATA'], ...env },
  home,
  cwd: home,
  readText: (path) => configurationText(path, 1024 * 1024),
});

const entriesOf = async (tool: Tool, root: string): Promise<readonly RawEntry[]> => {
  const all: RawEntry[] = [];
  for (const unit of tool.units(root, reader)) {
    const own: RawEntry[] = [];
    for await (const entry of tool.entries(root, unit, reader)) own.push(entry);
    expect(new Set(own.map(({ key }) => key)).size).toBe(own.length);
    all.push(...own);
  }
  return all;
};

const names = (tool: Tool, root: string) => tool.units(root, reader).map(({ name }) => name);
const sorted = dozen.map(({ name, version }) => `${name}@${version}`).sort();

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.close());

for (const [tool, version, metadata] of [
  ['pnpm', 'v11', ['lockfile-verified.jsonl', 'v12']],
  ['pnpm-10', 'v10', ['metadata-v1.3']],
  ['pnpm-9', 'v3', ['metadata-v1.3']],
] as const) {
  const command = await npmTool(tool);
  const real = have(tool, command !== null);

  describe.skipIf(real.skip)(`the store and the cache of the real ${tool}${real.note}`, () => {
    test('are where we look, hold what we say, and are made again after a clear', async () => {
      const home = folderForTest();
      const project = await installed(command ?? '', home, registry.url, dozen);
      const store = pnpm.root(seen(home));
      const cache = pnpmMetadata.root(seen(home));
      expect([store.isDefault, cache.isDefault]).toEqual([true, true]);
      const said = await runNodeTool(command ?? '', ['store', 'path'], { home, project, registry: registry.url });
      expect(said.stdout.trim()).toBe(join(store.path, version));

      expect(names(pnpm, store.path)).toEqual([version]);
      expect(names(pnpmMetadata, cache.path)).toEqual(metadata);
      for (const [its, { path }] of [[pnpm, store] as const, [pnpmMetadata, cache] as const]) {
        expect(its.recognise(path, reader)).toMatch(/as pnpm keeps them\.$/);
        expect(its.keeps(path, reader)).toEqual([]);
        for (const unit of its.units(path, reader)) expect(its.contradiction(path, unit, reader)).toBeNull();
      }
      const told = (await entriesOf(pnpmMetadata, cache.path)).filter(({ kind }) => kind === 'metadata');
      expect(told.map(({ name }) => name).sort()).toEqual(dozen.map(({ name }) => name).sort());
      const held = await entriesOf(pnpm, store.path);
      expect(held.find(({ name }) => name === 'files')?.bytes).toBeGreaterThan(1000);
      if (tool === 'pnpm-10') {
        const packages = held.filter(({ kind }) => kind === 'package');
        expect(packages.map((it) => `${it.name}@${it.version}`).sort()).toEqual(sorted);
      }

      for (const [its, { path }] of [[pnpm, store] as const, [pnpmMetadata, cache] as const])
        for (const unit of its.units(path, reader)) rmSync(unitPath(path, unit), { recursive: true });
      expect(existsSync(join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
      rmSync(join(project, 'node_modules'), { recursive: true });
      await installed(command ?? '', home, registry.url, dozen);
      expect(names(pnpm, store.path)).toEqual([version]);
    });
  });
}

const newest = await npmTool('pnpm');
const real = have('pnpm', newest !== null);

describe.skipIf(real.skip)(`the real pnpm${real.note}`, () => {
  const global = ['install', '--config.enableGlobalVirtualStore=true'];

  test('keeps what projects run from, with the global virtual store, and does without its files', async () => {
    const home = folderForTest();
    const project = await installed(newest ?? '', home, registry.url, dozen, global);
    const { path } = pnpm.root(seen(home));
    const [unit, ...others] = pnpm.units(path, reader);
    expect([unit?.name, others]).toEqual(['v11/files', []]);
    const kept = pnpm.keeps(path, reader).map((it) => it.path.slice(path.length + 1).replaceAll('\\', '/'));
    expect(kept.filter((name) => !/-(?:wal|shm)$/.test(name))).toEqual(['v11/index.db', 'v11/links', 'v11/projects']);
    expect(pnpm.keeps(path, reader).find((it) => it.path.endsWith('links'))?.why).toContain('run from here');
    if (unit === undefined) throw new Error('no unit');
    expect(pnpm.contradiction(path, unit, reader)).toBeNull();

    renameSync(unitPath(path, unit), `${unitPath(path, unit)}.stale-1-0123456789abcdef`);
    expect(existsSync(join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
    const again = await runNodeTool(newest ?? '', global, { home, project, registry: registry.url });
    expect(again.code).toBe(0);
    rmSync(join(path, 'v11', 'links'), { recursive: true });
    rmSync(join(project, 'node_modules'), { recursive: true });
    await installed(newest ?? '', home, registry.url, dozen, global);
    expect(existsSync(join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
  });

  test.skipIf(platform !== 'linux').each<[string, Record<string, string>, string | null]>([
    ['a variable', { PNPM_CONFIG_STORE_DIR: '/x/variable' }, null],
    ['a variable that names the version', { PNPM_CONFIG_STORE_DIR: '/x/variable/v11' }, null],
    ['a variable with a tilde', { PNPM_CONFIG_STORE_DIR: '~/variable' }, null],
    ['the home of pnpm', { PNPM_HOME: '/x/home', XDG_DATA_HOME: '/x/data' }, null],
    ['the place for data', { XDG_DATA_HOME: '/x/data' }, null],
    ['a file', {}, '# mine\nstoreDir: "/x/file" # there\n'],
    ['a file with a tilde', { XDG_DATA_HOME: '/x/data' }, "storeDir: '~/file'\n"],
  ])('says that its store is where we look: %s', async (_, more, file) => {
    const home = folderForTest();
    // A path below this home: pnpm tries whether it can link there.
    const env = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, value.replace('/x', home)]));
    if (file !== null) {
      const config = join(home, '.config', 'pnpm', 'config.yaml');
      mkdirSync(join(home, '.config', 'pnpm'), { recursive: true });
      writeFileSync(config, file.replace('/x', home));
    }
    const all = { ...nodeToolEnv(home, registry.url), ...env };
    const said = await run(newest ?? '', ['store', 'path'], { cwd: home, env: all });
    expect(join(pnpm.root(seen(home, env)).path, 'v11')).toBe(said.stdout.trim());
  });

  test('its locks are those of SQLite on its list of packages', async () => {
    const home = folderForTest();
    await installed(newest ?? '', home, registry.url, dozen);
    const { path } = pnpm.root(seen(home));
    expect(pnpm.locks).toMatchObject({ kind: 'posix', taken: [] });
    const files = () => pnpm.locks?.files(path, reader).map((file) => file.slice(path.length + 1)) ?? [];
    expect(files()).toContain(join('v11', 'index.db'));
    const database = new DatabaseSync(join(path, 'v11', 'index.db'));
    database.exec('BEGIN IMMEDIATE');
    expect(files()).toContain(join('v11', 'index.db-shm'));
    database.close();
    expect(readdirSync(path)).toEqual(['v11']);
  });
});
