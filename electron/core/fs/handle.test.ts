import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { sameIdentity } from '../../../shared/identity.ts';
import { DirectoryHandle } from './handle.ts';
import { factsOf, look } from './identity.ts';
import { raw } from './raw.ts';

const open = async (at: string): Promise<DirectoryHandle> => {
  const handle = await DirectoryHandle.open(raw(at));
  onTestFinished(() => handle.close().catch(() => undefined));
  return handle;
};

const codeOf = (thrown: unknown): unknown => (thrown as NodeJS.ErrnoException).code;

describe('an open directory', () => {
  it.runIf(onLinux)('is the one that was opened, though another one stands at its path now', async () => {
    const box = sandbox();
    for (const name of ['one/thing', 'two/thing']) fs.mkdirSync(path.join(box, name), { recursive: true });
    const handle = await open(path.join(box, 'one'));
    const mine = fs.lstatSync(path.join(box, 'one/thing')).ino;
    fs.renameSync(path.join(box, 'one'), path.join(box, 'moved'));
    fs.renameSync(path.join(box, 'two'), path.join(box, 'one'));
    expect((await handle.look(raw('thing')))?.identity.ino).toBe(mine);
    await handle.rename(raw('thing'), raw('aside'));
    expect(fs.readdirSync(path.join(box, 'moved'))).toEqual(['aside']);
    expect(fs.readdirSync(path.join(box, 'one'))).toEqual(['thing']);
  });

  it.runIf(onLinux)('is not the target of a link that was put in its place', async () => {
    const box = sandbox();
    for (const name of ['one/thing', 'victim/thing']) fs.mkdirSync(path.join(box, name), { recursive: true });
    const handle = await open(path.join(box, 'one'));
    fs.renameSync(path.join(box, 'one'), path.join(box, 'moved'));
    fs.symlinkSync('victim', path.join(box, 'one'));
    await handle.rename(raw('thing'), raw('aside'));
    await handle.sync();
    expect(fs.readdirSync(path.join(box, 'victim'))).toEqual(['thing']);
  });

  it('is never a link or a file', async () => {
    const box = sandbox();
    fs.mkdirSync(path.join(box, 'real'));
    fs.symlinkSync('real', path.join(box, 'link'));
    fs.writeFileSync(path.join(box, 'file'), '');
    for (const name of ['link', 'file']) {
      expect(['ELOOP', 'ENOTDIR']).toContain(await DirectoryHandle.open(raw(path.join(box, name))).catch(codeOf));
    }
    expect(await DirectoryHandle.open(raw(path.join(box, 'nothing'))).catch(codeOf)).toBe('ENOENT');
  });

  it('tells what stands in it, bytes for bytes, without following', async () => {
    const box = sandbox();
    fs.symlinkSync('nowhere', path.join(box, 'link'));
    fs.writeFileSync(path.join(box, 'new\nline'), 'x');
    const handle = await open(box);
    expect((await handle.look(raw('link')))?.kind).toBe('link');
    expect((await handle.look(raw('new\nline')))?.kind).toBe('file');
    expect(await handle.look(raw('nothing'))).toBe(null);
    const bytes = Buffer.from([0x63, 0xe9]);
    if (onLinux) {
      fs.writeFileSync(handle.at(bytes), '');
      await handle.rename(bytes, Buffer.from([0x63, 0xe8]));
      expect(await handle.look(bytes)).toBe(null);
      expect((await handle.look(Buffer.from([0x63, 0xe8])))?.kind).toBe('file');
    }
  });

  it('never renames by copying, and never onto a directory that holds something', async () => {
    const box = sandbox();
    for (const name of ['a/file', 'b/file']) {
      fs.mkdirSync(path.join(box, path.dirname(name)));
      fs.writeFileSync(path.join(box, name), name);
    }
    const handle = await open(box);
    expect(['ENOTEMPTY', 'EEXIST', 'EPERM']).toContain(await handle.rename(raw('a'), raw('b')).catch(codeOf));
    expect(fs.readFileSync(path.join(box, 'b/file'), 'utf8')).toBe('b/file');
  });
});

describe('identity', () => {
  it('stays with a thing under another name, and differs from its copy', () => {
    const box = sandbox();
    fs.mkdirSync(path.join(box, 'a'));
    fs.mkdirSync(path.join(box, 'b'));
    const [a, b] = [look(path.join(box, 'a')), look(path.join(box, 'b'))];
    fs.renameSync(path.join(box, 'a'), path.join(box, 'c'));
    const c = look(path.join(box, 'c'));
    if (a === null || b === null || c === null) throw new Error('all of them are there');
    expect(sameIdentity(a.identity, c.identity)).toBe(true);
    expect(sameIdentity(a.identity, b.identity)).toBe(false);
    expect(look(path.join(box, 'a'))).toBe(null);
    expect(look(path.join(box, 'c/no/way'))).toBe(null);
  });

  it('of a link is its own', () => {
    const box = sandbox();
    fs.mkdirSync(path.join(box, 'a'));
    fs.symlinkSync('a', path.join(box, 'l'));
    expect(look(path.join(box, 'l'))?.identity).not.toEqual(look(path.join(box, 'a'))?.identity);
  });

  it('keeps numbers that are too large for a double, digit by digit', () => {
    const real = fs.lstatSync(sandbox(), { bigint: true });
    const large = Object.assign(Object.create(Object.getPrototypeOf(real)), real, { ino: 18_446_744_073_709_551_615n });
    expect(factsOf(large).identity.ino).toBe('18446744073709551615');
    expect(sameIdentity({ dev: 1, ino: '18446744073709551615' }, { dev: 1, ino: '18446744073709551614' })).toBe(false);
    expect(sameIdentity({ dev: 1, ino: 2 }, { dev: '1', ino: '2' })).toBe(true);
  });
});
