import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WalkPool } from '../fs/pool.ts';
import { sibling } from '../fs/sibling.ts';
import type { Batch } from './batch.ts';
import { measure as measureWith } from './measure.ts';
import type { MeasureOptions } from './measurement.ts';
import type { Rules } from './rules.ts';
import { Scanner } from './scanner.ts';

const scanner = new Scanner();
afterAll(() => scanner.close());

let base = '';
let root = '';
beforeEach(() => {
  base = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'scan-sizes-'));
  root = join(base, 'root');
  fs.mkdirSync(root);
});
afterEach(() => {
  fs.rmSync(base, { recursive: true });
});

const measure = (options: Partial<MeasureOptions> = {}) =>
  scanner.measure({ root, rewritten: 'nothing', memory: null, ...options });

const du = (path: string, ...flags: readonly string[]): number =>
  Number(execFileSync('du', ['-s', '-B1', ...flags, '--', path], { encoding: 'utf8' }).split('\t')[0]);

/** From coreutils 9.2 on `du --apparent-size` leaves directories out. */
const version = /(\d+)\.(\d+)/.exec(execFileSync('du', ['--version'], { encoding: 'utf8' }));
const countsDirectories = Number(version?.[1]) < 9 || (Number(version?.[1]) === 9 && Number(version?.[2]) < 2);

const directoryBytes = (path: string): number =>
  fs.lstatSync(path).size +
  fs
    .readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .reduce((sum, entry) => sum + directoryBytes(join(path, entry.name)), 0);

const expectLikeDu = async (): Promise<void> => {
  const { bytes, unreadableCount } = await measure();
  expect(unreadableCount).toBe(0);
  expect(bytes.allocated).toBe(du(root));
  const directories = countsDirectories ? 0 : directoryBytes(root);
  expect(bytes.apparent).toBe(du(root, '--apparent-size') + directories);
};

// `du -B1` is GNU's: elsewhere there is nothing to compare with.
describe.skipIf(process.platform !== 'linux')('sizes', () => {
  it('are those of du, directories included', async () => {
    fs.mkdirSync(join(root, 'a/b/c'), { recursive: true });
    fs.writeFileSync(join(root, 'a/one'), Buffer.alloc(10_000, 1));
    fs.writeFileSync(join(root, 'a/b/c/two'), 'x');
    fs.writeFileSync(join(root, 'empty'), '');
    await expectLikeDu();
    expect(await measure()).toMatchObject({ files: 3, directories: 4, absent: false, reused: 0, skipped: [] });
  });

  it('of an empty directory are its own', async () => {
    await expectLikeDu();
    expect(await measure()).toMatchObject({ files: 0, directories: 1, newestMs: null, oldestMs: null });
  });

  it('count the blocks of a sparse file, and its length as apparent', async () => {
    fs.writeFileSync(join(root, 'sparse'), '');
    fs.truncateSync(join(root, 'sparse'), 50 * 1024 * 1024);
    await expectLikeDu();
    const { bytes } = await measure();
    expect(bytes.apparent).toBeGreaterThan(50 * 1024 * 1024);
    expect(bytes.allocated).toBeLessThan(1024 * 1024);
  });

  it('count an inode once, and as reclaimable only when all its links are inside', async () => {
    fs.mkdirSync(join(root, 'sub'));
    fs.writeFileSync(join(root, 'inside'), Buffer.alloc(100_000, 1));
    fs.linkSync(join(root, 'inside'), join(root, 'sub/inside-too'));
    fs.writeFileSync(join(root, 'shared'), Buffer.alloc(200_000, 1));
    fs.linkSync(join(root, 'shared'), join(root, 'sub/shared-too'));
    fs.linkSync(join(root, 'shared'), join(base, 'outside'));
    await expectLikeDu();
    const { bytes, files } = await measure();
    expect(files).toBe(4);
    expect(bytes.reclaimable).toBe(bytes.allocated - fs.lstatSync(join(base, 'outside')).blocks * 512);
  });

  it('never hold what a link points to', async () => {
    fs.mkdirSync(join(base, 'elsewhere'));
    fs.writeFileSync(join(base, 'elsewhere/large'), Buffer.alloc(1_000_000, 1));
    fs.symlinkSync(join(base, 'elsewhere'), join(root, 'link'));
    fs.symlinkSync(join(base, 'elsewhere/large'), join(root, 'file-link'));
    fs.symlinkSync('nowhere', join(root, 'dangling'));
    await expectLikeDu();
    expect(await measure()).toMatchObject({ files: 3, directories: 1 });
  });

  it('of a root that is one file are those of the file', async () => {
    const file = join(root, 'file');
    fs.writeFileSync(file, Buffer.alloc(5000, 1));
    const allocated = fs.lstatSync(file).blocks * 512;
    expect(await measure({ root: file })).toMatchObject({
      files: 1,
      directories: 0,
      absent: false,
      bytes: { apparent: 5000, allocated, reclaimable: allocated },
    });
    fs.linkSync(file, join(base, 'second'));
    expect((await measure({ root: file })).bytes.reclaimable).toBe(0);
  });

  it('of random trees are those of du', { timeout: 120_000 }, async () => {
    const name = fc.stringMatching(/^[a-zäß€ .\n-]{1,8}$/).filter((text) => text !== '.' && text !== '..');
    const kind = fc.oneof(
      fc.record({ type: fc.constant('file' as const), size: fc.nat(20_000) }),
      fc.record({ type: fc.constant('link' as const), size: fc.nat(5) }),
      fc.record({ type: fc.constant('symlink' as const), size: fc.nat(5) }),
    );
    const entry = fc.record({ dirs: fc.array(name, { maxLength: 4 }), name, kind });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 25 }), async (entries) => {
        fs.rmSync(root, { recursive: true });
        fs.mkdirSync(root);
        const made: string[] = [];
        for (const { dirs, name: last, kind: what } of entries) {
          const path = join(root, ...dirs, last);
          try {
            fs.mkdirSync(join(root, ...dirs), { recursive: true });
            const target = made[what.size % Math.max(1, made.length)];
            if (what.type === 'file') fs.writeFileSync(path, Buffer.alloc(what.size, 1), { flag: 'wx' });
            else if (what.type === 'symlink') fs.symlinkSync(last.repeat(what.size + 1), path);
            else if (target !== undefined) fs.linkSync(target, path);
            if (what.type === 'file') made.push(path);
          } catch {
            // The name is taken, or a part of the path is a file: another shape then.
          }
        }
        await expectLikeDu();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a root', () => {
  it('that is not there is absent', async () => {
    expect(await measure({ root: join(root, 'no') })).toMatchObject({ absent: true, unreadable: [], files: 0 });
    fs.writeFileSync(join(root, 'file'), '');
    expect(await measure({ root: join(root, 'file/below') })).toMatchObject({ absent: true, unreadable: [] });
  });

  it('that is a symbolic link is not followed, and said', async () => {
    fs.writeFileSync(join(root, 'file'), 'x');
    fs.symlinkSync(root, join(base, 'link'));
    const found = await measure({ root: join(base, 'link') });
    expect(found).toMatchObject({ absent: true, files: 0, unreadable: [{ path: join(base, 'link') }] });
    expect(found.unreadable[0]?.message).toContain('symbolic link');
  });
});

describe('times of use', () => {
  it('are the newest and oldest of anything but directories', async () => {
    fs.writeFileSync(join(root, 'old'), 'x');
    fs.writeFileSync(join(root, 'new'), 'x');
    fs.utimesSync(join(root, 'old'), 1_000_000, 1_000_000);
    fs.utimesSync(join(root, 'new'), 1_500_000, 1_600_000);
    expect(await measure()).toMatchObject({ oldestMs: 1_000_000_000, newestMs: 1_600_000_000 });
  });
});

describe('the scanner', () => {
  it('serves several at once, each with its own answer', async () => {
    fs.mkdirSync(join(root, 'a'));
    fs.writeFileSync(join(root, 'a/x'), 'x');
    fs.mkdirSync(join(root, 'b'));
    const roots = [root, join(root, 'a'), join(root, 'b'), join(root, 'none')];
    const found = await Promise.all(roots.map((one) => measure({ root: one })));
    expect(found.map(({ files, directories }) => [files, directories])).toEqual([
      [1, 3],
      [1, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('stops when it is cancelled, and works on', async () => {
    const cancel = new AbortController();
    const running = measure({ signal: cancel.signal });
    cancel.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(measure({ signal: cancel.signal })).rejects.toThrow('enough');
    expect((await measure()).directories).toBe(1);
  });

  it('rejects what is waiting when it is closed, and starts anew after', async () => {
    const own = new Scanner();
    const running = own.measure({ root, rewritten: 'nothing', memory: null });
    const closed = expect(running).rejects.toThrow('closed');
    await own.close();
    await closed;
    expect((await own.measure({ root, rewritten: 'nothing', memory: null })).directories).toBe(1);
    await own.close();
  });
});

describe.skipIf(process.platform !== 'linux')('several threads', () => {
  const pool = new WalkPool<Rules, Batch>({ script: sibling(import.meta.url, 'walk-worker'), size: 3 });
  afterAll(() => pool.close());
  const request = () => ({ root, rewritten: 'anything', memory: null }) as const;

  beforeEach(() => {
    for (let dir = 0; dir < 120; dir += 1) {
      const path = join(root, String(dir % 7), String(dir % 20), String(dir));
      fs.mkdirSync(path, { recursive: true });
      for (let file = 0; file < 20; file += 1) fs.writeFileSync(join(path, String(file)), 'x'.repeat(file * 100));
      fs.linkSync(join(path, '1'), join(root, `linked-${dir}`));
    }
  });

  it('find what one finds, with every entry in the progress', async () => {
    const seen: number[] = [];
    const { signal } = new AbortController();
    const found = await measureWith(pool, request(), signal, ({ entries }) => seen.push(entries), 0);
    expect(found.files).toBe(120 * 21);
    expect(found.bytes).toMatchObject({ allocated: du(root), reclaimable: du(root) });
    expect(found).toEqual(await measure());
    expect(seen.at(-1)).toBe(found.files + found.directories - 1);
  });

  it('stop when they are cancelled', async () => {
    const cancel = new AbortController();
    const running = measureWith(pool, request(), cancel.signal, () => {}, 0);
    cancel.abort(new Error('on the way'));
    await expect(running).rejects.toThrow('on the way');
    expect((await measureWith(pool, request(), new AbortController().signal, () => {}, 0)).files).toBe(120 * 21);
  });
});
