import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { npm } from '../catalog/tools/npm.ts';
import { parseLsof, parsePs } from './lsof.ts';
import { lsofUsage } from './lsof-usage.ts';
import { questionOf, type UsePlace } from './question.ts';
import { bare, has, nodeOutsider, outsider } from './test-outsiders.ts';

/** Recorded from lsof 4.95 on Linux; what stands in it of macOS is what its manual page says. */
const recorded = `p14760
fcwd
n/tmp/ls \\xc3\\xa9
frtd
n/
ftxt
n/usr/bin/sleep
fmem
n/usr/lib/x86_64-linux-gnu/libc.so.6
f0
n/dev/null
f3
n/tmp/ls \\xc3\\xa9/a\\\\b
f4
n/tmp/ls \\xc3\\xa9/n\\nl
f251
npipe
f252
n127.0.0.1:80->127.0.0.1:4000
p9
fcwd
n/x
`;

describe('what lsof and ps print, as it was recorded', () => {
  it('is read by process, with names byte for byte', () => {
    const files = parseLsof(recorded);
    const dir = Buffer.from('/tmp/ls é').toString('latin1');
    expect(files).toHaveLength(8);
    expect(files).toContainEqual({ pid: 14760, what: 'working directory', path: dir });
    expect(files).toContainEqual({ pid: 14760, what: 'running program', path: '/usr/bin/sleep' });
    expect(files).toContainEqual({ pid: 14760, what: 'open file', path: `${dir}/a\\b` });
    expect(files).toContainEqual({ pid: 14760, what: 'open file', path: `${dir}/n\nl` });
    expect(files.at(-1)).toEqual({ pid: 9, what: 'working directory', path: '/x' });
    expect(parseLsof('')).toEqual([]);
    expect(parseLsof('nonsense\n\nf\nn\np')).toEqual([]);
  });

  it('is read line by line', () => {
    const output = `    1     0     0 Mon Nov 23 08:00:05 2026 /sbin/launchd
  501   1   502 Sun Nov  1 14:06:25 2026 npm install react --save
lines that make no sense
`;
    expect(parsePs(output)).toEqual([
      { pid: 1, parent: 0, uid: 0, startedMs: new Date(2026, 10, 23, 8, 0, 5).getTime(), command: '/sbin/launchd' },
      {
        pid: 501,
        parent: 1,
        uid: 502,
        startedMs: new Date(2026, 10, 1, 14, 6, 25).getTime(),
        command: 'npm install react --save',
      },
    ]);
  });
});

/** The route of macOS with the lsof and ps of this machine: nobody could run it on a Mac. */
describe.skipIf(process.platform === 'win32' || !has('lsof', '-v') || !has('ps', '-p', '1'))('asking lsof', () => {
  let dir = '';
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'lsof é-')));
    chmodSync(dir, 0o755);
    mkdirSync(join(dir, 'deep'));
    writeFileSync(join(dir, 'deep', 'file'), '');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const ask = async (place: UsePlace) => (await lsofUsage([questionOf(place)], () => [])).get(place.path);

  it('names who has something open there, and nobody otherwise', async () => {
    expect(await ask(bare(dir))).toMatchObject({ verdict: 'idle', holders: [] });
    const pid = await outsider(`sleep 60 < '${dir}/deep/file' & echo $!`);
    expect(await ask(bare(dir))).toMatchObject({
      verdict: 'in-use',
      holders: [{ pid, command: 'sleep 60', since: expect.any(String), evidence: 'open file …/deep/file' }],
    });
    expect(await ask(bare(join(dir, 'dee')))).toMatchObject({ verdict: 'idle' });
  });

  it('names who works with the cache by the command line', async () => {
    const place = { path: join(dir, 'deep'), root: dir, tool: npm };
    // ps does not tell where a word ends: its path holds no space.
    const plain = realpathSync(mkdtempSync(join(tmpdir(), 'lsof-')));
    onTestFinished(() => rmSync(plain, { recursive: true }));
    const script = join(plain, 'npm-cli.js');
    writeFileSync(script, 'console.log(process.pid); setTimeout(() => {}, 60_000);');
    const pid = await nodeOutsider(script, ['install', 'x'], { env: {} });
    expect((await ask(place))?.holders.filter((holder) => holder.pid === pid)).toMatchObject([
      { command: 'npm install x', evidence: expect.stringMatching(/^running since .*, may work with this cache/) },
    ]);
    expect(await ask(bare(dir))).toMatchObject({ verdict: 'idle' });
  });

  it('says so when it cannot be run', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = dir;
    try {
      expect(await ask(bare(dir))).toMatchObject({
        verdict: 'cannot-tell',
        evidence: [expect.stringContaining('lsof cannot be run')],
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
