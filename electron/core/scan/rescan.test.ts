import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Rewritten } from '../catalog/tool.ts';
import { WalkPool } from '../fs/pool.ts';
import { sibling } from '../fs/sibling.ts';
import type { Batch } from './batch.ts';
import { measure as measureWith } from './measure.ts';
import type { Measurement } from './measurement.ts';
import type { Rules } from './rules.ts';

const pool = new WalkPool<Rules, Batch>({ script: sibling(import.meta.url, 'walk-worker'), size: 2 });
afterAll(() => pool.close());

let patience = 0;
let base = '';
let root = '';
beforeEach(() => {
  base = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'scan-again-'));
  root = join(base, 'root');
  for (const dir of ['a/deep/er', 'b', 'index/00', 'index/01']) {
    fs.mkdirSync(join(root, dir), { recursive: true });
    fs.writeFileSync(join(root, dir, 'file'), Buffer.alloc(5000, 1));
  }
  fs.writeFileSync(join(root, 'top'), 'top');
  later();
});
afterEach(() => {
  vi.useRealTimers();
  fs.rmSync(base, { recursive: true });
});

/** As if the tree had come to rest: what has just changed is otherwise listed again each time. */
const later = (): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
};

const memory = (): string => join(base, 'memory/of-root');
const measure = (rewritten: Rewritten = 'nothing', where = root): Promise<Measurement> =>
  measureWith(pool, { root: where, rewritten, memory: memory() }, new AbortController().signal, () => {}, patience);
const full = (): Promise<Measurement> =>
  measureWith(pool, { root, rewritten: 'anything', memory: null }, new AbortController().signal, () => {});

/** The rescan says what a full scan says, and took this many directories from memory. */
const expectExact = async (reused: number, rewritten: Rewritten = 'nothing'): Promise<Measurement> => {
  const found = await measure(rewritten);
  expect({ ...found, reused: 0 }).toEqual(await full());
  expect(found.reused).toBe(reused);
  return found;
};

const file = (path: string, bytes: number): void => fs.writeFileSync(join(root, path), Buffer.alloc(bytes, 1));

describe.each([
  ['in one thread', 10_000],
  ['in several threads', 0],
])('a rescan %s', (_, chosen) => {
  beforeEach(() => {
    patience = chosen;
  });

  it('takes everything from memory when nothing changed, again and again', async () => {
    await expectExact(0);
    await expectExact(8);
    const kept = fs.readFileSync(memory());
    await expectExact(8);
    expect(fs.readFileSync(memory())).toEqual(kept);
  });

  it('looks again at what changed just before the last scan', async () => {
    vi.useRealTimers();
    await expectExact(0);
    await expectExact(0);
    later();
    await expectExact(0);
    await expectExact(8);
  });

  it('looks again at a directory in which a file was just written', async () => {
    fs.utimesSync(join(root, 'b/file'), Date.now() / 1000, Date.now() / 1000);
    await expectExact(0);
    await expectExact(7);
  });

  it('sees a file and a directory added deep', async () => {
    await measure();
    file('a/deep/er/new', 70_000);
    await expectExact(7);
    fs.mkdirSync(join(root, 'a/deep/er/x/y'), { recursive: true });
    file('a/deep/er/x/y/z', 9000);
    later();
    await expectExact(7);
    await expectExact(10);
  });

  it('sees what was removed, renamed and replaced', async () => {
    await measure();
    fs.unlinkSync(join(root, 'a/deep/er/file'));
    await expectExact(7);
    fs.rmSync(join(root, 'index'), { recursive: true });
    later();
    await expectExact(4);
    fs.renameSync(join(root, 'a/deep'), join(root, 'b/deep'));
    later();
    await expectExact(1);
    later();
    await expectExact(5);
    fs.rmSync(join(root, 'b'), { recursive: true });
    fs.symlinkSync(join(root, 'a'), join(root, 'b'));
    await expectExact(1);
  });

  it('does not enter a link that took the place of a directory', async () => {
    await measure();
    fs.renameSync(join(root, 'a'), join(base, 'moved'));
    fs.symlinkSync(join(base, 'moved'), join(root, 'a'));
    const found = await expectExact(4);
    expect(found.directories).toBe(5);
  });

  it('is exact where the tool writes in place', async () => {
    await measure(['index']);
    fs.appendFileSync(join(root, 'index/00/file'), Buffer.alloc(100_000, 1));
    await expectExact(5, ['index']);
    fs.mkdirSync(join(root, 'index/02'));
    file('index/02/more', 5000);
    await expectExact(5, ['index']);
    fs.rmSync(join(root, 'index'), { recursive: true });
    later();
    await expectExact(4, ['index']);
  });

  it('is exact where the tool writes in place in its own top level', async () => {
    await measure(['']);
    fs.appendFileSync(join(root, 'top'), Buffer.alloc(100_000, 1));
    await expectExact(7, ['']);
    await expectExact(7, ['']);
  });

  it('remembers nothing of a unit that is written anywhere', async () => {
    await measure('anything');
    expect(fs.existsSync(memory())).toBe(false);
    expect((await measure('anything')).reused).toBe(0);
  });

  it('sees links that are made and removed outside', async () => {
    file('b/linked', 50_000);
    fs.linkSync(join(root, 'b/linked'), join(root, 'a/linked-too'));
    later();
    const before = await measure();
    expect(before.bytes.reclaimable).toBe(before.bytes.allocated);
    fs.linkSync(join(root, 'b/linked'), join(base, 'outside'));
    const shared = await expectExact(8);
    expect(shared.bytes.reclaimable).toBe(shared.bytes.allocated - fs.lstatSync(join(base, 'outside')).blocks * 512);
    fs.unlinkSync(join(base, 'outside'));
    expect((await expectExact(8)).bytes).toEqual(before.bytes);
  });

  it('is exact with many files that have several links', async () => {
    for (let number = 0; number < 100; number += 1) {
      file(`b/${number}`, 5000);
      fs.linkSync(join(root, `b/${number}`), join(base, `outside-${number}`));
    }
    later();
    const before = await expectExact(0);
    fs.unlinkSync(join(base, 'outside-7'));
    const after = await expectExact(7);
    expect(after.bytes.reclaimable - before.bytes.reclaimable).toBe(fs.lstatSync(join(root, 'b/7')).blocks * 512);
  });

  it('keeps names that are not UTF-8 apart', async () => {
    const odd = (byte: number): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from([byte])]);
    if (process.platform !== 'linux') return;
    for (const byte of [0xfe, 0xff]) fs.mkdirSync(odd(byte));
    later();
    await expectExact(0);
    await expectExact(10);
    fs.writeFileSync(Buffer.concat([odd(0xff), Buffer.from('/new')]), 'new');
    await expectExact(9);
  });
});

describe('a record of the last scan', () => {
  it.each<[string, (content: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (content) => content.subarray(0, content.length - 7)],
    [
      'with a flipped bit',
      (content) => Buffer.from(content.map((byte, at) => (at === content.length - 40 ? byte ^ 1 : byte))),
    ],
    ['of another program', () => Buffer.from('{"hello": 1}\nworld')],
    [
      'of a future format',
      (content) => Buffer.from(content.toString('latin1').replace('Scan":1', 'Scan":9'), 'latin1'),
    ],
  ])('that is %s is not used', async (_, damage) => {
    await measure();
    fs.writeFileSync(memory(), damage(fs.readFileSync(memory())));
    await expectExact(0);
    await expectExact(8);
  });

  it('is for one root, one identity and one rule', async () => {
    await measure();
    expect((await measure('nothing', join(root, 'a'))).reused).toBe(0);
    await measure();
    expect((await measure(['index'])).reused).toBe(0);
    await measure();
    fs.renameSync(root, join(base, 'old'));
    execFileSync('cp', ['-a', join(base, 'old'), root]);
    await expectExact(0);
  });

  it('that cannot be written costs nothing but time', async () => {
    fs.writeFileSync(join(base, 'memory'), 'a file where the directory should be');
    await expectExact(0);
    await expectExact(0);
  });
});
