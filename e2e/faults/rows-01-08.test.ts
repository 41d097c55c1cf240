import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import { fingerprint } from '../support/sandbox.ts';
import { clearHeldAtRename } from './support/at-rename.ts';
import type { Box } from './support/box.ts';
import { command, strace } from './support/needs.ts';
import { asPerson } from './support/person.ts';
import { row } from './support/row.ts';
import { underStrace, withLibrary } from './support/ways.ts';

// What stands at the names, and names that mean something else than they seem to.

/** A person reads in the plan what the unit will be called, and that name is taken before they say yes. */
const taken = async (box: Box, take: (at: string) => void): Promise<void> => {
  let at = '';
  let before = '';
  const { code, screen } = await asPerson(box, ['clear', box.target], (shown) => {
    const [name] = /pkgs\.stale-\d+-[0-9a-f]{16}/.exec(shown) ?? [];
    at = path.join(box.cache, name ?? 'no name was shown');
    take(at);
    before = fingerprint(at);
    return 'y';
  });
  expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining('Cleared') });
  expect(await box.recover()).toEqual([]);
  // The very same thing, by its inode, and nothing else of that name's kind.
  expect(fingerprint(at)).toBe(before);
  expect(box.ourNames()).toEqual([at]);
  fs.rmSync(at, { recursive: true });
};

const terminal = command('script');

row(1, 'a folder with something in it has the name of the copy', { needs: [terminal] }, async (box) => {
  await taken(box, (at) => fs.mkdirSync(path.join(at, 'x'), { recursive: true }));
  return { unit: 'absent', history: ['done'] };
});

row(2, 'an empty folder has the name of the copy', { needs: [terminal] }, async (box) => {
  await taken(box, (at) => fs.mkdirSync(at));
  return { unit: 'absent', history: ['done'] };
});

const things: readonly (readonly [string, (at: string) => void])[] = [
  ['a file', (at) => fs.writeFileSync(at, 'mine')],
  ['a link to a folder', (at) => fs.symlinkSync('neighbour', at)],
  ['a link to nowhere', (at) => fs.symlinkSync('nothing', at)],
];
for (const [thing, take] of things) {
  row(3, `${thing} has the name of the copy`, { needs: [terminal] }, async (box) => {
    await taken(box, take);
    return { unit: 'absent', history: ['done'] };
  });
}

row(4, 'there is nothing to clear', {}, async (box) => {
  await box.sh('rm -r "$UNIT"');
  const { code, operations } = await box.clear();
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'nothing-to-do', bytes: { freed: 0 }, left: [], errors: [] });
  expect((await box.run(['clear', box.target, '--yes'])).stdout).toContain('Nothing to do');
  return { unit: 'absent', history: ['nothing-to-do', 'nothing-to-do'] };
});

row(5, 'the rename says that there is nothing, and the unit is there', { needs: [strace] }, async (box) => {
  await box.begun();
  const { code, operations } = await box.clear([], { through: underStrace('rename:error=ENOENT') });
  expect(code).toBe(1);
  expect(the(operations)).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null });
  const error = the(the(operations).errors);
  expect(error).toMatchObject({ step: 'set-aside', errno: 2, code: 'ENOENT', path: box.unit });
  // It is there: nobody may be told otherwise, whatever the number says.
  expect(error.message).not.toMatch(/not there|nothing to do/);
  return { unit: 'whole', history: ['failed'] };
});

row(5, 'the unit vanishes between the look and the rename', { needs: [strace] }, async (box) => {
  await box.begun();
  const away = path.join(box.scratch, 'away');
  const { code, operations } = await clearHeldAtRename(box, () => fs.renameSync(box.unit, away));
  expect(code).toBe(1);
  expect(the(operations)).toMatchObject({ state: 'failed', bytes: { freed: 0 }, errors: [{ code: 'ENOENT' }] });
  expect(await box.wholeAs(away)).toBe(true);
  return { unit: 'absent', history: ['failed'] };
});

row(6, 'the rename is done, but reported as failed', { needs: [command('gcc')] }, async (box) => {
  const through = withLibrary(
    box.scratch,
    `int renameat(int, const char *, int, const char *);
     int *__errno_location(void);
     char *strstr(const char *, const char *);
     /* As a network file system does that loses the reply and asks again. */
     int rename(const char *from, const char *to) {
       int result = renameat(-100, from, -100, to);
       if (result != 0 || !strstr(to, ".stale-")) return result;
       *__errno_location() = 2;
       return -1;
     }`,
  );
  const { code, operations } = await box.clear([], { through });
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [] });
  return { unit: 'absent', history: ['done'] };
});

const refusedAsLink = async (box: Box, target: string, code: string): Promise<void> => {
  const cleared = await box.clear([], { target });
  const told = cleared.error ?? the(the(cleared.operations).errors);
  expect({ exit: cleared.code, code: told.code }).toEqual({ exit: 3, code });
  if (code === 'symbolic-link') expect(told.message).toContain('symbolic link');
};

row(7, 'the unit is a link to a folder', {}, async (box) => {
  await box.sh('mv "$UNIT" "$CACHE/real"; ln -s real "$UNIT"');
  await refusedAsLink(box, box.target, 'symbolic-link');
  await refusedAsLink(box, box.unit, 'symbolic-link');
  expect(fs.readlinkSync(box.unit)).toBe('real');
  return { unit: 'whole', history: ['refused', 'refused'] };
});

for (const ending of ['/', '/.', '//', '/x/..']) {
  row(8, `the path ends with ${ending}`, {}, async (box) => {
    const { code, operations } = await box.clear([], { target: `${box.unit}${ending}` });
    expect({ code, state: the(operations).state, path: the(operations).path }).toEqual({
      code: 0,
      state: 'done',
      path: box.unit,
    });
    return { unit: 'absent', history: ['done'] };
  });

  row(8, `the path is a link to a folder and ends with ${ending}`, {}, async (box) => {
    await box.sh('mv "$UNIT" "$CACHE/real"; ln -s real "$UNIT"; ln -s .cache/pip-tools/neighbour "$HOME/link"');
    await refusedAsLink(box, `${box.unit}${ending}`, 'symbolic-link');
    const other = await box.clear([], { target: `${box.home}/link${ending}` });
    expect(other.code).not.toBe(0);
    return { unit: 'whole', history: ['refused'] };
  });
}
