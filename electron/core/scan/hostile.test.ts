import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measurement } from './measurement.ts';

/*
 * What needs other rights than those of this process: scans run in a child, under another user or in a mount namespace
 * of its own, so that nothing leaks.
 */
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const canUnshare = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;
const why = 'needs root on Linux and the right to make a mount namespace';

let base = '';
let root = '';
beforeEach(() => {
  base = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'scan-hostile-'));
  root = join(base, 'root');
  fs.mkdirSync(root);
  fs.chmodSync(base, 0o777);
});
afterEach(() => {
  fs.rmSync(base, { recursive: true });
});

/** A script that measures `$ROOT`, with the memory file `$MEMORY`, and prints what it found. */
const script = `
  const { Scanner } = await import(${JSON.stringify(new URL('./scanner.ts', import.meta.url).href)});
  const scanner = new Scanner();
  const options = { root: process.env.ROOT, rewritten: 'nothing', memory: process.env.MEMORY ?? null };
  console.log(JSON.stringify(await scanner.measure(options)));
  await scanner.close();
`;
const node = [process.execPath, '--input-type=module', '-e', script] as const;

const parse = (line: string): Measurement => JSON.parse(line) as Measurement;

describe.skipIf(!isRoot)('a directory that may not be read', () => {
  it('is unreadable, with its error, and what it holds is not taken for empty', () => {
    fs.mkdirSync(join(root, 'closed/inner'), { recursive: true });
    fs.mkdirSync(join(root, 'listed'));
    fs.writeFileSync(join(root, 'listed/file'), 'x');
    fs.writeFileSync(join(root, 'open'), 'x');
    execFileSync('chown', ['-R', '65534:65534', base]);
    fs.chmodSync(join(root, 'closed'), 0o000);
    fs.chmodSync(join(root, 'listed'), 0o444);
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', ...node];
    const env = { ...process.env, ROOT: root, MEMORY: join(base, 'memory') };
    for (let time = 0; time < 2; time += 1) {
      const found = parse(execFileSync('setpriv', asNobody, { encoding: 'utf8', env }));
      expect(found).toMatchObject({ files: 1, directories: 3, unreadableCount: 2 });
      const named = [...found.unreadable].sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(named).toEqual([
        { path: join(root, 'closed'), errno: 13, message: expect.stringContaining('permission') as string },
        { path: join(root, 'listed/file'), errno: 13, message: expect.stringContaining('permission') as string },
      ]);
    }
    fs.chmodSync(join(root, 'closed'), 0o755);
  });
});

describe('mounts inside', () => {
  it('can be tested here', (context) => {
    if (canUnshare) return;
    if (process.env['CI']) throw new Error(`not tested: ${why}`);
    context.skip(why);
  });

  it.skipIf(!canUnshare)('are named and neither entered nor counted, on the same file system too', () => {
    for (const dir of ['tmpfs', 'bind', 'plain', 'with space/bind']) fs.mkdirSync(join(root, dir), { recursive: true });
    fs.mkdirSync(join(base, 'elsewhere'));
    for (const path of [join(base, 'elsewhere/large'), join(root, 'file'), join(root, 'plain/file')]) {
      fs.writeFileSync(path, Buffer.alloc(300_000, 1));
    }
    const run = [...node].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');
    const commands = [
      'set -e',
      'mount --make-rprivate /',
      `${run}`,
      'mount -t tmpfs none "$ROOT/tmpfs"',
      'mount --bind "$ROOT/../elsewhere" "$ROOT/bind"',
      'mount --bind "$ROOT/../elsewhere" "$ROOT/with space/bind"',
      'mount --bind "$ROOT/../elsewhere/large" "$ROOT/file"',
      'head -c 100000 /dev/zero > "$ROOT/tmpfs/held"',
      `${run}`,
      `MEMORY="$MEMORY.new" ${run}`,
      'umount "$ROOT/bind" "$ROOT/tmpfs" "$ROOT/with space/bind" "$ROOT/file"',
      `${run}`,
    ];
    const env = { ...process.env, ROOT: root, MEMORY: join(base, 'memory') };
    const output = execFileSync('unshare', ['-m', 'bash', '-c', commands.join('\n')], { encoding: 'utf8', env });
    const [before, rescanned, fresh, after] = output.trim().split('\n').map(parse);
    const points = ['bind', 'file', 'tmpfs', 'with space/bind'].map((name) => join(root, name));
    expect(before).toMatchObject({ files: 2, directories: 6, skipped: [], unreadableCount: 0 });
    for (const found of [rescanned, fresh]) {
      expect(found).toMatchObject({ files: 1, directories: 3, unreadableCount: 4 });
      expect([...(found?.skipped ?? [])].sort()).toEqual(points);
      expect(found?.unreadable.map(({ path }) => path).sort()).toEqual(points);
      expect(found?.unreadable[0]?.message).toContain('mounted');
    }
    expect(after?.bytes).toEqual(before?.bytes);
    expect(after).toMatchObject({ files: 2, directories: 6, skipped: [], unreadableCount: 0 });
  });
});
