import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { have } from '../../../../e2e/support/have.ts';
import { environmentWithout, type Ran, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { unitPath } from '../shape.ts';
import type { RawEntry, Surroundings } from '../tool.ts';
import { preCommit } from './pre-commit.ts';

const envOf = (home: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(PRE_COMMIT|XDG_|GIT_|PYTHON|VIRTUAL_ENV$)/, {
    HOME: home,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'protocol.file.allow',
    GIT_CONFIG_VALUE_0: 'always',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  });

const there = process.platform === 'linux' && (await run('pre-commit', ['--version'])).code === 0;
const real = have('pre-commit', there);

const git = (home: string, cwd: string, ...commands: readonly (readonly string[])[]): void => {
  for (const args of commands) execFileSync('git', args, { cwd, env: envOf(home) });
};

/** A repository with one hook, a project that uses it, and that hook run once. */
const ranOnce = async (): Promise<{ readonly root: string; readonly again: () => Promise<Ran> }> => {
  const home = folderForTest();
  const [hooks, project] = [join(home, 'hooks'), join(home, 'project')];
  for (const dir of [hooks, project]) mkdirSync(dir);
  writeFileSync(
    join(hooks, '.pre-commit-hooks.yaml'),
    '- id: one\n  name: one\n  entry: ./one.sh\n  language: script\n',
  );
  writeFileSync(join(hooks, 'one.sh'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(hooks, 'one.sh'), 0o755);
  git(home, hooks, ['init', '-q'], ['add', '-A'], ['commit', '-qm', 'one'], ['tag', 'v1.0.0']);
  writeFileSync(
    join(project, '.pre-commit-config.yaml'),
    `repos:\n- repo: ${hooks}\n  rev: v1.0.0\n  hooks:\n  - id: one\n`,
  );
  git(home, project, ['init', '-q'], ['add', '-A'], ['commit', '-qm', 'one']);
  const again = () => run('pre-commit', ['run', '--all-files'], { cwd: project, env: envOf(home) });
  const first = await again();
  expect(first.stdout + first.code).toMatch(/0$/);
  return { root: join(home, '.cache', 'pre-commit'), again };
};

describe.skipIf(real.skip)(`the store of the real pre-commit${real.note}`, () => {
  test('is recognised, its list is the first unit, its clones are units though they are git repositories', async () => {
    const { root } = await ranOnce();
    const { path } = preCommit.root({
      platform: 'linux',
      env: {},
      home: join(root, '..', '..'),
      cwd: '/',
      readText: () => null,
    } satisfies Surroundings);
    expect(path).toBe(root);
    expect(preCommit.recognise(root, reader)).toContain('db.db');
    const units = preCommit.units(root, reader);
    expect(units.map(({ name }) => name)).toEqual(['db.db', expect.stringMatching(/^repo[a-z0-9_]{8}$/)]);
    expect(units.map(({ hasGit }) => hasGit === true)).toEqual([false, true]);
    for (const unit of units) expect(preCommit.contradiction(root, unit, reader)).toBeNull();
    writeFileSync(join(root, 'patch1700000000-4711'), 'changes of a person');
    const kept = preCommit.keeps(root, reader).map(({ path: at, why }) => [at.slice(root.length + 1), why]);
    expect(kept.map(([name]) => name)).toEqual(['.lock', 'README', 'patch1700000000-4711']);
    expect(kept[2]?.[1]).toContain('Changes of yours');
    expect(preCommit.locks?.files(root, reader)).toEqual([join(root, '.lock')]);
    const entries: RawEntry[] = [];
    for (const unit of units) for await (const entry of preCommit.entries(root, unit, reader)) entries.push(entry);
    expect(entries.map(({ kind }) => kind)).toEqual(['list', 'clone']);
  });

  test('names its clones by its list, and the projects that ask for them', async () => {
    const { root } = await ranOnce();
    const home = join(root, '..', '..');
    const config = join(home, 'project', '.pre-commit-config.yaml');
    const clone = async (): Promise<RawEntry | undefined> => {
      const unit = preCommit.units(root, reader)[1];
      if (unit === undefined) return undefined;
      for await (const entry of preCommit.entries(root, unit, reader)) return entry;
      return undefined;
    };
    expect(await clone()).toMatchObject({
      kind: 'clone',
      name: join(home, 'hooks'),
      version: 'v1.0.0',
      usedBy: [config],
      damaged: null,
    });
    // Another revision is asked for: nobody asks for this one, and pre-commit's own cleaner agrees.
    writeFileSync(config, `repos:\n- repo: ${join(home, 'hooks')}\n  rev: v2.0.0\n  hooks:\n  - id: one\n`);
    expect((await clone())?.usedBy).toEqual([]);
    // However it is written.
    writeFileSync(config, `repos: [{repo: ${join(home, 'hooks')}, rev: v1.0.0, hooks: [{id: one}]}]\n`);
    expect((await clone())?.usedBy).toEqual([config]);
    // One that cannot be read: nobody is said to be nobody.
    writeFileSync(config, 'repos: [');
    expect((await clone())?.usedBy).toBeNull();
    rmSync(config);
    expect((await clone())?.usedBy).toEqual([]);
    const gc = await run('pre-commit', ['gc'], { cwd: home, env: envOf(home) });
    expect(gc.stdout).toContain('1 repo(s) removed');
    writeFileSync(join(root, 'db.db'), 'ten bytes.');
    mkdirSync(join(root, 'repoabcdefgh'));
    writeFileSync(join(root, 'repoabcdefgh', '.pre-commit-hooks.yaml'), '');
    expect(await clone()).toMatchObject({ kind: 'clone', name: null, usedBy: null });
  });

  test('is made again when it is cleared in the order of its units, and works at every step', async () => {
    const { root, again } = await ranOnce();
    for (const unit of preCommit.units(root, reader)) {
      const path = unitPath(root, unit);
      renameSync(path, `${path}.stale-1-0123456789abcdef`);
      const ran = await again();
      expect(ran.stdout + ran.code).toMatch(/0$/);
    }
    expect(preCommit.units(root, reader)).toHaveLength(2);
  });

  test('fails once when a clone is gone that its list names: why the list is a unit, and the first', async () => {
    const { root, again } = await ranOnce();
    const clone = readdirSync(root).find((name) => name.startsWith('repo')) ?? '';
    rmSync(join(root, clone), { recursive: true });
    const ran = await again();
    expect({ code: ran.code, told: /InvalidManifestError/.test(ran.stdout) }).toEqual({ code: 1, told: true });
    rmSync(join(root, 'db.db'));
    expect((await again()).code).toBe(0);
  });
});
