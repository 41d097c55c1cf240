import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { contradictions, entriesIn, keptIn, unitNames } from '../../../../e2e/support/made-cache.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { newProject, nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { yarnBerry } from './yarn-berry.ts';

const command = (await npmTool('yarn-4')) ?? '';
const real = have('yarn 4', command !== '');

describe.skipIf(real.skip || process.platform === 'win32')(`the cache of the real Yarn 4${real.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  const settings = (home: string, linker: string): Readonly<Record<string, string>> => {
    const { CI: _, YARN_REGISTRY: __, ...env } = nodeToolEnv(home, registry.url);
    return {
      ...env,
      YARN_NODE_LINKER: linker,
      YARN_NM_MODE: 'hardlinks-global',
      YARN_NPM_REGISTRY_SERVER: registry.url.replace(/\/$/, ''),
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
      YARN_ENABLE_TELEMETRY: '0',
    };
  };

  test.each(['pnp', 'node-modules', 'pnpm'])('holds what was installed, and is made again: %s', async (linker) => {
    const home = folderForTest();
    const project = newProject(home, dozen);
    writeFileSync(join(project, 'yarn.lock'), '');
    const inProject = (...words: readonly string[]) =>
      run(command, words, { cwd: project, env: settings(home, linker) });
    const first = await inProject('install');
    expect(first.code, first.stdout).toBe(0);
    const root = yarnBerry.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
    expect((await inProject('config', 'get', 'cacheFolder')).stdout.trim()).toBe(join(root, 'cache'));
    expect(contradictions(yarnBerry, root)).toEqual({});
    expect(keptIn(yarnBerry, root)).toEqual({});
    expect(yarnBerry.recognise(root, reader)).not.toBeNull();
    const named = async (kind: string): Promise<readonly (string | null)[]> =>
      (await entriesIn(yarnBerry, root))
        .filter((entry) => entry.kind === kind)
        .map(({ name, version }) => `${name}@${version}`);
    const packages = dozen.map(({ name, version }) => `${name}@${version}`).sort();
    expect((await named('package')).toSorted()).toEqual(packages);
    expect((await named('metadata')).toSorted()).toEqual(dozen.map(({ name }) => `${name}@null`).sort());
    for (const unit of unitNames(yarnBerry, root)) {
      rmSync(join(root, unit), { recursive: true });
      // A project with Plug'n'Play runs straight from the archives, as we say; others have what they need.
      const program = await inProject('node', '-p', 'require.resolve("alpha") && require("alpha") && 1');
      expect([unit, program.code === 0]).toEqual([unit, linker !== 'pnp' || unit !== 'cache']);
      const again = await inProject('install');
      expect([unit, again.code], again.stdout).toEqual([unit, 0]);
    }
    expect((await named('package')).toSorted()).toEqual(packages);
  });
});
