import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { du, fingerprint, sandbox, siblings, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { look } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import { deleteTree } from './deleter.ts';
import { remove, ways } from './testing/delete-here.ts';

const count = (at: string): number => fs.readdirSync(at, { recursive: true }).length + 1;

describe.each(ways)('deleting by %s', (way) => {
  it('removes everything, and frees what du had counted', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    write(at, { 'deep/er/file': 'x'.repeat(100_000), 'empty/keep': '' });
    fs.mkdirSync(path.join(at, 'nothing'));
    const [expected, entries] = [du(at), count(at)];
    const report = await remove(at, way);
    expect(report).toEqual({ entries, freed: expected, left: [], leftCount: 0, gone: true, cancelled: false });
    expect(fs.readdirSync(box)).toEqual([]);
  });

  it('removes a single file, and frees its blocks', async () => {
    const box = sandbox();
    write(box, { 'file.json': 'x'.repeat(9000), other: 'o' });
    const expected = du(path.join(box, 'file.json'));
    expect(await remove(path.join(box, 'file.json'), way)).toMatchObject({ entries: 1, freed: expected, gone: true });
    expect(fs.readdirSync(box)).toEqual(['other']);
  });

  it('frees nothing for a single file that has another name elsewhere', async () => {
    const box = sandbox();
    write(box, { 'file.json': 'x'.repeat(9000) });
    fs.linkSync(path.join(box, 'file.json'), path.join(box, 'other'));
    expect(await remove(path.join(box, 'file.json'), way)).toMatchObject({ entries: 1, freed: 0, gone: true });
    expect(fs.readFileSync(path.join(box, 'other'), 'utf8')).toHaveLength(9000);
  });

  it('says gone, and that it freed nothing, when nothing is there any more', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    fs.mkdirSync(at);
    const identity = look(at)?.identity ?? { dev: 0, ino: 0 };
    fs.rmdirSync(at);
    const order = { parent: raw(box), name: raw('D'), identity };
    expect(await deleteTree(order, { way })).toMatchObject({ entries: 0, freed: 0, gone: true, leftCount: 0 });
  });

  it('counts a file once whose names are all inside', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'a/one': 'x'.repeat(50_000), 'b/other': '' });
    fs.linkSync(path.join(at, 'a/one'), path.join(at, 'b/two'));
    fs.linkSync(path.join(at, 'a/one'), path.join(at, 'three'));
    const expected = du(at);
    expect(await remove(at, way)).toMatchObject({ freed: expected, gone: true });
  });

  it('frees nothing for a file that keeps a name outside', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'a/one': 'x'.repeat(50_000) });
    const outside = path.join(box, 'outside');
    fs.linkSync(path.join(at, 'a/one'), outside);
    fs.linkSync(path.join(at, 'a/one'), path.join(at, 'a/two'));
    const expected = du(at) - du(outside);
    expect(await remove(at, way)).toMatchObject({ freed: expected, gone: true });
    expect(fs.readFileSync(outside, 'utf8')).toHaveLength(50_000);
  });

  it('removes links and leaves what they lead to', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(path.join(box, 'precious'));
    const before = fingerprint(path.join(box, 'precious'));
    smallTree(at);
    fs.symlinkSync('../precious', path.join(at, 'to-directory'));
    fs.symlinkSync(path.join(box, 'precious', 'a', '0'), path.join(at, 'a', 'to-file'));
    fs.symlinkSync('/nowhere/at/all', path.join(at, 'b', 'dangling'));
    fs.symlinkSync('.', path.join(at, 'itself'));
    expect(await remove(at, way)).toMatchObject({ gone: true, leftCount: 0 });
    expect(fingerprint(path.join(box, 'precious'))).toBe(before);
    expect(fs.readdirSync(box)).toEqual(['precious']);
  });

  it('removes names that programs trip over', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    const long = 'n'.repeat(255);
    const odd = ['-rf', ' space', 'new\nline', '*', '\\', '\u202eesrever', '\ufeffbom', '😀', '\'"', '$(x)', long];
    for (const name of odd) write(at, { [`${name}/${name}`]: name });
    expect(await remove(at, way)).toMatchObject({ gone: true, entries: odd.length * 2 + 1 });
    expect(siblings(at)).toEqual([]);
  });

  it('removes pipes and sockets without opening them', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    fs.mkdirSync(path.join(at, 'sub'), { recursive: true });
    execFileSync('mkfifo', [path.join(at, 'pipe'), path.join(at, 'sub/pipe')]);
    const program = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
    spawnSync(process.execPath, ['-e', program, path.join(at, 'socket')]);
    expect(fs.lstatSync(path.join(at, 'socket')).isSocket()).toBe(true);
    expect(await remove(at, way)).toMatchObject({ gone: true, entries: 5 });
  });
});
