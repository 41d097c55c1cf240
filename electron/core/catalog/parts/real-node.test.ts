import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleared, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { have } from '../../../../e2e/support/have.ts';
import { type Registry, startRegistry } from '../../../../e2e/support/local-registry.ts';
import { dozen } from '../../../../e2e/support/npm-packages.ts';
import { npmTool } from '../../../../e2e/support/npm-tools.ts';
import { newProject, nodeToolEnv } from '../../../../e2e/support/real-node-tools.ts';
import { npmVersion } from '../../../../e2e/support/real-npm.ts';
import { type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import type { Tool } from '../tool.ts';
import { bun } from '../tools/bun.ts';
import { npm } from '../tools/npm.ts';
import { yarn } from '../tools/yarn.ts';
import { yarnBerry } from '../tools/yarn-berry.ts';

interface Real {
  readonly tool: Tool;
  readonly command: string;
  readonly args: readonly string[];
  /** What keeps it off the network. */
  readonly offline: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> };
  /** It installs from its cache alone also where there is no lock file. */
  readonly resolves: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const bunCommand = (await npmTool('bun')) ?? '';
const yarnCommand = (await npmTool('yarn')) ?? '';
const berryCommand = (await npmTool('yarn-4')) ?? '';
const reals: readonly Real[] = [
  {
    tool: npm,
    command: (await npmVersion()) === null ? '' : 'npm',
    args: ['install', '--no-audit', '--no-fund'],
    offline: { args: ['--offline'] },
    resolves: true,
  },
  {
    tool: yarn,
    command: yarnCommand,
    args: ['install', '--ignore-scripts'],
    offline: { args: ['--offline'] },
    resolves: true,
  },
  {
    tool: bun,
    command: bunCommand,
    args: ['install', '--linker', 'hoisted'],
    offline: {
      args: ['--prefer-offline'],
      env: { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' },
    },
    resolves: true,
  },
  {
    tool: yarnBerry,
    command: berryCommand,
    args: ['install'],
    offline: { env: { YARN_ENABLE_NETWORK: 'false' } },
    resolves: false,
    env: {
      YARN_NODE_LINKER: 'node-modules',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    },
  },
];

const goes = ['alpha', '@scope/thing', 'tool'];
/** None of them needs what goes. */
const remain = dozen.filter(({ name, dependencies }) => !goes.includes(name) && dependencies === undefined);

describe.each(reals)(
  'parts of the cache of the real $tool.name',
  ({ tool, command, args, offline, resolves, env = {} }) => {
    const real = have(tool.name, command !== '');
    let registry: Registry;
    beforeAll(async () => {
      registry = await startRegistry();
    });
    afterAll(() => registry?.close());

    test.skipIf(real.skip || process.platform === 'win32')(
      `some go, the rest installs without a network, all come again${real.note}`,
      async () => {
        const home = folderForTest();
        const installs = async (project: string, isOffline: boolean): Promise<Ran> => {
          rmSync(join(project, 'node_modules'), { recursive: true, force: true });
          writeFileSync(join(project, 'bunfig.toml'), `[install]\nregistry = "${registry.url}"\n`);
          return run(command, [...args, ...((isOffline ? offline.args : undefined) ?? [])], {
            cwd: project,
            env: {
              ...nodeToolEnv(home, registry.url),
              YARN_NPM_REGISTRY_SERVER: registry.url.replace(/\/$/, ''),
              ...env,
              ...(isOffline ? offline.env : {}),
            },
          });
        };
        const project = newProject(home, dozen);
        const first = await installs(project, false);
        expect(first.code, first.stdout + first.stderr).toBe(0);
        const root = tool.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null, uid: 1000 }).path;
        const isChosen = ({ name, kind }: { readonly name: string | null; readonly kind: string }): boolean =>
          goes.includes(name ?? '') && kind !== 'metadata' && kind !== 'packument';
        const chosen = (await toldIn(tool, root)).filter(isChosen);
        expect(chosen.length).toBeGreaterThanOrEqual(3);

        const one = await cleared(tool, root, isChosen);
        expect(one.plan.stays).toEqual([]);
        one.undo();
        const undone = await installs(project, true);
        expect(undone.code, undone.stdout + undone.stderr).toBe(0);

        await cleared(tool, root, isChosen);
        if (resolves) {
          const rest = await installs(newProject(home, remain, 'rest'), true);
          expect(rest.code, rest.stdout + rest.stderr).toBe(0);
          expect((await installs(project, true)).code).not.toBe(0);
        }
        const again = await installs(project, false);
        expect(again.code, again.stdout + again.stderr).toBe(0);
        const names = (await toldIn(tool, root)).map((entry) => entry.name);
        for (const name of goes) expect(names).toContain(name);
      },
    );
  },
);
