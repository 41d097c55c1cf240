import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { clear, history, listed, the, unitOf } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { inspect, newHome, type RunOptions } from '../support/program.ts';
import { fingerprint, isRoot, write } from '../support/sandbox.ts';

interface Refused {
  readonly code: string;
  readonly says: readonly string[];
  readonly options?: RunOptions;
}

/** Exit 3 with a sentence that names what and why, in the history when it was an operation; and nothing is touched. */
const refused = async (home: string, target: string, { code, says, options }: Refused): Promise<void> => {
  const before = fingerprint(home);
  const cleared = await clear(home, [target, '--yes'], options);
  const operation = cleared.operations[0];
  const told = cleared.error ?? the(operation?.errors ?? []);
  expect({ exit: cleared.code, code: told.code }).toEqual({ exit: 3, code });
  for (const part of says) expect(told.message).toContain(part);
  expect(fingerprint(home)).toBe(before);
  if (operation === undefined) return;
  expect(operation.state).toBe('refused');
  expect((await history(home))[0]).toEqual(operation);
};

describe.skipIf(linux.skip)('a place that must not be cleared is refused', () => {
  test.each(['/', '/usr', '/proc/self', 'home', 'home/..', 'home/../home/', 'home/.config'])('%s', async (name) => {
    const home = newHome();
    writeNpmCache(home);
    fs.mkdirSync(path.join(home, '.config'));
    const target = name.startsWith('/') ? name : `${path.dirname(home)}/${name}`;
    await refused(home, target, { code: 'protected-place', says: [path.resolve(target)] });
    const said = await inspect(home, ['clear', target, '--yes']);
    expect({ code: said.code, stdout: said.stdout }).toEqual({ code: 3, stdout: '' });
    expect(said.stderr).toContain(path.resolve(target));
  });

  test('a folder that nobody knows as a cache', async () => {
    const home = newHome();
    write(home, { 'work/thesis.txt': 'mine' });
    const work = path.join(home, 'work');
    await refused(home, work, { code: 'unknown-cache', says: [work] });
  });

  test('a cache whose root is a link, by its name and by its path', async () => {
    const home = newHome();
    const root = path.join(home, '.npm');
    writeNpmCache(home);
    fs.renameSync(root, path.join(home, 'moved'));
    fs.symlinkSync('moved', root);
    for (const target of ['npm', 'npm/_cacache', root]) {
      await refused(home, target, { code: 'symbolic-link', says: [root, 'symbolic link'] });
    }
    await refused(home, `${root}/_cacache`, { code: 'unknown-cache', says: [path.join(home, 'moved', '_cacache')] });
  });

  test('a unit that is a link', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    fs.renameSync(unit, path.join(home, 'precious'));
    fs.symlinkSync('../precious', unit);
    await refused(home, 'npm/_cacache', { code: 'symbolic-link', says: [unit, 'symbolic link'] });
    await refused(home, 'npm', { code: 'symbolic-link', says: [unit] });
  });

  test('a known cache under a name that leads through the kernel', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    await refused(home, `/proc/self/root${unit}`, { code: 'protected-place', says: ['/proc/self/root'] });
  });

  test.each([
    ['HOME', 'protected-place', 'is your home folder'],
    ['HOME/x/..', 'protected-place', 'is your home folder'],
    ['HOME/../home', 'protected-place', 'is your home folder'],
    ['HOME/.config', 'protected-place', 'shared by'],
    ['~', 'protected-place', 'is your home folder'],
    ['/', 'protected-place', 'the root of the file system'],
    ['relative/cache', 'unusable-path', 'PIP_CACHE_DIR'],
    ['../cache', 'unusable-path', 'PIP_CACHE_DIR'],
  ])('pip told to cache in %s', async (value, code, why) => {
    const home = newHome();
    write(home, { 'wheels/mine.whl': 'mine', 'x/y': '', '.config/wheels/ab/z': '', 'http/0/1': '' });
    const options = { env: { PIP_CACHE_DIR: value.replace('HOME', home) } };
    const says = why === 'shared by' ? ['many programs share'] : [why];
    await refused(home, 'pip', { code, says, options });
    await refused(home, 'pip/wheels', { code, says, options });
    expect(the(await listed(home, ['pip'], options))).toMatchObject({ units: [], problem: { code } });
  });

  test("pip told to cache in a folder with somebody's own wheels", async () => {
    const home = newHome();
    write(home, { 'work/wheels/mine-1.0-py3-none-any.whl': 'mine' });
    const options = { env: { PIP_CACHE_DIR: path.join(home, 'work') } };
    const wheels = path.join(home, 'work', 'wheels');
    await refused(home, 'pip/wheels', { code: 'no-evidence', says: [wheels, 'mine-1.0'], options });
  });

  test('a unit under version control', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    fs.mkdirSync(path.join(unit, '.git'));
    await refused(home, 'npm/_cacache', { code: 'version-controlled', says: [unit, '.git'] });
  });

  test.skipIf(!isRoot)(`a unit of another user${isRoot ? '' : ' (SKIPPED: only root can make one)'}`, async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    fs.chownSync(unit, 65_534, 65_534);
    await refused(home, 'npm/_cacache', { code: 'foreign-owner', says: [unit, '65534'] });
  });

  test('the unit in which this program was started', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const says = [unit, 'the folder that this program was started in'];
    await refused(home, 'npm', { code: 'protected-place', says, options: { cwd: path.join(unit, 'tmp') } });
  });

  test('the history of this program', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const options = { env: { CACHE_INSPECTOR_HOME: path.join(unit, 'state') } };
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes'], options);
    expect({ code, error: the(the(operations).errors).code }).toEqual({ code: 3, error: 'protected-place' });
    expect(fs.existsSync(path.join(unit, 'content-v2'))).toBe(true);
  });

  test('and one refused part keeps all the others of the same clear', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    write(home, { '.npm/_logs/one-debug-0.log': 'log' });
    fs.mkdirSync(path.join(unit, '.git'));
    await refused(home, 'npm', { code: 'version-controlled', says: [unit] });
  });

  test('while a link above the cache is fine', async () => {
    const home = newHome();
    write(home, { 'disk/pip/http-v2/a/b/c/d/e/abcde': 'x' });
    fs.symlinkSync('disk', path.join(home, 'link'));
    const options = { env: { XDG_CACHE_HOME: path.join(home, 'link') } };
    const unit = unitOf(await listed(home, [], options), 'pip', 'http-v2');
    expect(unit).toMatchObject({ present: true, path: path.join(home, 'disk', 'pip', 'http-v2') });
    const { code, operations } = await clear(home, [path.join(home, 'link', 'pip', 'http-v2'), '--yes'], options);
    expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    expect(fs.readdirSync(path.join(home, 'disk', 'pip'))).toEqual([]);
  });
});
