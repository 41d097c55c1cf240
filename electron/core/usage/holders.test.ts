import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Usage } from '../../../shared/model.ts';
import { usageOf } from './holders.ts';
import { askAbout, bare, has, outsider, python, pythonOutsider } from './test-outsiders.ts';

const linux = process.platform === 'linux';
const root = process.getuid?.() === 0;
const nobody = 65_534;

let dir = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'usage-')));
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'deep'));
  writeFileSync(join(dir, 'deep', 'a b'), 'x'.repeat(8192));
  mkdirSync(`${dir}-beside`);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
  rmSync(`${dir}-beside`, { recursive: true, force: true });
});

const ask = (path = dir): Promise<Usage> => askAbout(bare(path));

describe.skipIf(!linux)('who uses a directory', () => {
  it('is nobody, and says how many were asked', async () => {
    const usage = await ask();
    expect(usage).toMatchObject({ verdict: 'idle', holders: [] });
    expect(usage.evidence[0]).toMatch(/^none of (your|the) \d+ process(es)? /);
    expect(await usageOf([])).toEqual(new Map());
    expect(await ask(join(dir, 'missing'))).toMatchObject({ verdict: 'idle' });
  });

  it('is one that works in it', async () => {
    const pid = await outsider('sleep 60 & echo $!', { cwd: join(dir, 'deep') });
    const usage = await ask();
    expect(usage.verdict).toBe('in-use');
    expect(usage.holders).toHaveLength(1);
    expect(usage.holders[0]).toMatchObject({ pid, command: 'sleep 60', evidence: 'working directory …/deep' });
    expect(Math.abs(Date.parse(usage.holders[0]?.since ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('is one that has a file open, also one that has been removed since', async () => {
    const pid = await outsider(`sleep 60 < '${join(dir, 'deep', 'a b')}' & echo $!`);
    expect((await ask()).holders).toMatchObject([{ pid, evidence: 'open file …/deep/a b' }]);
    expect((await ask(join(dir, 'deep', 'a b'))).holders).toMatchObject([{ pid, evidence: 'open file' }]);
    rmSync(join(dir, 'deep'), { recursive: true });
    expect((await ask()).holders).toMatchObject([{ pid, evidence: 'open file …/deep/a b, deleted since' }]);
  });

  it('is found through a link to the directory', async () => {
    const pid = await outsider('sleep 60 & echo $!', { cwd: dir });
    symlinkSync(dir, join(`${dir}-beside`, 'link'));
    expect((await ask(join(`${dir}-beside`, 'link'))).holders).toMatchObject([{ pid, evidence: 'working directory' }]);
  });

  it('is not one that uses a directory whose name only begins alike', async () => {
    await outsider('sleep 60 & echo $!', { cwd: `${dir}-beside` });
    expect(await ask()).toMatchObject({ verdict: 'idle' });
  });

  it('is one that has a file mapped and nothing open', async ({ skip }) => {
    if (python === null) return skip('NOT TESTED: no python3');
    const file = join(dir, 'deep', 'a b');
    const pid = await pythonOutsider(
      `import mmap\nf = open("${file}", "rb")\nm = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)\nf.close()\nos.closerange(3, 64)`,
    );
    expect((await ask()).holders).toMatchObject([{ pid, evidence: 'mapped file …/deep/a b' }]);
  });

  it('is one that runs a program or a library from it', async () => {
    execFileSync('cp', ['/bin/sleep', join(dir, 'deep', 'tool')]);
    const pid = await outsider(`'${join(dir, 'deep', 'tool')}' 60 & echo $!`);
    expect((await ask()).holders).toMatchObject([
      { pid, command: 'tool 60', evidence: expect.stringContaining('running program …/deep/tool') },
    ]);
  });

  it('does not count this process, what it descends from, or what it started', async () => {
    const child = spawn('sleep', ['60'], { cwd: dir });
    children.push(child);
    await once(child, 'spawn');
    expect(await ask()).toMatchObject({ verdict: 'idle' });
    // The other way round: a process asks about the place where the shell that started it works. To it, the first
    // child is a stranger.
    const url = new URL('./holders.ts', import.meta.url).href;
    const code = `const { usageOf } = await import('${url}'); console.log((await usageOf([{ path: '${dir}', root: null, tool: null }])).get('${dir}').verdict)`;
    const fromShell = (): string =>
      execFileSync('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, code], { cwd: dir })
        .toString()
        .trim();
    expect(fromShell()).toBe('in-use');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(fromShell()).toBe('idle');
  });

  it('is one that reaches it through a bind mount, here or in a container', async ({ skip }) => {
    const other = `${dir}-beside`;
    if (!root || !has('unshare', '-m', 'mount', '--bind', dir, other)) {
      return skip('NOT TESTED: mounting is not allowed here (needs root)');
    }
    const inside = `mount --bind "${dir}" "${other}" && cd "${other}/deep" && echo $$ && exec sleep 60`;
    const far = await outsider(`unshare -m sh -c '${inside}' &`);
    expect((await ask()).holders).toMatchObject([
      { pid: far, evidence: `working directory …/deep, has it mounted at ${other} (in a container)` },
    ]);
    // What has the same name over there is another directory.
    expect(await ask(other)).toMatchObject({ verdict: 'idle' });
    execFileSync('mount', ['--bind', dir, other]);
    try {
      const near = await outsider('sleep 60 & echo $!', { cwd: other });
      expect((await ask()).holders.map(({ pid }) => pid).sort()).toEqual([far, near].sort());
    } finally {
      execFileSync('umount', ['-l', other]);
    }
  });

  it('is a container that has it mounted, though nothing of it is open; one that has what is above can reach it', async ({
    skip,
  }) => {
    const [other, deep] = [`${dir}-beside`, join(dir, 'deep')];
    if (!root || !has('unshare', '-m', 'true')) return skip('NOT TESTED: mounting is not allowed here (needs root)');
    const inside = `mount --bind "${dir}" "${other}" && echo $$ && exec sleep 60`;
    const pid = await outsider(`unshare -m sh -c '${inside}' &`);
    const evidence = `has it mounted at ${other} (in a container)`;
    expect(await ask()).toMatchObject({ verdict: 'in-use', holders: [{ pid, command: 'sleep 60', evidence }] });
    const unit = await askAbout({ path: deep, root: dir, tool: null });
    expect(unit).toMatchObject({ verdict: 'in-use', holders: [{ pid, evidence }] });
    const above = await ask(deep);
    expect(above).toMatchObject({ verdict: 'idle', holders: [] });
    expect(above.evidence).toContain(`process ${pid} (sleep 60) runs in a container that can reach it at ${other}`);
    // A namespace of its own that mounts nothing new is no container of anything.
    process.kill(pid, 'SIGKILL');
    await outsider("unshare -m sh -c 'echo $$; exec sleep 60' &");
    expect(await ask()).toMatchObject({ verdict: 'idle' });
  });

  it('answers for many directories in one pass', async () => {
    const pid = await outsider('sleep 60 & echo $!', { cwd: join(dir, 'deep') });
    const answers = await usageOf([dir, join(dir, 'deep'), `${dir}-beside`].map(bare));
    expect([...answers.values()].map(({ verdict }) => verdict)).toEqual(['in-use', 'in-use', 'idle']);
    expect(answers.get(join(dir, 'deep'))?.holders).toMatchObject([{ pid, evidence: 'working directory' }]);
  });

  it('cannot be told when an own process shuts itself off, and says which', async ({ skip }) => {
    if (python === null) return skip('NOT TESTED: no python3');
    const uid = root ? nobody : undefined;
    const module = new URL('./holders.ts', import.meta.url);
    const node = process.execPath;
    const ids = uid === undefined ? {} : { uid, gid: uid };
    const script = `const { usageOf } = await import('${module.href}'); console.log(JSON.stringify((await usageOf([{ path: '${dir}', root: null, tool: null }])).get('${dir}')))`;
    const asOther = (): Usage | null => {
      try {
        const options = { ...ids, cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] as const };
        return JSON.parse(
          execFileSync(node, ['--input-type=module', '-e', script], {
            ...options,
            stdio: [...options.stdio],
          }).toString(),
        );
      } catch {
        return null;
      }
    };
    const before = asOther();
    if (before?.verdict !== 'idle') return skip('NOT TESTED: the checkout cannot be read by another user');
    if (root) expect(before.evidence[0]).toMatch(/process(es)? of other users could not be looked into$/);
    // PR_SET_DUMPABLE is 4 (prctl(2)).
    const pid = await pythonOutsider('import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)', { uid });
    const after = asOther();
    expect(after).toMatchObject({ verdict: 'cannot-tell', holders: [] });
    expect(after?.evidence.join('\n')).toContain(`process ${pid} (python3`);
  });
});

describe.skipIf(process.platform !== 'win32')('who uses a directory, on Windows', () => {
  it('cannot be told, and says why', async () => {
    expect(await ask()).toMatchObject({ verdict: 'cannot-tell', evidence: [expect.stringContaining('Windows')] });
  });
});
