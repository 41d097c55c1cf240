import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { askedFor, preCommitRepo } from './pre-commit-book.ts';

const told = (text: string): unknown => {
  const asked = askedFor(text);
  return asked && Object.fromEntries([...asked].map(([repo, revisions]) => [repo, [...revisions]]));
};

test('a configuration is read however it is written, and none that cannot be read asks for nothing', () => {
  const text = `# a comment: repo: no
default_stages: [commit]
repos:
  - repo: https://github.com/psf/black   # the one
    rev: "23.1.0"
    hooks:
      - id: black
  -   repo: 'https://github.com/psf/black'
      rev: 22.1.0
  - rev: v1
    repo: local
    hooks: [{id: mine, entry: x}]
`;
  expect(told(text)).toEqual({ 'https://github.com/psf/black': ['23.1.0', '22.1.0'], local: ['v1'] });
  expect(told('repos: [{repo: a, rev: b}]')).toEqual({ a: ['b'] });
  expect(told('repos:\n- repo: &it https://a\n  rev: b\n- repo: *it\n  rev: c\n')).toEqual({ 'https://a': ['b', 'c'] });
  expect(told('- repo: a\n  rev: b\n')).toEqual({ a: ['b'] });
  expect(told('repos: [')).toBeNull();
  expect(told('')).toBeNull();
});

test('any text never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      askedFor(text);
      askedFor(`repos:\n- repo: ${text}\n  rev: ${text}\n`);
    }),
    { numRuns: 1000 },
  );
});

test('packages are told from addresses by the clone that stands beside', () => {
  const root = folderForTest();
  const db = new DatabaseSync(join(root, 'db.db'));
  db.exec('CREATE TABLE repos (repo TEXT NOT NULL, ref TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (repo, ref));');
  db.exec('CREATE TABLE configs (path TEXT NOT NULL, PRIMARY KEY (path));');
  const add = db.prepare('INSERT INTO repos VALUES (?, ?, ?)');
  add.run('git@git.example:org/hooks', 'v1', '/elsewhere/repoaaaaaaaa');
  add.run('git@git.example:org/hooks:black==1,flake8', 'v1', '/elsewhere/repobbbbbbbb');
  add.run('local:black', '1', '/elsewhere/repocccccccc');
  add.run('../hooks', 'v1', 'C:\\elsewhere\\repodddddddd');
  const project = join(root, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, '.pre-commit-config.yaml'),
    'repos:\n- repo: git@git.example:org/hooks\n  rev: v1\n- repo: local\n',
  );
  db.prepare('INSERT INTO configs VALUES (?)').run(join(project, '.pre-commit-config.yaml'));
  db.close();
  const users = [join(project, '.pre-commit-config.yaml')];
  const said = (name: string) => preCommitRepo(root, name, reader);
  expect(said('repoaaaaaaaa')).toEqual({ repo: 'git@git.example:org/hooks', packages: null, ref: 'v1', usedBy: users });
  expect(said('repobbbbbbbb')).toMatchObject({
    repo: 'git@git.example:org/hooks',
    packages: 'black==1,flake8',
    usedBy: users,
  });
  expect(said('repocccccccc')).toMatchObject({ repo: 'local', packages: 'black', usedBy: users });
  expect(said('repodddddddd')).toMatchObject({ repo: '../hooks', usedBy: [] });
  expect(said('repoeeeeeeee')).toBeNull();
});
