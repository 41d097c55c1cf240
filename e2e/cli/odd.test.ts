import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { clear, history, listed, shown, the, unitOf } from '../support/answers.ts';
import { linux, needs } from '../support/caches.ts';
import { deadSocket, readOnlyTree, tooDeep, writeOddNames } from '../support/odd-things.ts';
import { newHome, program, type RunOptions, stateOf } from '../support/program.ts';
import { du, fingerprint, isRoot, siblings } from '../support/sandbox.ts';

const nobody = 65_534;
/** Root may write anywhere, so rights are tested as somebody else. */
const asNobody = isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
const [command = '', ...rest] = [...asNobody, ...program, '--version'];
const ordinary = needs(
  'ordinary user that can run this checkout',
  !linux.skip && spawnSync(command, rest).status === 0,
);

const world = () => {
  const home = newHome();
  const unit = path.join(home, '.npm', '_cacache');
  fs.mkdirSync(unit, { recursive: true });
  return { home, unit };
};

/** Measured as du does, cleared without an error, with what du says given back (less what stays linked elsewhere). */
const cleared = async (home: string, unit: string, { stays = 0, ...options }: RunOptions & { stays?: number } = {}) => {
  const held = du(unit);
  const measured = unitOf(await listed(home, ['npm'], options), 'npm', '_cacache');
  expect(measured).toMatchObject({ unreadable: [], bytes: { allocated: held, reclaimable: held - stays } });
  const { code, operations } = await clear(home, ['npm/_cacache', '--yes'], options);
  const operation = the(operations);
  expect(operation).toMatchObject({ state: 'done', left: [], errors: [], bytes: { freed: held - stays } });
  expect(code).toBe(0);
  expect(fs.existsSync(unit)).toBe(false);
  expect(siblings(unit)).toEqual([]);
};

describe.skipIf(linux.skip)('a cache is measured and cleared with', () => {
  test('names that are not UTF-8, and names that would drive a terminal', async () => {
    const { home, unit } = world();
    writeOddNames(unit);
    expect((await shown(home, 'npm')).total).toBeGreaterThanOrEqual(0);
    await cleared(home, unit);
  });

  test('paths longer than the system can name', async () => {
    const { home, unit } = world();
    tooDeep(unit);
    await cleared(home, unit);
  });

  test('links from outside, whose blocks are not counted as freed, and links within, which are', async () => {
    const { home, unit } = world();
    const [outer, inner] = [path.join(unit, 'outer'), path.join(unit, 'inner')];
    fs.writeFileSync(outer, Buffer.alloc(1_000_000, 1));
    fs.linkSync(outer, path.join(home, 'mine'));
    fs.linkSync(outer, path.join(unit, 'outer again'));
    fs.writeFileSync(inner, Buffer.alloc(500_000, 1));
    fs.linkSync(inner, path.join(unit, 'inner again'));
    await cleared(home, unit, { stays: fs.statSync(outer).blocks * 512 });
    expect(fs.readFileSync(path.join(home, 'mine'))).toEqual(Buffer.alloc(1_000_000, 1));
  });

  test('a file that is mostly a hole, a pipe, a socket, and links to nowhere and to everywhere', async () => {
    const { home, unit } = world();
    fs.writeFileSync(path.join(unit, 'hole'), 'x');
    fs.truncateSync(path.join(unit, 'hole'), 5_000_000_000);
    execFileSync('mkfifo', [path.join(unit, 'pipe')]);
    deadSocket(unit);
    fs.mkdirSync(path.join(home, 'mine'));
    fs.writeFileSync(path.join(home, 'mine', 'thesis'), 'mine');
    for (const [name, to] of [
      ['nowhere', 'nothing'],
      ['up', '..'],
      ['root', '/'],
      ['mine', '../../mine'],
    ] as const) {
      fs.symlinkSync(to, path.join(unit, name));
    }
    const mine = fingerprint(path.join(home, 'mine'));
    await cleared(home, unit);
    expect(fingerprint(path.join(home, 'mine'))).toBe(mine);
  });

  test.skipIf(ordinary.skip)(`folders in which an ordinary user may not write${ordinary.note}`, async () => {
    const { home, unit } = world();
    readOnlyTree(path.join(unit, 'tree'));
    fs.mkdirSync(stateOf(home));
    if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, path.dirname(home)]);
    await cleared(home, unit, { through: asNobody });
  });

  test.skipIf(ordinary.skip)(`a unit that itself may not be written in${ordinary.note}`, async () => {
    const { home, unit } = world();
    fs.rmdirSync(unit);
    readOnlyTree(unit);
    fs.mkdirSync(stateOf(home));
    if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, path.dirname(home)]);
    await cleared(home, unit, { through: asNobody });
  });

  test.skipIf(ordinary.skip)(`a folder above it that may not be written in: untouched${ordinary.note}`, async () => {
    const { home, unit } = world();
    readOnlyTree(path.join(unit, 'tree'));
    fs.mkdirSync(stateOf(home));
    fs.chmodSync(path.dirname(unit), 0o555);
    if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, path.dirname(home)]);
    const before = fingerprint(path.dirname(unit));
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes'], { through: asNobody });
    expect(code).toBe(1);
    expect(the(operations)).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null });
    expect(the(the(operations).errors)).toMatchObject({ code: 'EACCES' });
    expect(fingerprint(path.dirname(unit))).toBe(before);
    expect(the(await history(home)).state).toBe('failed');
  });
});
