import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from '../../../../e2e/fixtures/store.ts';
import { cleared, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { have } from '../../../../e2e/support/have.ts';
import { type LocalServer, startServer } from '../../../../e2e/support/http-server.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { newProject, nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { deno } from '../tools/deno.ts';
import { pnpm, pnpmMetadata } from '../tools/pnpm.ts';

const denoCommand = (await npmTool('deno')) ?? '';
const pnpmCommand = (await npmTool('pnpm')) ?? '';
const realDeno = have('deno', denoCommand !== '');
const realPnpm = have('pnpm', pnpmCommand !== '');

let registry: Registry;
let server: LocalServer;
beforeAll(async () => {
  registry = await startRegistry();
  const headers = { 'content-type': 'application/typescript' };
  server = await startServer(({ url = '' }) => ({ headers, body: `export const name: string = '${url}';\n` }));
});
afterAll(async () => {
  await server?.close();
  await registry?.close();
});

const rootOf = (tool: typeof deno, home: string): string =>
  tool.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;

describe.skipIf(realDeno.skip || process.platform !== 'linux')(
  `parts of the cache of the real Deno${realDeno.note}`,
  () => {
    test('a source and a package go, what needs neither runs without a network, and both come again', async () => {
      const home = folderForTest();
      const program = (name: string, source: string, its: string): void =>
        writeFileSync(
          join(home, name),
          `import { name } from '${server.url}/${source}.ts';\nimport 'npm:${its}';\nconsole.log(name);\n`,
        );
      program('one.ts', 'one', 'alpha@1.0.0');
      program('two.ts', 'two', 'b2@2.0.0');
      const env = { ...nodeToolEnv(home, registry.url), NPM_CONFIG_REGISTRY: registry.url, NO_COLOR: '1' };
      const runs = (name: string, ...more: readonly string[]): Promise<Ran> =>
        run(denoCommand, ['run', '-A', ...more, name], { cwd: home, env });
      for (const name of ['one.ts', 'two.ts']) expect((await runs(name)).code).toBe(0);
      const root = rootOf(deno, home);
      const isChosen = ({
        url,
        kind,
        name,
      }: {
        readonly url: string | null;
        readonly kind: string;
        readonly name: string | null;
      }): boolean => url?.endsWith('/one.ts') === true || (kind === 'package' && name === 'alpha');
      const one = await cleared(deno, root, isChosen);
      expect(one.gone.length).toBe(2);
      one.undo();
      expect((await runs('one.ts', '--cached-only')).code).toBe(0);

      await cleared(deno, root, isChosen);
      const two = await runs('two.ts', '--cached-only');
      expect(two.stdout, two.stderr).toBe('/two.ts\n');
      expect((await runs('one.ts', '--cached-only')).code).not.toBe(0);
      const again = await runs('one.ts');
      expect(again.stdout, again.stderr).toBe('/one.ts\n');
      expect((await toldIn(deno, root)).filter(isChosen).length).toBe(2);
    });
  },
);

describe.skipIf(realPnpm.skip || process.platform !== 'linux')(
  `parts of the caches of the real pnpm${realPnpm.note}`,
  () => {
    test('answers of the registry alone; of the store its own command deletes what no project uses', async () => {
      const home = folderForTest();
      const env = nodeToolEnv(home, registry.url);
      const some = newProject(home, dozen.slice(0, 2), 'some');
      const other = newProject(home, dozen.slice(2, 4), 'other');
      for (const cwd of [some, other]) {
        const ran = await run(pnpmCommand, ['install'], { cwd, env });
        expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      }
      const root = rootOf(pnpmMetadata, home);
      const one = await cleared(pnpmMetadata, root, ({ name }) => name === 'alpha');
      expect(one.plan.moves.length).toBeGreaterThan(0);
      one.undo();
      await cleared(pnpmMetadata, root, ({ name }) => name === 'alpha');
      for (const name of ['node_modules', 'pnpm-lock.yaml']) rmSync(join(some, name), { recursive: true });
      expect((await run(pnpmCommand, ['install'], { cwd: some, env })).code).toBe(0);
      expect((await toldIn(pnpmMetadata, root)).some(({ name }) => name === 'alpha')).toBe(true);

      const [, ...own] = pnpm.own?.argv ?? [];
      rmSync(other, { recursive: true });
      const before = filesBelow(rootOf(pnpm, home)).length;
      const pruned = await run(pnpmCommand, own, { cwd: home, env });
      expect(pruned.code, pruned.stdout + pruned.stderr).toBe(0);
      expect(pruned.stderr).toMatch(/Removed all cached metadata.*Removed 2 packages/s);
      expect(filesBelow(rootOf(pnpm, home)).length).toBeLessThan(before);
      rmSync(join(some, 'node_modules'), { recursive: true });
      const offline = await run(pnpmCommand, ['install', '--offline', '--frozen-lockfile'], { cwd: some, env });
      expect(offline.code, offline.stdout + offline.stderr).toBe(0);
    });
  },
);
