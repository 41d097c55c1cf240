import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../../../../e2e/support/http-server.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { contradictions, entriesIn, keptIn, unitNames } from '../../../../e2e/support/made-cache.ts';
import { environmentWithout, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { corepack } from './corepack.ts';

const there = (await run('corepack', ['--version'])).code === 0;
// Node brings it along until 24 only, so a machine without it is no fault.
const note = there ? '' : ' (SKIPPED: there is no corepack here)';

describe.skipIf(!there || process.platform === 'win32')(`the real Corepack${note}`, () => {
  let registry: Registry;
  let server: LocalServer;
  beforeAll(async () => {
    registry = await startRegistry([{ name: 'pnpm', version: '9.15.9', bin: true }]);
    // Corepack asks for one version by its path, and ours answers for packages as a whole.
    server = await startServer(async ({ url = '' }) => {
      const answer = await fetch(registry.url + url.slice(1).replace(/^(pnpm)\/\d.*$/, '$1'));
      if (!answer.ok) return null;
      if (!/^\/pnpm\/\d/.test(url)) return { body: Buffer.from(await answer.arrayBuffer()) };
      const all = (await answer.json()) as { readonly versions: Readonly<Record<string, object>> };
      return { body: JSON.stringify(all.versions['9.15.9']) };
    });
  });
  afterAll(async () => {
    await server?.close();
    await registry?.close();
  });

  test('has a package manager where we look, keeps our default, and gets it again after a clear', async () => {
    const home = folderForTest();
    const env = environmentWithout(/^(npm_|COREPACK_|XDG_|LOCALAPPDATA$|NODE_OPTIONS$)|proxy/i, {
      HOME: home,
      COREPACK_NPM_REGISTRY: server.url,
      COREPACK_INTEGRITY_KEYS: '0',
      COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    });
    const install = () => run('corepack', ['install', '--global', 'pnpm@9.15.9'], { cwd: home, env });
    const first = await install();
    expect(first.code, first.stdout + first.stderr).toBe(0);
    const root = corepack.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
    expect(unitNames(corepack, root)).toEqual(['v1/pnpm/9.15.9']);
    expect(contradictions(corepack, root)).toEqual({});
    expect(corepack.recognise(root, reader)).not.toBeNull();
    expect(Object.keys(keptIn(corepack, root))).toEqual(['lastKnownGood.json']);
    const entries = await entriesIn(corepack, root);
    expect(entries).toMatchObject([{ name: 'pnpm', version: '9.15.9', damaged: null }]);

    rmSync(join(root, 'v1/pnpm/9.15.9'), { recursive: true });
    expect((await install()).code).toBe(0);
    expect(await entriesIn(corepack, root)).toMatchObject([{ version: '9.15.9', bytes: entries[0]?.bytes }]);
    expect(corepack.own?.argv).toEqual(['corepack', 'cache', 'clean']);
    expect((await run('corepack', ['cache', 'clean'], { cwd: home, env })).code).toBe(0);
    expect([unitNames(corepack, root), Object.keys(keptIn(corepack, root))]).toEqual([[], ['lastKnownGood.json']]);
  });
});
