import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Usage } from '../../../shared/model.ts';
import { folder } from '../catalog/index.ts';
import type { Tool } from '../catalog/tool.ts';
import { askAbout, bare, has, outsider, python, pythonOutsider } from './test-outsiders.ts';

const linux = process.platform === 'linux';
const flock = linux && has('flock', '--version');
const isRoot = process.getuid?.() === 0;

let dir = '';
let unit = '';
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'locked-')));
  unit = join(dir, 'unit');
  mkdirSync(unit);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A tool whose processes lock these files. */
const locking = (...files: readonly string[]): Tool => ({
  ...folder,
  locks: { kind: 'flock', taken: [], files: (root) => files.map((name) => join(root, name)).filter(existsSync) },
});

const ask = (tool: Tool = folder): Promise<Usage> => askAbout({ path: unit, root: dir, tool });

/** A program that asks who uses a place, and prints the answer. */
const asking = (path: string, root: string): string =>
  `const { usageOf } = await import('${new URL('./holders.ts', import.meta.url).href}');
  const answers = await usageOf([{ path: '${path}', root: '${root}', tool: null }]);
  console.log(JSON.stringify(answers.get('${path}')))`;

/** Locks a file and nothing else, in one process. */
const locked = (file: string, ...options: readonly string[]): Promise<number> =>
  outsider(`flock -F ${options.join(' ')} '${file}' sh -c 'echo $$; exec sleep 60' &`);

describe.skipIf(!flock)('who holds a lock of a cache', () => {
  it.each([['-s'], ['-x']])('uses it: a flock with %s on a .lock beside the unit', async (how) => {
    const pid = await locked(join(dir, '.lock'), how);
    const usage = await ask();
    expect(usage.verdict).toBe('in-use');
    expect(usage.holders).toContainEqual(
      expect.objectContaining({ pid, evidence: 'holds the lock .lock', since: expect.any(String) }),
    );
  });

  it('uses it: on a *.lock in the unit, or on a file that the tool names, wherever it stands', async () => {
    mkdirSync(join(dir, 'deep'));
    const [inUnit, named] = [join(unit, 'some.lock'), join(dir, 'deep', 'index.db')];
    const first = await locked(inUnit);
    expect((await ask()).holders.map(({ pid }) => pid)).toContain(first);
    process.kill(first, 'SIGKILL');
    rmSync(inUnit);
    const second = await locked(named);
    expect(await ask()).toMatchObject({ verdict: 'idle' });
    const usage = await ask(locking('deep/index.db', 'not-there'));
    expect(usage.holders).toContainEqual(
      expect.objectContaining({ pid: second, evidence: 'holds the lock deep/index.db' }),
    );
  });

  it('is not who holds another lock, who has the file open and holds none, or who waits for it in vain', async () => {
    const file = join(dir, '.lock');
    writeFileSync(file, '');
    await locked(join(tmpdir(), `${dir.split('/').pop()}.lock`));
    await outsider(`sleep 60 < '${file}' & echo $!`);
    expect(await ask()).toMatchObject({ verdict: 'idle' });
    rmSync(join(tmpdir(), `${dir.split('/').pop()}.lock`));
    const holder = await locked(file);
    const waiter = await outsider(`flock '${file}' true & echo $!`);
    const pids = (await ask()).holders.map(({ pid }) => pid);
    expect(pids).toContain(holder);
    expect(pids).not.toContain(waiter);
  });

  it('is found by what it inherited, when the process that took the lock has ended', async () => {
    // `flock 9` ends at once: the lock stays with the shell, and with what it starts.
    const pid = await outsider(`(exec 9> '${join(dir, '.lock')}'; flock 9; exec sh -c 'echo $$; exec sleep 60') &`);
    const usage = await ask();
    expect(usage.holders).toMatchObject([{ pid, command: 'sleep 60', evidence: 'holds the lock .lock' }]);
  });

  it('is not this process, nor what it was started by, nor what it started', async () => {
    const child = spawn('flock', ['-F', join(dir, '.lock'), 'sh', '-c', 'echo ready; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await ask()).toMatchObject({ verdict: 'idle' });
    child.kill('SIGKILL');
    // A shell that has locked it and asks is not told of itself, though `flock 9` has ended.
    const script = `exec 9> '${join(dir, 'x.lock')}'; flock 9; "$0" --input-type=module -e "$1"; true`;
    const said = execFileSync('sh', ['-c', script, process.execPath, asking(unit, dir)]).toString();
    expect(JSON.parse(said)).toMatchObject({ verdict: 'idle' });
  });

  it('is looked for without making, opening or changing a file', async () => {
    writeFileSync(join(dir, '.lock'), '');
    const before = statSync(join(dir, '.lock')).atimeMs;
    await locked(join(dir, '.lock'));
    await ask(locking('.lock', 'absent.lock'));
    expect(statSync(join(dir, '.lock')).atimeMs).toBe(before);
    expect(readdirSync(dir).sort()).toEqual(['.lock', 'unit']);
  });
});

describe.skipIf(!linux || python === null)('who holds a lock of another kind', () => {
  it.each([
    ['POSIX', 'fcntl.lockf(f, fcntl.LOCK_SH)', 'r'],
    ['OFD', 'fcntl.fcntl(f, 37, struct.pack("hhqqi4x", 1, 0, 0, 0, 0))', 'w'],
  ])('uses the cache: %s', async (_, lock, mode) => {
    const file = join(dir, 'a.lock');
    writeFileSync(file, '');
    const pid = await pythonOutsider(`import fcntl, struct\nf = open("${file}", "${mode}")\n${lock}`);
    expect((await ask()).holders).toMatchObject([{ pid, evidence: 'holds the lock a.lock' }]);
  });

  it('is somebody, when nobody can be named: it is in use all the same', async ({ skip }) => {
    if (!isRoot || !has('unshare', '-p', '-f', 'true')) return skip('NOT TESTED: needs root and pid namespaces');
    // Seen from a pid namespace of its own, the holder has no number. Of such locks, the kernel (6.18) still lists those
    // that belong to an open file; it leaves the others out.
    const file = join(dir, 'a.lock');
    writeFileSync(file, '');
    const lock = 'fcntl.fcntl(f, 37, struct.pack("hhqqi4x", 1, 0, 0, 0, 0))';
    await pythonOutsider(`import fcntl, struct\nf = open("${file}", "w")\n${lock}`);
    const words = ['-p', '-f', '--mount-proc', process.execPath, '--input-type=module', '-e', asking(unit, dir)];
    const usage = JSON.parse(execFileSync('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] }).toString());
    expect(usage).toMatchObject({
      verdict: 'in-use',
      holders: [{ pid: 0, command: 'somebody outside this container', since: null, evidence: 'holds the lock a.lock' }],
    });
    expect(usage.evidence.join()).toContain('processes outside this container cannot be seen');
  });

  it('of a place that no cache is known of: only a lock in itself counts', async () => {
    const file = join(dir, 'a.lock');
    writeFileSync(file, '');
    await pythonOutsider(`import fcntl\nf = open("${file}", "w")\nfcntl.lockf(f, fcntl.LOCK_EX)`);
    expect(await askAbout(bare(unit))).toMatchObject({ verdict: 'idle' });
  });
});

/** Numbers of devices and files are told differently there. The lock is looked at through the process's own mounts. */
describe.skipIf(!flock || !isRoot || !has('unshare', '-m', 'true'))('a lock on a file system that renumbers', () => {
  it.each([
    ['an overlay', 'mkdir lo up wk; mount -t overlay o -o lowerdir=lo,upperdir=up,workdir=wk at', 'overlay'],
    [
      'btrfs, in a subvolume',
      'truncate -s 128M img; mkfs.btrfs -q img; mount -o loop img at; btrfs -q subvolume create at/sub',
      'btrfs',
    ],
  ])('is found on %s', async (_, mount, type) => {
    const root = type === 'btrfs' ? `${dir}/at/sub` : `${dir}/at`;
    // The holder is no child of who asks: a shell in between ends.
    const script = `cd '${dir}'; mkdir at; (${mount}) >/dev/null 2>&1 || { echo none; exit 0; }
      (flock -F '${root}/.lock' sleep 60 > /dev/null & echo $! > pid); sleep 0.5
      "$0" --input-type=module -e "$1"; kill $(cat pid); true`;
    const words = ['-m', 'sh', '-c', script, process.execPath, asking(root, root)];
    const said = execFileSync('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
    // What a machine lacks is no failure, and is said: an overlay on an overlay, or the programs of btrfs.
    if (said.trim() === 'none') return process.emitWarning(`NOT TESTED: no ${type} can be mounted here`);
    const usage = JSON.parse(said) as Usage;
    expect(usage.verdict).toBe('in-use');
    expect(usage.holders.map(({ evidence }) => evidence).join()).toContain('holds the lock .lock');
  });
});
