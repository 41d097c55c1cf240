import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleared, toldIn } from '../../../../e2e/support/cleared-parts.ts';
import { have } from '../../../../e2e/support/have.ts';
import { type PythonIndex, startIndex } from '../../../../e2e/support/local-index.ts';
import { findPips, pipInstall } from '../../../../e2e/support/real-pip.ts';
import { environmentWithout, type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import type { Wanted } from '../tool.ts';
import { pip } from '../tools/pip.ts';
import { preCommit } from '../tools/pre-commit.ts';

const pips = process.platform === 'win32' ? [] : await findPips();

let index: PythonIndex;
beforeAll(async () => {
  index = await startIndex('html');
});
afterAll(() => index?.close());

const warnings = ({ stderr }: Ran): readonly string[] =>
  stderr.split('\n').filter((line) => line.startsWith('WARNING'));

describe.each(pips)('parts of the cache of the real pip $version', (its) => {
  test('responses go with their bodies, a wheel with its note; pip makes them again', async () => {
    const home = folderForTest();
    const root = join(home, 'cache');
    const first = await pipInstall(its, home, root, index.url, ['needs-all']);
    expect(first.code, first.stderr).toBe(0);
    const all = await toldIn(pip, root);
    const isChosen = ({ name }: { readonly name: string | null }): boolean => name === 'plain' || name === 'built';
    const one = await cleared(pip, root, isChosen);
    expect(one.plan.stays).toEqual([]);
    expect(one.plan.moves.filter((path) => path.endsWith('.body')).length).toBe(its.format === 'http-v2' ? 4 : 0);
    expect(one.rest.length).toBe(all.length - 5);
    one.undo();

    await cleared(pip, root, isChosen);
    const again = await pipInstall(its, home, root, index.url, ['needs-all']);
    expect(again.code, again.stderr).toBe(0);
    expect(warnings(again)).toEqual(warnings(first));
    expect((await toldIn(pip, root)).map(({ key }) => key).sort()).toEqual(all.map(({ key }) => key).sort());
  });
});

const there = process.platform === 'linux' && (await run('pre-commit', ['--version'])).code === 0;
const real = have('pre-commit', there || process.platform !== 'linux');

const gitEnv = (home: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(PRE_COMMIT|XDG_|GIT_|PYTHON|VIRTUAL_ENV$)/, {
    HOME: home,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'protocol.file.allow',
    GIT_CONFIG_VALUE_0: 'always',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'a'],
        [`GIT_${who}_EMAIL`, 'a@example.org'],
      ]),
    ),
  });

const repository = (home: string, name: string, files: Readonly<Record<string, string>>): string => {
  const dir = join(home, name);
  mkdirSync(dir);
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(dir, file), text);
    chmodSync(join(dir, file), 0o755);
  }
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'one'],
    ['tag', 'v1.0.0'],
  ])
    execFileSync('git', args, { cwd: dir, env: gitEnv(home) });
  return dir;
};

const hook = (id: string): Readonly<Record<string, string>> => ({
  '.pre-commit-hooks.yaml': `- id: ${id}\n  name: ${id}\n  entry: ./${id}.sh\n  language: script\n`,
  [`${id}.sh`]: '#!/bin/sh\nexit 0\n',
});

describe.skipIf(real.skip || !there)(`parts of the cache of the real pre-commit${real.note}`, () => {
  const rowsIn = (root: string): readonly string[] => {
    const db = new DatabaseSync(join(root, 'db.db'), { readOnly: true });
    const rows = db.prepare('SELECT path FROM repos').all();
    db.close();
    return rows.map((row) => String(row['path']).slice(root.length + 1)).sort();
  };

  test('a repository leaves with its row, and the next run makes it again without a complaint', async () => {
    const home = folderForTest();
    const dirs = ['one', 'two'].map((id) => repository(home, id, hook(id)));
    const repos = dirs.map(
      (dir, at) => `- repo: ${dir}\n  rev: v1.0.0\n  hooks:\n  - id: ${at === 0 ? 'one' : 'two'}\n`,
    );
    const project = repository(home, 'project', { '.pre-commit-config.yaml': `repos:\n${repos.join('')}` });
    const runs = (): Promise<Ran> => run('pre-commit', ['run', '--all-files'], { cwd: project, env: gitEnv(home) });
    const first = await runs();
    expect(first.stdout + first.code).toMatch(/0$/);
    const root = join(home, '.cache', 'pre-commit');
    const [own = ''] = (await toldIn(preCommit, root))
      .filter(({ name }) => name?.endsWith('/one'))
      .map((entry) => entry.in);
    const names = preCommit.units(root, reader).map(({ name }) => name);
    expect(preCommit.units(root, reader).map(({ inParts }) => inParts === true)).toEqual([false, true, true]);
    expect(rowsIn(root)).toEqual(names.filter((name) => name !== 'db.db').sort());

    const one = await cleared(preCommit, root, (entry) => entry.in === own);
    expect(one.plan.moves).toEqual([own]);
    expect(one.plan.rows).toMatchObject([
      { file: 'db.db', table: 'repos', row: { repo: join(home, 'one'), ref: 'v1.0.0', path: join(root, own) } },
    ]);
    expect(rowsIn(root)).not.toContain(own);
    one.undo();
    expect(rowsIn(root)).toEqual(names.filter((name) => name !== 'db.db').sort());
    expect((await runs()).code).toBe(0);
    expect(existsSync(join(root, own))).toBe(true);

    await cleared(preCommit, root, (entry) => entry.in === own);
    const again = await runs();
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(readdirSync(root).filter((name) => /^repo.{8}$/.test(name)).length).toBe(2);
    expect(rowsIn(root)).not.toContain(own);
    expect(rowsIn(root).length).toBe(2);
  });

  test('with the list no row is taken out, and it goes first; where it cannot be read the folder stays', async () => {
    const home = folderForTest();
    const dir = repository(home, 'one', hook('one'));
    const project = repository(home, 'project', {
      '.pre-commit-config.yaml': `repos:\n- repo: ${dir}\n  rev: v1.0.0\n  hooks:\n  - id: one\n`,
    });
    const runs = (): Promise<Ran> => run('pre-commit', ['run', '--all-files'], { cwd: project, env: gitEnv(home) });
    expect((await runs()).code).toBe(0);
    const root = join(home, '.cache', 'pre-commit');
    const units = preCommit.units(root, reader);
    const wanted = units.toReversed().map((unit): Wanted => ({ unit, keys: 'all' }));
    const plan = preCommit.parts?.(root, wanted, reader);
    expect(plan?.rows).toEqual([]);
    expect(plan?.moves).toEqual(units.map(({ name }) => name));
    const all = await cleared(preCommit, root, () => true);
    expect(all.rest).toEqual([]);
    expect((await runs()).code).toBe(0);

    writeFileSync(join(root, 'db.db'), 'no database');
    const alone = preCommit.parts?.(
      root,
      wanted
        .filter(({ unit }) => unit.name !== 'db.db')
        .map((it) => ({
          ...it,
          unit: { ...it.unit, name: readdirSync(root).find((name) => /^repo.{8}$/.test(name)) ?? '' },
        })),
      reader,
    );
    expect(alone?.moves).toEqual([]);
    expect(alone?.stays[0]).toMatchObject({ key: '.', why: expect.stringContaining('db.db') });
  });
});
