import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { have } from '../../../e2e/support/have.ts';
import { later } from '../../../e2e/support/later.ts';
import { type Registry, startRegistry } from '../../../e2e/support/local-registry.ts';
import { inspect, newHome } from '../../../e2e/support/program.ts';
import { nodeToolEnv, runNodeTool } from '../../../e2e/support/real-node-tools.ts';
import { npmVersion } from '../../../e2e/support/real-npm.ts';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import type { Operation } from '../../../shared/model.ts';
import { hours } from './grammars/tool-grammar.ts';
import { findToolLeftovers } from './tool-leftovers.ts';

const npm = have('npm', process.platform === 'linux' && (await npmVersion()) !== null);

const registryOf = async (version: string, before?: () => Promise<unknown>): Promise<Registry> => {
  const registry = await startRegistry(
    [
      { name: 'alpha', version },
      { name: '@scope/thing', version },
    ],
    '',
    before,
  );
  onTestFinished(() => registry.close());
  return registry;
};

const wants = (project: string, version: string): void => {
  mkdirSync(project, { recursive: true });
  const dependencies = { alpha: version, '@scope/thing': version };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'p', version: '1.0.0', dependencies }));
};

const look = async (project: string, laterMs = hours(1)) => {
  const { findings } = await findToolLeftovers({
    places: [],
    projects: [project],
    temporary: null,
    now: () => Date.now() + laterMs,
  });
  return findings.filter(({ grammar }) => grammar === 'npm-retired');
};

const retiredIn = (dir: string): readonly string[] =>
  existsSync(dir) ? readdirSync(dir).filter((name) => /^\.(?:alpha|thing)-\w{8}$/.test(name)) : [];

const until = async (what: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1200 && !what(); tries += 1) await sleep(50);
  expect(what()).toBe(true);
};

describe.skipIf(npm.skip)(`npm install, killed${npm.note}`, () => {
  test('leaves what the hash knows: asked about while it is the only copy, safe when npm has made the other whole', async () => {
    const home = folderForTest();
    const project = join(home, 'project');
    const modules = join(project, 'node_modules');
    const first = await registryOf('1.0.0');
    wants(project, '1.0.0');
    const run = (registry: Registry, ...words: readonly string[]) =>
      runNodeTool('npm', ['install', '--no-audit', '--no-fund', ...words], { home, project, registry: registry.url });
    expect((await run(first)).code).toBe(0);

    // What stands in the registry is told at once; the packages themselves never come.
    let asked = 0;
    let open: (value: unknown) => void = () => {};
    const closed = new Promise((resolve) => (open = resolve));
    onTestFinished(() => open(null));
    const stuck = await registryOf('2.0.0', async () => {
      asked += 1;
      if (asked > 2) await closed;
    });
    wants(project, '2.0.0');
    rmSync(join(project, 'package-lock.json'));
    const child = spawn('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: project,
      env: nodeToolEnv(home, stuck.url),
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(() => retiredIn(modules).length === 1 && retiredIn(join(modules, '@scope')).length === 1);
    const during = await look(project);
    expect(during.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual([
      'in-progress never',
      'in-progress never',
    ]);
    expect(during[0]?.evidence.join('\n')).toContain(`process ${child.pid} (npm install`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    open(null);

    const left = await look(project);
    expect(left.map(({ cleaning }) => cleaning)).toEqual(['ask', 'ask']);
    expect(
      left.map(({ rawPath }) => JSON.parse(readFileSync(join(`${rawPath}`, 'package.json'), 'utf8')).version),
    ).toEqual(['1.0.0', '1.0.0']);

    // Somebody helps themselves by removing the halves (npm 11.19.1 would move those aside too, over what it left).
    for (const half of ['alpha', join('@scope', 'thing')])
      rmSync(join(modules, half), { recursive: true, force: true });
    const second = await registryOf('2.0.0');
    expect((await run(second)).code).toBe(0);
    expect(JSON.parse(readFileSync(join(modules, 'alpha', 'package.json'), 'utf8')).version).toBe('2.0.0');
    // Now npm does not come back for what it left.
    expect((await look(project, 0)).map(({ cleaning }) => cleaning)).toEqual(['ask', 'ask']);
    const safe = await look(project);
    expect(safe.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual(['abandoned safe', 'abandoned safe']);
    expect(safe.map(({ original }) => original)).toEqual([join(modules, 'alpha'), join(modules, '@scope', 'thing')]);

    // The program itself cleans them, when the project has been added; nothing else in it is touched.
    const outside = newHome();
    expect((await inspect(outside, ['add', project])).code).toBe(0);
    const rest = () => [...readdirSync(modules), readFileSync(join(modules, 'alpha', 'package.json'), 'utf8')].sort();
    const others = rest().filter((name) => !retiredIn(modules).includes(name));
    const words = ['leftovers', '--clean-safe', '--tool', 'npm', '--json'];
    const cleaned = await inspect(outside, words, { env: later });
    const { operations, leftovers } = cleaned.json<{
      operations: readonly Operation[];
      leftovers: readonly unknown[];
    }>();
    expect(operations.map(({ path, state }) => `${path} ${state}`)).toEqual(safe.map(({ path }) => `${path} done`));
    expect({ code: cleaned.code, leftovers }).toEqual({ code: 0, leftovers: [] });
    expect(rest()).toEqual(others);
    const third = await registryOf('3.0.0');
    wants(project, '3.0.0');
    expect((await run(third)).code).toBe(0);
    expect(JSON.parse(readFileSync(join(modules, 'alpha', 'package.json'), 'utf8')).version).toBe('3.0.0');
    expect(await look(project)).toEqual([]);
  });
});
