import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { rowOn } from './support/other-system.ts';

// Row 79 of the fault matrix: what only macOS can show. A specification: nobody who wrote it had a Mac, and it has
// never run. The job of that name in .github/workflows/ci.yml runs it; where it fails, find out who is right.

/** Takes a flag from all of a tree, wherever it is by then: nothing could tidy up otherwise. */
const withoutFlag = (flag: string, at: string): void => {
  spawnSync('sudo', ['-n', 'chflags', '-R', `no${flag}`, at]);
};

for (const flag of ['uchg', 'schg'] as const) {
  rowOn('darwin', 79, `a file of the unit carries the flag ${flag}`, async ({ home, unit, clear, run }, impossible) => {
    const file = path.join(unit, 'b', '1');
    const set = flag === 'uchg' ? ['chflags', flag, file] : ['sudo', '-n', 'chflags', flag, file];
    const [command = '', ...words] = set;
    if (spawnSync(command, words).status !== 0) impossible(`the flag ${flag} cannot be set by this user`);
    try {
      const { code, operation } = await clear();
      expect({ code, operation }).toMatchObject({ code: 1, operation: { state: 'partial', leftCount: 1 } });
      expect(operation?.left[0]).toMatchObject({ errno: 1, message: expect.stringMatching(/immutable|locked|flag/) });
      expect(fs.existsSync(unit)).toBe(false);
    } finally {
      withoutFlag(flag, home);
    }
    expect((await run('recover')).code).toBe(0);
    expect(fs.readdirSync(home).filter((name) => /\.(stale|deleting)-/.test(name))).toEqual([]);
  });

  rowOn('darwin', 79, `the unit carries the flag ${flag}`, async ({ home, unit, clear }, impossible) => {
    const set = flag === 'uchg' ? ['chflags', flag, unit] : ['sudo', '-n', 'chflags', flag, unit];
    const [command = '', ...words] = set;
    if (spawnSync(command, words).status !== 0) impossible(`the flag ${flag} cannot be set by this user`);
    try {
      const { code, operation } = await clear();
      expect({ code, operation }).toMatchObject({ code: 1, operation: { state: 'failed', asidePath: null } });
      expect(operation?.errors[0]).toMatchObject({ errno: 1, code: 'EPERM' });
      expect(fs.readdirSync(unit).sort()).toEqual(['a', 'b', 'c']);
    } finally {
      withoutFlag(flag, home);
    }
  });
}

rowOn('darwin', 79, 'a folder that the privacy settings keep from this program', async ({ run }, impossible) => {
  const kept = path.join(os.homedir(), 'Library', 'Safari');
  try {
    fs.readdirSync(kept);
    impossible(`${kept} can be read here, so that nothing is kept from this program`);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code !== 'EPERM' && code !== 'EACCES') throw thrown;
  }
  const said = await run('add', kept, '--this-is-a-cache');
  expect(said.code).toBe(3);
  expect(said.stderr).toContain(kept);
});

rowOn('darwin', 79, 'the home by the other name that its firmlink gives it', async ({ home, run }, impossible) => {
  // Every path below /Users and /private is also one below this.
  const other = path.join('/System/Volumes/Data', fs.realpathSync.native(home));
  if (!fs.existsSync(other)) impossible(`${other} is not there`);
  expect(fs.statSync(other).ino).toBe(fs.statSync(home).ino);
  for (const at of [other, path.dirname(other)]) {
    const said = await run('add', at, '--this-is-a-cache', '--json');
    expect({ code: said.code, error: said.json<{ error?: { code: string } }>().error?.code }).toEqual({
      code: 3,
      error: 'protected-place',
    });
  }
});

rowOn(
  'darwin',
  79,
  'a name in another normal form than the one that is typed',
  async ({ home, unit, run, clear }) => {
    // The folder was made as NFC; APFS finds it by NFD as well, and remembers how it was made.
    const nfd = path.join(home, 'caf\u0065\u0301');
    expect(fs.statSync(nfd).ino).toBe(fs.statSync(unit).ino);
    const { code, operation } = await clear('--undo-window', '3600');
    expect({ code, state: operation?.state }).toEqual({ code: 0, state: 'set-aside' });
    expect((await run('undo', operation?.id ?? '')).code).toBe(0);
    expect(fs.readdirSync(home)).toContain('caf\u00e9');
    const ran = await run('clear', nfd, '--yes', '--even-if-in-use', '--json');
    // Known or not known by that spelling: never half.
    expect(fs.existsSync(unit)).toBe(ran.code !== 0);
  },
  'caf\u00e9',
);
