import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { zip } from '../../../../e2e/support/archives.ts';
import { cleared, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { cargoVersion, gitProject, registryProject, cargo as runCargo } from '../../../../e2e/support/real-cargo.ts';
import { environmentWithout, type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { cargo } from '../tools/cargo.ts';
import { ccache } from '../tools/ccache.ts';
import { goBuild } from '../tools/go-build.ts';
import { goMod } from '../tools/go-mod.ts';

const answers = async (program: string, ...args: readonly string[]): Promise<boolean> =>
  process.platform === 'linux' && (await run(program, args)).code === 0;
const fine = (ran: Ran): Ran => {
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  return ran;
};
const put = (home: string, name: string, text: string | Buffer): void => {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text);
};

const version = process.platform === 'win32' ? null : await cargoVersion();
const cargoNote = version === null ? ' (SKIPPED: there is no cargo here)' : '';
const isSparse = version !== null && (version[0] > 1 || version[1] >= 68);

describe.skipIf(!isSparse)(`parts of the cache of the real cargo${cargoNote}`, () => {
  test('a crate goes with its sources, the sources alone come again without a network', async () => {
    const home = folderForTest();
    const { project, server } = await registryProject(home);
    onTestFinished(() => server.close());
    const root = join(home, '.cargo');
    const builds = (...more: readonly string[]): Promise<Ran> => runCargo(home, project, 'check', ...more);
    fine(await builds());

    const sources = await cleared(cargo, root, ({ in: unit }) => unit === 'registry/src');
    expect(sources.plan.also).toEqual([]);
    rmSync(join(project, 'target'), { recursive: true });
    fine(await builds('--offline'));
    // cargo made it again, and nothing is put over that.
    rmSync(`${root}.stale-1`, { recursive: true });

    const crate = await cleared(cargo, root, ({ kind }) => kind === 'crate', { moreMayGo: true });
    expect(crate.plan.moves.map((path) => path.split('/').slice(0, 2).join('/'))).toEqual(['registry/cache']);
  });

  test('of a chosen crate and a chosen clone, what was made of them goes first', async () => {
    const home = folderForTest();
    const { project, server } = await registryProject(home);
    onTestFinished(() => server.close());
    const root = join(home, '.cargo');
    fine(await runCargo(home, project, 'fetch'));
    renameSync(project, join(home, 'first'));
    const fromGit = gitProject(home);
    fine(await runCargo(home, fromGit, 'fetch'));
    put(home, '.cargo/bin/kept', 'a program');
    // With another of each, so that not all of a unit is chosen.
    const [index = ''] = readdirSync(join(root, 'registry', 'cache'));
    put(root, `registry/cache/${index}/other-1.0.0.crate`, 'x');
    put(root, 'git/db/other-0123456789abcdef/HEAD', 'x');

    const isChosen = ({ in: unit, name }: { readonly in: string; readonly name: string | null }): boolean =>
      (unit === 'registry/cache' || unit === 'git/db') && name !== 'other';
    const one = await cleared(cargo, root, isChosen, { moreMayGo: true });
    expect(one.plan.moves.map((path) => path.split('/').slice(0, 2).join('/')).sort()).toEqual([
      'git/checkouts',
      'git/db',
      'registry/cache',
      'registry/src',
    ]);
    for (const [made, from] of [
      ['registry/src', 'registry/cache'],
      ['git/checkouts', 'git/db'],
    ] as const)
      expect(one.plan.moves.findIndex((path) => path.startsWith(made))).toBeLessThan(
        one.plan.moves.findIndex((path) => path.startsWith(from)),
      );
    expect(one.plan.also.length).toBe(2);
    one.undo();
    fine(await runCargo(home, join(home, 'first'), 'fetch', '--offline'));

    await cleared(cargo, root, isChosen, { moreMayGo: true });
    expect((await runCargo(home, join(home, 'first'), 'fetch', '--offline')).code).not.toBe(0);
    // Its notes of when it used what name things that are gone: it works, and drops them when it cleans up.
    fine(await runCargo(home, join(home, 'first'), 'check'));
    fine(await runCargo(home, fromGit, 'check'));
    const book = join(root, '.global-cache');
    if (existsSync(book)) {
      const db = new DatabaseSync(book, { readOnly: true });
      expect(db.prepare('SELECT count(*) AS many FROM registry_crate').get()?.['many']).toBe(1);
      db.close();
    }
    expect(existsSync(join(root, 'bin', 'kept'))).toBe(true);
  });
});

const hasGo = await answers('go', 'version');
const goEnv = (home: string, proxy: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(GO|XDG_|CGO_)/, {
    HOME: home,
    GOPROXY: proxy,
    GONOSUMDB: '*',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  });

/** Folders that go made read-only would stay when the test's own are removed. */
const writable = (dir: string): void => {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory()) writable(join(dir, entry.name));
};

describe.skipIf(!hasGo)(`parts of the caches of the real go${hasGo ? '' : ' (SKIPPED: there is no go here)'}`, () => {
  test('of an unpacked module the zip goes and it builds without a network; results of builds are made again', async () => {
    const home = folderForTest();
    for (const name of ['one', 'two']) {
      const at = `proxy/near.example/${name}/@v`;
      const module = `module near.example/${name}\n`;
      const inZip = (file: string, data: string) => ({ name: `near.example/${name}@v1.2.3/${file}`, data });
      put(home, `${at}/list`, 'v1.2.3\n');
      put(home, `${at}/v1.2.3.info`, '{"Version":"v1.2.3","Time":"2024-01-02T03:04:05Z"}');
      put(home, `${at}/v1.2.3.mod`, module);
      put(
        home,
        `${at}/v1.2.3.zip`,
        zip([inZip('go.mod', module), inZip('a.go', `package ${name}\n\nfunc F() int { return 1 }\n`)]),
      );
    }
    put(
      home,
      'project/go.mod',
      'module project\n\ngo 1.19\n\nrequire (\n\tnear.example/one v1.2.3\n\tnear.example/two v1.2.3\n)\n',
    );
    put(
      home,
      'project/a.go',
      'package a\n\nimport (\n\t"near.example/one"\n\t"near.example/two"\n)\n\nfunc F() int { return one.F() + two.F() }\n',
    );
    const goes = (proxy: string, ...args: readonly string[]): Promise<Ran> =>
      run('go', args, { cwd: join(home, 'project'), env: goEnv(home, proxy) });
    const near = `file://${join(home, 'proxy')}`;
    fine(await goes(near, 'build', '.'));
    const root = join(home, 'go', 'pkg', 'mod');
    onTestFinished(() => writable(join(home, 'go')));

    const modules = await toldIn(goMod, root);
    expect(modules.filter(({ kind }) => kind === 'module').length).toBe(2);
    const plan = goMod.parts?.(
      root,
      [
        {
          unit: { name: 'cache/download', kind: 'directory', rewritten: 'anything' },
          keys: new Set(['near.example/one/@v/v1.2.3']),
        },
        { unit: { name: 'near.example', kind: 'directory', rewritten: 'nothing' }, keys: new Set(['two@v1.2.3']) },
      ],
      (await import('../../fs/reader.ts')).reader,
    );
    expect(plan?.moves).toEqual(['cache/download/near.example/one/@v/v1.2.3.zip', 'near.example/two@v1.2.3']);
    expect(plan?.stays).toEqual([]);
    expect(plan?.also.length).toBe(1);
    renameSync(join(root, plan?.moves[0] ?? ''), join(home, 'aside'));
    // What is unpacked comes again out of its own zip. Core itself knows how to move a read-only folder.
    chmodSync(join(root, 'near.example', 'two@v1.2.3'), 0o755);
    renameSync(join(root, 'near.example', 'two@v1.2.3'), join(home, 'unpacked'));
    onTestFinished(() => writable(join(home, 'unpacked')));
    rmSync(join(home, '.cache'), { recursive: true });
    fine(await goes('off', 'build', '.'));
    expect(fine(await goes('off', 'mod', 'verify')).stdout).toContain('all modules verified');

    // What is not unpacked goes whole, and comes again.
    writable(join(root, 'near.example'));
    rmSync(join(root, 'near.example', 'one@v1.2.3'), { recursive: true });
    await cleared(goMod, root, ({ key }) => key === 'near.example/one/@v/v1.2.3');
    expect(readdirSync(join(root, 'cache', 'download', 'near.example', 'one', '@v'))).toEqual(['list']);
    expect((await goes('off', 'build', '.')).code).not.toBe(0);
    fine(await goes(near, 'build', '.'));
    fine(await goes(near, 'mod', 'verify'));

    const builds = join(home, '.cache', 'go-build');
    for (const half of ['result', 'package', 'output']) {
      const one = await cleared(goBuild, builds, ({ kind }) => kind === half);
      fine(await goes('off', 'build', '.'));
      fine(await goes('off', 'vet', '.'));
      expect(one.plan.stays).toEqual([]);
      rmSync(`${builds}.stale-1`, { recursive: true });
    }
  });
});

const hasCcache = (await answers('ccache', '--version')) && (await answers('cc', '--version'));

describe.skipIf(!hasCcache)(
  `parts of the cache of the real ccache${hasCcache ? '' : ' (SKIPPED: there is no ccache here)'}`,
  () => {
    test('of three results one goes: that is compiled again, the others are found', async () => {
      const home = folderForTest();
      const env = environmentWithout(/^(CCACHE|XDG_)/, { HOME: home });
      const compiles = async (name: string): Promise<Ran> => {
        put(home, `src/${name}.c`, `int ${name}(void) { return 1; }\n`);
        return fine(await run('ccache', ['cc', '-c', `${name}.c`], { cwd: join(home, 'src'), env }));
      };
      for (const name of ['a', 'b', 'c']) await compiles(name);
      const root = join(home, '.cache', 'ccache');
      const [first] = (await toldIn(ccache, root)).filter(({ kind }) => kind === 'result');
      const one = await cleared(ccache, root, ({ key }) => key === first?.key);
      one.undo();
      await cleared(ccache, root, ({ key }) => key === first?.key);
      fine(await run('ccache', ['-z'], { cwd: home, env }));
      for (const name of ['a', 'b', 'c']) await compiles(name);
      const said = fine(await run('ccache', ['--print-stats'], { cwd: home, env })).stdout;
      const count = (name: string): number => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(said)?.[1] ?? 0);
      expect(count('cache_miss')).toBe(1);
      expect(count('direct_cache_hit') + count('preprocessed_cache_hit')).toBe(2);
      fine(await run('ccache', ['-c'], { cwd: home, env }));
      expect((await toldIn(ccache, root)).filter(({ kind }) => kind === 'result').length).toBe(3);
    });
  },
);
