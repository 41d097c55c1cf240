import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { has, isRoot, missing, onLinux, sandbox, siblings, smallTree } from '../../../e2e/support/sandbox.ts';
import { parseMountinfo } from '../fs/mounts.ts';
import { lockPlaces, takeLock } from './lock.ts';
import { networkType } from './lock-places.ts';
import { lockingChild, taker } from './testing/lock-process.ts';

const nobody = 65_534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** A cache in a folder that everybody reaches, and a place for the own files of either user. */
const sharedCache = (mode: number) => {
  const box = sandbox();
  fs.chmodSync(box, 0o755);
  const folder = path.join(box, 'shared');
  fs.mkdirSync(folder);
  fs.chmodSync(folder, mode);
  const root = path.join(folder, 'cache');
  smallTree(root);
  const state = path.join(box, 'state');
  const theirs = path.join(box, 'state-of-nobody');
  fs.mkdirSync(theirs);
  fs.chownSync(theirs, nobody, nobody);
  return { root, state, theirs };
};

describe.skipIf(!onLinux || !isRoot || missing(!has('setpriv')))('two users of one cache', () => {
  it.each([
    ['where everybody may write', 0o777],
    ['where everybody may write and only the owner may remove', 0o1777],
  ])('meet at the same lock, whoever comes first, %s', async (_, mode) => {
    const { root, state, theirs } = sharedCache(mode);
    const mine = await takeLock(root, state, { patienceMs: 0, mode: 'shared' });
    expect(mine?.scope).toBe('this machine');
    expect(fs.statSync(lockPlaces(root, state)[0]).mode & 0o777).toBe(0o666);
    const refused = await lockingChild(taker('exclusive', 200), root, theirs, asNobody);
    expect(await refused.line()).toBe('none');
    const beside = await lockingChild(taker('shared', 200), root, theirs, asNobody);
    expect([await beside.line(), await beside.line()]).toEqual(['held', 'this machine']);
    mine?.release();
    expect(await takeLock(root, state, { patienceMs: 100, mode: 'exclusive' })).toBe(null);
    beside.go();
    expect(await beside.line()).toBe('released');
    const first = await lockingChild(taker('exclusive', 200), root, theirs, asNobody);
    expect([await first.line(), await first.line()]).toEqual(['held', 'this machine']);
    expect(await takeLock(root, state, { patienceMs: 100, mode: 'shared' })).toBe(null);
    first.go();
    expect(await first.line()).toBe('released');
    const again = await takeLock(root, state, { patienceMs: 100, mode: 'exclusive' });
    expect(again).not.toBe(null);
    again?.release();
    expect(siblings(root)).toEqual([]);
  });

  it('are told when one of them can make no file there, and then only that one is kept off', async () => {
    const { root, state, theirs } = sharedCache(0o755);
    const hold = await lockingChild(taker('shared'), root, theirs, asNobody);
    expect([await hold.line(), await hold.line()]).toEqual(['held', 'this user only']);
    const second = await lockingChild(taker('exclusive', 200), root, theirs, asNobody);
    expect(await second.line()).toBe('none');
    const mine = await takeLock(root, state, { patienceMs: 0, mode: 'exclusive' });
    expect(mine?.scope).toBe('this machine');
    // The other way round they meet: the file is there then.
    const refused = await lockingChild(taker('shared', 200), root, `${theirs}/other`, asNobody);
    expect(await refused.line()).toBe('none');
    mine?.release();
  });
});

describe('the place beside a cache', () => {
  it.each(['a link', 'a pipe', 'a file with something in it'])('is done without when %s stands there', async (what) => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    const state = path.join(box, 'state');
    const [beside] = lockPlaces(root, state);
    fs.writeFileSync(path.join(box, 'precious'), '');
    if (what === 'a link') fs.symlinkSync('precious', beside);
    else if (what === 'a pipe') spawnSync('mkfifo', [beside]);
    else fs.writeFileSync(beside, 'x');
    const before = fs.lstatSync(beside, { bigint: true });
    const lock = await takeLock(root, state, { patienceMs: 0, mode: 'shared' });
    expect(lock?.scope).toBe('this user only');
    lock?.release();
    expect(fs.lstatSync(beside, { bigint: true })).toMatchObject({ ino: before.ino, ctimeNs: before.ctimeNs });
    expect(fs.readFileSync(path.join(box, 'precious'), 'utf8')).toBe('');
  });

  it('is taken as soon as it can be: the folder above is often made by the command itself', async () => {
    const box = sandbox();
    const root = path.join(box, 'not-yet', 'cache');
    const state = path.join(box, 'state');
    const hold = await takeLock(root, state, { patienceMs: 0, mode: 'shared' });
    expect(hold?.scope).toBe('this user only');
    fs.mkdirSync(path.dirname(root));
    const clear = await lockingChild(taker('exclusive', 200), root, state);
    expect(await clear.line()).toBe('none');
    expect([hold?.renew(), hold?.scope]).toEqual([true, 'this machine']);
    hold?.release();
    expect(fs.readdirSync(path.dirname(root))).toEqual([]);
  });
});

const canTrace = onLinux && has('strace') && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

describe.skipIf(!onLinux || missing(!canTrace))('a file system that does not lock (row 77)', () => {
  const newCache = () => {
    const box = sandbox();
    const root = path.join(box, 'cache');
    smallTree(root);
    return { root, state: path.join(box, 'state') };
  };
  const injecting = (error: string) => ['-f', '-qq', '-o', '/dev/null', '-e', `inject=fcntl:error=${error}`];

  it.each(['EOPNOTSUPP', 'EIO', 'EPERM'])('is told as such at once: %s', async (error) => {
    const { root, state } = newCache();
    const files = lockPlaces(root, state).flatMap((at) => ['-P', at]);
    const through = ['strace', ...injecting(error), '-e', 'trace=fcntl', ...files];
    const other = await lockingChild(taker('exclusive', 60_000), root, state, through);
    expect(await other.line()).toBe('not-lockable');
  });

  it.each(['exclusive', 'shared'])('is told apart from a lock of somebody else: ENOLCK, %s', async (mode) => {
    const { root, state } = newCache();
    const ready = `const go = new Promise((go) => process.stdin.once('data', go)); say('ready'); await go;`;
    const other = await lockingChild(`${ready} ${taker(mode, 60_000)}`, root, state);
    expect(await other.line()).toBe('ready');
    // Node needs the same system call to start and to open its standard input, so the fault comes after both.
    const tracer = spawn('strace', [...injecting('ENOLCK'), '-e', 'trace=fcntl', '-p', String(other.pid)]);
    onTestFinished(() => void tracer.kill());
    while (/^TracerPid:\t0$/m.test(fs.readFileSync(`/proc/${other.pid}/status`, 'latin1'))) await sleep(10);
    const started = performance.now();
    other.go();
    expect(await other.line()).toBe('not-lockable');
    expect(performance.now() - started).toBeLessThan(30_000);
    // What was tried is gone; nobody can have the lock files alone, so they may stay.
    expect(siblings(root).filter((name) => !/^(state|\.cache-inspector-cache\.lock)$/.test(name))).toEqual([]);
  });
});

describe('a file system that other machines reach as well', () => {
  // A mock: no network file system can be had here, so it is the table of mounts that says so.
  const table = parseMountinfo(
    '1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /home rw - nfs4 b rw\n3 2 0:3 / /home/x rw - ext4 c rw\n',
  );
  it.each([
    ['/home/ada/.npm', 'nfs4'],
    ['/home/x/.npm', null],
    ['/homes', null],
  ])('is known by the mount that %s stands on', (at, type) => {
    expect(networkType(at, table)).toBe(type);
  });

  it('is none of this machine', async () => {
    const box = sandbox();
    const lock = await takeLock(path.join(box, 'cache'), path.join(box, 'state'), { patienceMs: 0, mode: 'shared' });
    expect(lock?.network).toBe(null);
    lock?.release();
  });
});
