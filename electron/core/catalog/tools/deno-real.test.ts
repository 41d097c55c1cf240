import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { type LocalServer, startServer } from '../../../../e2e/support/http-server.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { contradictions, entriesIn, keptIn, unitNames } from '../../../../e2e/support/made-cache.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { deno } from './deno.ts';

const command = (await npmTool('deno')) ?? '';
const real = have('deno', command !== '');

describe.skipIf(real.skip || process.platform !== 'linux')(`the cache of the real Deno${real.note}`, () => {
  let registry: Registry;
  let server: LocalServer;
  beforeAll(async () => {
    registry = await startRegistry();
    const headers = { 'content-type': 'application/typescript' };
    server = await startServer(() => ({ headers, body: 'export const answer: number = 42;\n' }));
  });
  afterAll(async () => {
    await server?.close();
    await registry?.close();
  });

  test('holds what a program loads; without any one unit the program runs, and what it stored is there', async () => {
    const home = folderForTest();
    const program = [
      `import { answer } from '${server.url}/mod.ts';`,
      `import 'npm:alpha@1.0.0';`,
      `const before = localStorage.getItem('kept');`,
      `localStorage.setItem('kept', 'yes');`,
      `console.log(answer, before);`,
    ];
    writeFileSync(join(home, 'main.ts'), program.join('\n'));
    const env = { ...nodeToolEnv(home, registry.url), NPM_CONFIG_REGISTRY: registry.url, NO_COLOR: '1' };
    const runs = () => run(command, ['run', '-A', '--location', 'http://a.example/', 'main.ts'], { cwd: home, env });
    const first = await runs();
    expect(first.stdout, first.stderr).toBe('42 null\n');

    const root = deno.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
    expect(deno.recognise(root, reader)).toContain('remote');
    expect(contradictions(deno, root)).toEqual({});
    expect(Object.keys(keptIn(deno, root))).toEqual(['location_data']);
    const entries = await entriesIn(deno, root);
    expect(entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
    expect(entries.find(({ kind }) => kind === 'source')).toMatchObject({ url: `${server.url}/mod.ts` });
    expect(entries.find(({ kind }) => kind === 'package')).toMatchObject({ name: 'alpha', version: '1.0.0' });

    const units = unitNames(deno, root);
    expect(units.length).toBeGreaterThanOrEqual(5);
    for (const unit of units) {
      rmSync(join(root, unit), { recursive: true, force: true });
      const again = await runs();
      expect([unit, again.stdout, again.code], again.stderr).toEqual([unit, '42 yes\n', 0]);
    }
    for (const unit of units) rmSync(join(root, unit), { recursive: true, force: true });
    expect((await runs()).stdout).toBe('42 yes\n');
    expect(existsSync(join(root, 'location_data'))).toBe(true);
  });
});
