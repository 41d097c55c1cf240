import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, has, missing, sandbox, smallTree, write } from '../../../e2e/support/sandbox.ts';
import { answerOf, asOrdinaryUser, command, ordinaryUser, script, withOwnMounts } from './testing/children.ts';
import type { DeleteOneAnswer, DeleteOneOrder } from './testing/delete-one.ts';

const lacks = !canUnshare || !has('mount');
const note = lacks ? ' (SKIPPED: mounts need root on Linux)' : '';

const removeUnderMounts = async (order: DeleteOneOrder): Promise<DeleteOneAnswer> =>
  answerOf<DeleteOneAnswer>(await command([...withOwnMounts, ...script('delete-one', order)]));

describe.skipIf(missing(lacks))(`mounts below a tree that is deleted${note}`, () => {
  it('does not enter a bind mount of the same file system: its files survive and it is listed', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    smallTree(path.join(box, 'precious'));
    const point = path.join(at, 'b', 'mnt');
    fs.mkdirSync(point);
    const { report } = await removeUnderMounts({
      parent: box,
      name: 'D',
      way: 'handles',
      before: [['mount', '--bind', path.join(box, 'precious'), point]],
    });
    expect(report).toMatchObject({ gone: false, leftCount: 1, cancelled: false });
    expect(report?.left).toEqual([{ path: point, errno: 18, message: expect.stringContaining('mount') }]);
    expect(fs.readdirSync(path.join(box, 'precious'), { recursive: true })).toHaveLength(12);
    expect(fs.readdirSync(at, { recursive: true })).toEqual(['b', 'b/mnt']);
  });

  it('does not unlink a file that something is mounted on', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'a/point': 'below', 'a/other': 'o' });
    write(box, { precious: 'above' });
    const { report } = await removeUnderMounts({
      parent: box,
      name: 'D',
      way: 'handles',
      before: [['mount', '--bind', path.join(box, 'precious'), path.join(at, 'a/point')]],
    });
    expect(report?.left).toMatchObject([{ path: path.join(at, 'a/point'), errno: 16 }]);
    expect(fs.readFileSync(path.join(box, 'precious'), 'utf8')).toBe('above');
    expect(fs.readdirSync(path.join(at, 'a'))).toEqual(['point']);
  });

  it.each(['handles', 'chdir'] as const)('does not enter another file system, by %s', async (way) => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    const point = path.join(at, 'b', 'mnt');
    fs.mkdirSync(point);
    const { report, modes } = await removeUnderMounts({
      parent: box,
      name: 'D',
      way,
      before: [['mount', '-t', 'tmpfs', 'none', point]],
      files: { [path.join(point, 'precious')]: 'p' },
      watch: [path.join(point, 'precious'), path.join(at, 'a')],
    });
    expect(report?.left).toMatchObject([{ path: point, errno: 18 }]);
    expect(modes).toEqual([expect.any(Number), null]);
  });

  it.each(['handles', 'chdir'] as const)('refuses a tree whose top has become another mount, by %s', async (way) => {
    const box = sandbox();
    const at = path.join(box, 'D');
    smallTree(at);
    const { report, error, modes } = await removeUnderMounts({
      parent: box,
      name: 'D',
      way,
      before: [['mount', '-t', 'tmpfs', 'none', at]],
      files: { [path.join(at, 'precious')]: 'p' },
      watch: [path.join(at, 'precious')],
    });
    expect(report).toBe(null);
    expect(error).toMatchObject({ code: 'io', message: expect.stringContaining('mount') });
    expect(modes).toEqual([expect.any(Number)]);
    expect(fs.readdirSync(at, { recursive: true })).toHaveLength(12);
  });

  it('changes no mode of a directory on the other side of a mount', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'b/file': 'f' });
    const precious = path.join(box, 'precious');
    const point = path.join(at, 'mnt');
    for (const dir of [precious, point]) fs.mkdirSync(dir);
    for (const own of [box, at, path.join(at, 'b'), precious, point]) fs.chownSync(own, ordinaryUser, ordinaryUser);
    fs.chmodSync(box, 0o755);
    fs.chmodSync(precious, 0o000);
    const order: DeleteOneOrder = { parent: box, name: 'D', way: 'handles' };
    const mount = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
    const child = ['sh', '-c', mount, 'sh', precious, point, ...asOrdinaryUser, ...script('delete-one', order)];
    const { report } = answerOf<DeleteOneAnswer>(await command([...withOwnMounts, ...child]));
    expect(report?.left).toMatchObject([{ path: point }]);
    expect(fs.statSync(precious).mode & 0o777).toBe(0);
  });
});
