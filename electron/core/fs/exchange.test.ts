import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint, onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import { exchange, renameToFree } from './exchange.ts';
import { DirectoryHandle } from './handle.ts';
import { joinRaw, raw } from './raw.ts';

const opened = async (dir: string): Promise<DirectoryHandle> => {
  const parent = await DirectoryHandle.open(raw(dir));
  onTestFinished(() => parent.close());
  return parent;
};

/** Names that no shell, no locale and no argument would take as they are. */
const oddNames = [
  Buffer.from([0xff, 0xfe]),
  raw('a\nb'),
  raw('-rf'),
  raw(`it's "so" $HOME \`id\` \\`),
  raw(' '),
  raw('12'),
  raw('語'.repeat(85)),
];

describe.skipIf(!onLinux)('two names that change places', () => {
  it('do, whatever they stand for and whatever bytes they are', async () => {
    const dir = sandbox();
    const parent = await opened(dir);
    for (const name of oddNames) {
      const [one, other] = [joinRaw(raw(dir), name), path.join(dir, 'other')];
      fs.mkdirSync(one);
      fs.writeFileSync(other, 'other');
      const before = [fs.lstatSync(one).ino, fs.lstatSync(other).ino];
      await exchange(parent, name, raw('other'));
      expect([fs.lstatSync(other).ino, fs.lstatSync(one).ino]).toEqual(before);
      fs.rmdirSync(other);
      fs.rmSync(one);
    }
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it('are those in the folder that was opened, wherever that stands by now', async () => {
    const box = sandbox();
    write(box, { 'dir/one/1': '1', 'dir/other/2': '2', 'decoy/one/x': 'x', 'decoy/other/y': 'y' });
    const parent = await opened(path.join(box, 'dir'));
    fs.renameSync(path.join(box, 'dir'), path.join(box, 'moved'));
    fs.renameSync(path.join(box, 'decoy'), path.join(box, 'dir'));
    const decoy = fingerprint(path.join(box, 'dir'));
    await exchange(parent, raw('one'), raw('other'));
    expect(fs.readdirSync(path.join(box, 'moved/one'))).toEqual(['2']);
    expect(fingerprint(path.join(box, 'dir'))).toBe(decoy);
  });

  it('stay when one of them is not there', async () => {
    const dir = sandbox();
    write(dir, { 'one/1': '1' });
    const before = fingerprint(dir);
    await expect(exchange(await opened(dir), raw('one'), raw('other'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(fingerprint(dir)).toBe(before);
  });
});

describe.skipIf(!onLinux)('a rename to a free name', () => {
  it('is one step of the kernel, and never replaces anything', async () => {
    const dir = sandbox();
    write(dir, { 'thing/1': '1', file: 'mine' });
    fs.mkdirSync(path.join(dir, 'empty'));
    fs.symlinkSync('nothing', path.join(dir, 'link'));
    const parent = await opened(dir);
    const before = fingerprint(dir);
    for (const taken of ['file', 'empty', 'link', 'thing']) {
      await expect(renameToFree(parent, raw('thing'), raw(taken))).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(renameToFree(parent, raw('file'), raw(taken))).rejects.toMatchObject({ code: 'EEXIST' });
    }
    expect(fingerprint(dir)).toBe(before);
    for (const name of oddNames) {
      expect(await renameToFree(parent, raw('thing'), name)).toBe('kernel');
      expect(await renameToFree(parent, name, raw('thing'))).toBe('kernel');
    }
    expect(fs.readdirSync(path.join(dir, 'thing'))).toEqual(['1']);
  });
});
