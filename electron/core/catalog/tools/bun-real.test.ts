import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { contradictions, entriesIn, unitNames } from '../../../../e2e/support/made-cache.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { newProject, nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { bun } from './bun.ts';

const command = (await npmTool('bun')) ?? '';
const real = have('bun', command !== '');

describe.skipIf(real.skip || process.platform === 'win32')(`the cache of the real Bun${real.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  test('is where it says, holds what was installed, and is made again after a clear', async () => {
    const home = folderForTest();
    const project = newProject(home, dozen);
    writeFileSync(join(project, 'bunfig.toml'), `[install]\nregistry = "${registry.url}"\n`);
    const inProject = (...words: readonly string[]) =>
      run(command, words, { cwd: project, env: nodeToolEnv(home, registry.url) });
    const first = await inProject('install');
    expect(first.code, first.stderr).toBe(0);
    const root = bun.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
    expect((await inProject('pm', 'cache')).stdout.trim()).toBe(root);
    expect(contradictions(bun, root)).toEqual({});
    expect(bun.recognise(root, reader)).not.toBeNull();
    const packages = (await entriesIn(bun, root)).filter(({ kind }) => kind === 'package');
    expect(packages.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
      dozen.map(({ name, version }) => `${name}@${version}`).sort(),
    );

    rmSync(root, { recursive: true });
    rmSync(join(project, 'node_modules'), { recursive: true });
    expect((await inProject('install')).code).toBe(0);
    expect((await entriesIn(bun, root)).length).toBeGreaterThanOrEqual(dozen.length);

    const [, ...own] = bun.own?.argv ?? [];
    expect((await run(command, own, { cwd: home, env: nodeToolEnv(home, registry.url) })).code).toBe(0);
    expect([...(await entriesIn(bun, root))]).toEqual([]);
    expect(unitNames(bun, join(home, 'absent'))).toEqual([]);
  });
});
