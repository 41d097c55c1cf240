import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { has, isRoot, missing, onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import { answerOf, asOrdinaryUser, command, ordinaryUser, script } from './testing/children.ts';
import { remove, ways } from './testing/delete-here.ts';
import type { DeleteOneAnswer, DeleteOneOrder } from './testing/delete-one.ts';

const noUser = isRoot && !has('setpriv');
const whyNot = noUser ? ' (SKIPPED: there is no setpriv here)' : '';

/** Hands a tree to the ordinary user, with the folders above it passable. */
const give = (box: string): void => {
  fs.chmodSync(box, 0o755);
  if (isRoot) spawnSync('chown', ['-R', '-h', `${ordinaryUser}:${ordinaryUser}`, box]);
};

const removeAsOrdinary = async (order: DeleteOneOrder): Promise<DeleteOneAnswer> =>
  answerOf<DeleteOneAnswer>(await command([...asOrdinaryUser, ...script('delete-one', order)]));

describe.each(ways)('what may not be written to, deleting by %s', (way) => {
  it.skipIf(missing(noUser)).each([0o000, 0o100, 0o200, 0o300, 0o400, 0o444, 0o500, 0o555, 0o600])(
    `deletes an own directory with mode %o${whyNot}`,
    async (mode) => {
      const box = sandbox();
      const at = path.join(box, 'D');
      write(at, { 'module/sub/file': 'f', 'module/file': 'f', other: 'o' });
      give(box);
      fs.chmodSync(path.join(at, 'module/sub'), mode);
      fs.chmodSync(path.join(at, 'module'), mode);
      const { report, error } = await removeAsOrdinary({ parent: box, name: 'D', way });
      expect({ report, error }).toMatchObject({ report: { gone: true, left: [], entries: 6 }, error: null });
      expect(fs.readdirSync(box)).toEqual([]);
    },
  );

  it.skipIf(missing(noUser))(`deletes a top directory that may not be written itself${whyNot}`, async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'a/file': 'f', b: 'b' });
    give(box);
    fs.chmodSync(at, 0o555);
    expect((await removeAsOrdinary({ parent: box, name: 'D', way })).report).toMatchObject({ gone: true, left: [] });
  });

  it.skipIf(missing(noUser || !isRoot))(
    `names what belongs to somebody else, and deletes the rest${whyNot}${isRoot ? '' : ' (SKIPPED: only root can make it)'}`,
    async () => {
      const box = sandbox();
      const at = path.join(box, 'D');
      write(at, { 'theirs/file': 'f', 'mine/file': 'f' });
      give(box);
      fs.chownSync(path.join(at, 'theirs'), 0, 0);
      fs.chmodSync(path.join(at, 'theirs'), 0o755);
      const { report } = await removeAsOrdinary({ parent: box, name: 'D', way });
      expect(report).toMatchObject({ gone: false, cancelled: false, leftCount: report?.left.length });
      expect(report?.left.map((item) => item.path)).toContain(path.join(at, 'theirs/file'));
      expect([1, 13]).toContain(report?.left[0]?.errno);
      expect(fs.readdirSync(at)).toEqual(['theirs']);
      expect(fs.statSync(path.join(at, 'theirs')).mode & 0o777).toBe(0o755);
    },
  );
});

const canFlag = (): boolean => {
  if (!onLinux || !isRoot || !has('chattr')) return false;
  const probe = fs.mkdtempSync(path.join(os.tmpdir(), 'cache-inspector-flag-'));
  const file = path.join(probe, 'f');
  fs.writeFileSync(file, '');
  const works = spawnSync('chattr', ['+i', file]).status === 0;
  if (works) spawnSync('chattr', ['-i', file]);
  fs.rmSync(probe, { recursive: true });
  return works;
};

describe.each(ways)('what cannot be deleted, by %s', (way) => {
  const flags = canFlag();
  const note = flags ? '' : ' (SKIPPED: immutable flags need root and a file system that has them)';

  it.skipIf(missing(!flags))(`goes on past it, lists it, and finishes when it has become possible${note}`, async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    write(at, { 'a/0': '0', 'a/locked': 'l', 'b/0': '0', 'c/deep/1': '1' });
    const locked = path.join(at, 'a/locked');
    expect(spawnSync('chattr', ['+i', locked]).status).toBe(0);
    try {
      const report = await remove(at, way);
      expect(report).toMatchObject({ gone: false, cancelled: false, leftCount: 1, entries: 6 });
      expect(report.left).toEqual([{ path: locked, errno: 1, message: expect.stringContaining('immutable') }]);
      expect(fs.readdirSync(at, { recursive: true }).sort()).toEqual(['a', 'a/locked']);
    } finally {
      spawnSync('chattr', ['-i', locked]);
    }
    expect(await remove(at, way)).toMatchObject({ gone: true, left: [], entries: 3 });
  });
});
