import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Usage } from '../../../shared/model.ts';
import { npm } from '../catalog/tools/npm.ts';
import { pip } from '../catalog/tools/pip.ts';
import type { UsePlace } from './holders.ts';
import { askAbout, nodeOutsider, outsider, python } from './test-outsiders.ts';
import { clock } from './working.ts';

const linux = process.platform === 'linux';

let home = '';
let script = '';
let place: UsePlace = { path: '', root: null, tool: null };
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'working-')));
  const root = join(home, '.npm');
  mkdirSync(join(root, '_cacache', 'tmp'), { recursive: true });
  mkdirSync(join(root, '_logs'));
  writeFileSync(join(root, '_cacache', 'file'), '');
  place = { path: join(root, '_cacache'), root, tool: npm };
  script = join(home, 'npm-cli.js');
  // As npm: an own title, and nothing of the cache open.
  writeFileSync(
    script,
    `if (process.env.TITLE) process.title = process.env.TITLE;
    if (process.env.CHILD) require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
    if (process.env.OPEN) require('fs').openSync(process.env.OPEN, 'w');
    console.log(process.pid);
    setTimeout(() => {}, 60_000);`,
  );
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A program that asks who uses a place, thoroughly, and prints the answer. */
const asking = ({ path, root, tool }: UsePlace): string =>
  `const { usageOf } = await import('${new URL('./holders.ts', import.meta.url).href}');
  const { tools } = await import('${new URL('../catalog/index.ts', import.meta.url).href}');
  const place = { path: '${path}', root: '${root}', tool: tools.find(({ id }) => id === '${tool?.id}') };
  console.log(JSON.stringify((await usageOf([place], { thorough: true })).get('${path}')))`;

const start = (words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = '/'): Promise<number> =>
  nodeOutsider(script, words, { cwd, env: { HOME: home, ...env } });

describe.skipIf(!linux)('who works with a cache and holds nothing of it', () => {
  it('uses it and every unit of it, by a command line of the tool', async () => {
    const pid = await start(['install', 'react']);
    const usage = await askAbout(place);
    expect(usage.verdict).toBe('in-use');
    expect(usage.holders).toMatchObject([
      {
        pid,
        command: 'npm install react',
        since: expect.any(String),
        evidence: expect.stringMatching(/^running since \d\d:\d\d, works with this cache$/),
      },
    ]);
    expect(await askAbout({ ...place, path: place.root ?? '' })).toMatchObject({ verdict: 'in-use' });
    // A set-aside copy is out of its reach.
    expect(await askAbout({ path: place.path, root: null, tool: null })).toMatchObject({ verdict: 'idle' });
  });

  it('uses it, by the title that npm gives itself', async () => {
    const pid = await start(['install', 'a-long-word-to-make-room'], { TITLE: 'npm install @a/b' });
    expect((await askAbout(place)).holders).toMatchObject([{ pid, command: 'npm install @a/b' }]);
  });

  it('does not use it when it only runs something of the person’s', async () => {
    await start(['run', 'dev']);
    await start(['run', 'a-long-word-to-make-room'], { TITLE: 'npm test' });
    expect(await askAbout(place)).toMatchObject({ verdict: 'idle', holders: [] });
  });

  it('uses it while npx installs, and not while npx runs what it has installed', async () => {
    const pid = await start(['exec', 'eslint']);
    expect((await askAbout(place)).holders).toMatchObject([{ pid }]);
    process.kill(pid, 'SIGKILL');
    await start(['exec', 'eslint'], { CHILD: '1' });
    await sleep(200);
    expect(await askAbout(place)).toMatchObject({ verdict: 'idle' });
  });

  it('uses the cache that its own settings lead it to, and no other', async () => {
    const other = join(home, 'other');
    mkdirSync(join(other, '_cacache'), { recursive: true });
    const there: UsePlace = { path: join(other, '_cacache'), root: other, tool: npm };
    const expectOnly = async (pid: number): Promise<void> => {
      expect((await askAbout(there)).holders).toMatchObject([{ pid }]);
      expect(await askAbout(place)).toMatchObject({ verdict: 'idle' });
      process.kill(pid, 'SIGKILL');
    };
    await expectOnly(await start(['install'], { npm_config_cache: other }));
    await expectOnly(await start(['install', '--cache', other]));
    await expectOnly(await start(['install', '--cache=other'], {}, home));
    writeFileSync(join(home, '.npmrc'), `cache=${other}\n`);
    await expectOnly(await start(['install']));
    rmSync(join(home, '.npmrc'));
    symlinkSync('other', join(home, 'link'));
    await expectOnly(await start(['install'], { npm_config_cache: join(home, 'link') }));
    await expectOnly(await start(['install'], { HOME: '/', npm_config_cache: other }));
  });

  it('uses the cache of which it has its log open, whatever its settings say', async () => {
    const log = join(place.root ?? '', '_logs', 'debug-0.log');
    const pid = await start(['install'], { HOME: '/', OPEN: log });
    expect((await askAbout(place)).holders).toMatchObject([
      { pid, evidence: expect.stringContaining('works with this cache') },
    ]);
    process.kill(pid, 'SIGKILL');
    // A dev server's npm has one, too.
    await start(['run', 'dev'], { OPEN: log });
    expect(await askAbout(place)).toMatchObject({ verdict: 'idle' });
  });

  it('may use it when it is the same user’s and lets nobody read its settings', async ({ skip }) => {
    if (python === null) return skip('NOT TESTED: no python3');
    // Root may read everything: asked by somebody else then.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const root = join(home, 'pip-cache');
    mkdirSync(root);
    chmodSync(home, 0o755);
    const code = 'import ctypes, os, time\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)';
    writeFileSync(join(home, 'pip.py'), `${code}\nprint(os.getpid(), flush=True)\ntime.sleep(60)`);
    const asOther = (): Usage | null => {
      const options = { cwd: '/', ...(uid !== undefined && { uid, gid: uid }) };
      const program = asking({ path: root, root, tool: pip });
      try {
        const words = ['--input-type=module', '-e', program];
        return JSON.parse(
          execFileSync(process.execPath, words, { ...options, stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
        );
      } catch {
        return null;
      }
    };
    if (asOther()?.verdict !== 'idle') return skip('NOT TESTED: the checkout cannot be read by another user');
    const options = { cwd: home, uid, env: { HOME: '/elsewhere' } };
    const pid = await outsider(`'${python}' -m pip install x &`, options);
    expect(asOther()?.holders).toMatchObject([{ pid, evidence: expect.stringContaining('settings cannot be read') }]);
    process.kill(pid, 'SIGKILL');
    // One of another user does not count: everybody's machine has those.
    if (uid === undefined) return;
    await outsider(`'${python}' -m pip install x &`, { ...options, uid: 65_533 });
    expect(asOther()).toMatchObject({ verdict: 'idle' });
  });

  it('uses it: pip run as a module', async ({ skip }) => {
    if (python === null) return skip('NOT TESTED: no python3');
    const root = join(home, '.cache', 'pip');
    mkdirSync(join(home, 'pip'));
    mkdirSync(join(root, 'http-v2'), { recursive: true });
    writeFileSync(join(home, 'pip', '__init__.py'), '');
    writeFileSync(
      join(home, 'pip', '__main__.py'),
      'import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n',
    );
    const pid = await outsider(`'${python}' -m pip install requests &`, { cwd: home, env: { HOME: home } });
    expect((await askAbout({ path: join(root, 'http-v2'), root, tool: pip })).holders).toMatchObject([
      { pid, command: 'pip install requests', evidence: expect.stringContaining('works with this cache') },
    ]);
  });

  it('is not this process, nor what it descends from: a plan that is asked inside of npm', async () => {
    // An npm install that asks by itself, through a shell, as npm runs scripts.
    const ask = join(home, 'ask.mjs');
    writeFileSync(ask, asking(place));
    const parent = join(home, 'asking', 'npm-cli.js');
    mkdirSync(join(home, 'asking'));
    const command = JSON.stringify(`'${process.execPath}' '${ask}'; true`);
    writeFileSync(parent, `console.log(require('child_process').execSync(${command}).toString())`);
    const inside = (): Usage =>
      JSON.parse(execFileSync(process.execPath, [parent, 'install'], { env: { HOME: home } }).toString());
    expect(inside()).toMatchObject({ verdict: 'idle', holders: [] });
    // Another npm counts, and what it has started.
    const pid = await start(['install']);
    expect(inside().holders.map((holder) => holder.pid)).toEqual([pid]);
    process.kill(pid, 'SIGKILL');
    const child = await outsider(`sh -c 'sleep 60 < "${place.path}/file" & echo $!; wait' &`);
    expect(inside().holders.map((holder) => holder.pid)).toContain(child);
  });
});

describe('the time of day in evidence', () => {
  it('is short today, and has its date before', () => {
    const noon = new Date(2026, 10, 23, 12, 3).getTime();
    expect(clock(noon, noon + 60_000)).toBe('12:03');
    expect(clock(noon, noon + 86_400_000)).toBe('2026-11-23 12:03');
  });
});
