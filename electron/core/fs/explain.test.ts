import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  canUnshare,
  fingerprint,
  has,
  isRoot,
  missing,
  onLinux,
  sandbox,
  smallTree,
} from '../../../e2e/support/sandbox.ts';
import { answerOf, asOrdinaryUser, command, ordinaryUser, script, withOwnMounts } from '../clear/testing/children.ts';
import type { ExplainOneAnswer, ExplainOneOrder } from '../clear/testing/explain-one.ts';
import { errnoName, errnoOf, errnoSentence } from './errno.ts';
import { explain, explainFirst, explanation } from './explain.ts';
import { parseLsattr, parseLsFlags } from './explain-flags.ts';
import { modeWords, userWords } from './explain-names.ts';

const { EACCES, EPERM, EROFS, EXDEV, EBUSY, ENOSPC, ENOTDIR, EIO, EMFILE, ENOENT } = constants.errno;
const quota = 122;
const stale = 116;

const ask = async (order: ExplainOneOrder, through: readonly string[] = []): Promise<ExplainOneAnswer> =>
  answerOf<ExplainOneAnswer>(await command([...through, ...script('explain-one', order)]));

const asUser = isRoot ? asOrdinaryUser : [];
const box = (): string => {
  const at = sandbox();
  // An ordinary user has to get as far as this.
  fs.chmodSync(at, 0o755);
  return at;
};

describe('numbers and names', () => {
  it('are found both ways, for those without a name in Node as well', () => {
    expect([errnoOf('ENOSPC'), errnoOf('errno 9999'), errnoOf('changed')]).toEqual([ENOSPC, 9999, null]);
    expect(errnoOf(errnoName(9999))).toBe(9999);
    expect(errnoSentence(9999)).toContain('9999');
  });

  it('have a short sentence each, with a next step', () => {
    for (const number of [EACCES, EROFS, EBUSY, ENOSPC, EIO, EMFILE]) expect(errnoSentence(number)).toMatch(/again/);
  });

  it('of users and modes are words', () => {
    expect([userWords(0), userWords(4_000_000_000)]).toEqual(['root', 'the user with number 4000000000']);
    expect([modeWords(0o100644), modeWords(0o41777)]).toEqual(['0644', '1777']);
  });

  it('of flags are read as lsattr and macOS write them', () => {
    expect(parseLsattr('----i---------e------- /x/y\n')).toEqual({ name: 'immutable', removal: 'chattr -i' });
    expect(parseLsattr('-----a--------e------- /x/iii a\n')).toMatchObject({ name: 'append-only' });
    expect(parseLsattr('--------------e------- /iaia\n')).toBe(null);
    expect(parseLsattr('')).toBe(null);
    const line = (flags: string) => `drwxr-xr-x  2 anna  staff  ${flags} 64 Nov  1 10:00 /x/uchg\n`;
    expect(parseLsFlags(line('uchg,hidden'))).toEqual({ name: 'immutable', removal: 'chflags nouchg' });
    expect(parseLsFlags(line('sappnd'))).toMatchObject({ name: 'append-only' });
    expect(parseLsFlags(line('-'))).toBe(null);
  });
});

describe.skipIf(!onLinux)('what is the case where something failed', () => {
  const ordinary = isRoot && spawnSync(asUser[0] ?? '', [...asUser.slice(1), process.execPath, '-v']).status !== 0;
  const note = ordinary ? ' (SKIPPED: an ordinary user cannot run this Node)' : '';

  it.skipIf(missing(ordinary))(
    `names the folder that may not be written, passed or opened, and its owner${note}`,
    async () => {
      const at = box();
      for (const name of ['mine', 'theirs', 'shut']) smallTree(path.join(at, name));
      const own = isRoot ? ordinaryUser : process.getuid?.();
      if (isRoot) execFileSync('chown', ['-R', String(own), path.join(at, 'mine'), path.join(at, 'shut')]);
      fs.chmodSync(path.join(at, 'mine'), 0o555);
      fs.chmodSync(path.join(at, 'shut'), 0o000);
      fs.chmodSync(path.join(at, 'theirs/b'), 0o700);
      const paths = ['mine/a', 'shut/a', 'theirs/a', 'theirs/b', 'theirs/b/0'].map((name) => path.join(at, name));
      const before = fingerprint(path.join(at, 'mine'));
      const { said, now } = await ask({ ask: paths.map((it) => ({ path: it, errno: EACCES })) }, asUser);
      expect(said[0]).toBe(
        `it stands in ${at}/mine, which is yours (mode 0555) and where you may not write: chmod u+w allows it, then try again`,
      );
      expect(said[1]).toContain(`the folder ${at}/shut is yours (mode 0000) and does not let you through: chmod u+x`);
      expect(now).toBe(paths.length);
      expect(fingerprint(path.join(at, 'mine'))).toBe(before);
      if (!isRoot) return;
      expect(said[2]).toContain(`it stands in ${at}/theirs, which belongs to root (mode 0755)`);
      expect(said[2]).toContain('try again as root');
      expect(said[3]).toContain(`${at}/theirs, which belongs to root`);
      expect(said[4]).toContain(`the folder ${at}/theirs/b belongs to root (mode 0700) and does not let you through`);
    },
  );

  const noRoot = !isRoot || ordinary;
  it.skipIf(missing(noRoot))(
    `names the sticky folder and the owner${noRoot ? ' (SKIPPED: only root can make it)' : ''}`,
    async () => {
      const at = box();
      fs.mkdirSync(path.join(at, 'shared/D'), { recursive: true });
      fs.chmodSync(path.join(at, 'shared'), 0o1777);
      const { said } = await ask({ ask: [{ path: path.join(at, 'shared/D'), errno: EPERM }] }, asUser);
      expect(said[0]).toContain('it belongs to root');
      expect(said[0]).toContain(`${at}/shared (mode 1777, sticky)`);
      expect(said[0]).toContain('try again as root');
    },
  );

  const flags = (): boolean => {
    const at = sandbox();
    return spawnSync('chattr', ['+i', at]).status === 0 && spawnSync('chattr', ['-i', at]).status === 0;
  };
  it(`names the thing that carries an immutable or append-only flag, a parent too`, async ({ skip }) => {
    if (!flags()) skip('no flags can be set here (root, and a file system that has them)');
    const at = box();
    smallTree(path.join(at, 'D'));
    const set = (flag: string, name: string) => {
      execFileSync('chattr', [`+${flag}`, path.join(at, name)]);
      onTestFinished(() => {
        spawnSync('chattr', [`-${flag}`, path.join(at, name)]);
      });
    };
    set('i', 'D/a/0');
    set('i', 'D/b');
    set('a', 'D/c');
    const immutable = (name: string) =>
      `blocked by the immutable flag on ${at}/${name} (chattr -i removes it, as root; then try again)`;
    expect(await explain(path.join(at, 'D/a/0'), EPERM)).toBe(immutable('D/a/0'));
    expect(await explain(path.join(at, 'D/b'), EPERM)).toBe(immutable('D/b'));
    expect(await explain(path.join(at, 'D/b/1'), EPERM)).toBe(immutable('D/b'));
    expect(await explain(path.join(at, 'D/b/1'), ENOTDIR)).toBe(immutable('D/b'));
    // Without lsattr as well.
    vi.stubEnv('PATH', '/nowhere');
    expect(await explain(path.join(at, 'D/b/1'), EPERM)).toBe(immutable('D/b'));
    vi.unstubAllEnvs();
    expect(await explain(path.join(at, 'D/c/1'), EPERM)).toContain(`append-only flag on ${at}/D/c (chattr -a`);
    // Nothing is blamed for what it does not do.
    expect(await explanation(path.join(at, 'D/a/1'), EPERM)).toBe(null);
    expect(await explain(path.join(at, 'D/a/1/x'), ENOTDIR)).toContain(
      `${at}/D/a/1, on the way to it, is not a folder`,
    );
  });

  it('tells room, quota, device, lost files and limits by number', async () => {
    const at = box();
    const all = await Promise.all([ENOSPC, quota, EIO, stale, EMFILE].map((errno) => explain(at, errno)));
    expect(all[0]).toMatch(/no space is left on the file system at \/.* \([\d.]+ .?B free\): free some/);
    expect(all[1]).toMatch(/disk quota of .+ on the file system at \/.* is used up/);
    expect(all[2]).toMatch(/device of the file system at \/.* input\/output error/);
    expect(all[3]).toMatch(/network file system at \/.* lost it/);
    expect(all[4]).toMatch(/limit of \d+ open files/);
    expect(await explain(path.join(at, 'gone'), ENOENT)).toBe(errnoSentence(ENOENT));
  });

  it('follows no link, and says the short sentence of what is not there', async () => {
    const at = box();
    fs.symlinkSync('/proc/1/root', path.join(at, 'link'));
    expect(await explanation(path.join(at, 'link'), EPERM)).toBe(null);
    expect(await explain(path.join(at, 'no/such/x'), EPERM)).toBe(errnoSentence(EPERM));
  });

  it('is found out for the first few of many only, and never says another mount where there is none', async () => {
    const at = box();
    fs.mkdirSync(path.join(at, '.nfs1'));
    const item = { path: path.join(at, '.nfs1'), errno: EBUSY, message: 'busy' };
    const told = await explainFirst([item, item, item], 2);
    expect(told.map(({ message }) => message.includes('over the network'))).toEqual([true, true, false]);
    const mount = { path: at, errno: EXDEV, message: 'not entered: another mount stands there' };
    expect(await explainFirst([mount], 20)).toEqual([mount]);
  });
});

const lacks = !canUnshare || !has('mount');
describe.skipIf(missing(lacks))(
  `what is the case on a mount${lacks ? ' (SKIPPED: mounts need root on Linux)' : ''}`,
  () => {
    const readOnly = (at: string) => [
      ['mount', '--bind', at, at],
      ['mount', '-o', 'remount,ro,bind', at],
    ];

    it('tells a read-only one before anything is tried, and where it is', async () => {
      const at = box();
      smallTree(path.join(at, 'D'));
      const question = [{ path: path.join(at, 'D/a'), errno: EROFS }];
      const { said, readOnly: before } = await ask(
        { before: readOnly(path.join(at, 'D')), ask: question },
        withOwnMounts,
      );
      expect(said).toEqual([`the file system at ${at}/D is mounted read-only: mount it writable, then try again`]);
      expect(before).toEqual(said);
      expect((await ask({ ask: question }, withOwnMounts)).readOnly).toEqual([null]);
    });

    it('tells a mount point, one below, and one that was not entered', async () => {
      const at = box();
      smallTree(path.join(at, 'D'));
      const { said } = await ask(
        {
          before: [['mount', '-t', 'tmpfs', 'none', path.join(at, 'D/a')]],
          ask: [
            { path: path.join(at, 'D/a'), errno: EBUSY },
            { path: path.join(at, 'D'), errno: EBUSY },
            { path: path.join(at, 'D/a'), errno: EXDEV },
            { path: path.join(at, 'D/b'), errno: EBUSY },
          ],
        },
        withOwnMounts,
      );
      expect(said[0]).toContain('it is a mount point');
      expect(said[1]).toContain(`something is mounted inside it, at ${at}/D/a`);
      expect(said[2]).toContain('something is mounted there');
      expect(said[3]).toContain('the system uses it');
    });

    it('tells how full a full one is', async () => {
      const at = box();
      const { said } = await ask(
        {
          before: [
            ['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', at],
            ['sh', '-c', 'cat /dev/zero > "$1/fill" 2>/dev/null || true', 'sh', at],
          ],
          ask: [{ path: path.join(at, 'fill'), errno: ENOSPC }],
        },
        withOwnMounts,
      );
      expect(said).toEqual([
        `no space is left on the file system at ${at} (0 B free): free some there by other means, then try again`,
      ]);
    });

    const overlay =
      'd=$(mktemp -d) && mount -t tmpfs none $d && mkdir $d/l $d/u $d/w $d/m && mount -t overlay o -o lowerdir=$d/l,upperdir=$d/u,workdir=$d/w $d/m';
    const noOverlay = !lacks && spawnSync('unshare', ['-m', 'sh', '-c', overlay]).status !== 0;
    it.skipIf(missing(noOverlay))(
      `tells a lower layer of an overlay${noOverlay ? ' (SKIPPED: no overlay here)' : ''}`,
      async () => {
        const at = box();
        const options = `lowerdir=${at}/l,upperdir=${at}/t/u,workdir=${at}/t/w`;
        smallTree(path.join(at, 'l/D'));
        for (const name of ['t', 'm']) fs.mkdirSync(path.join(at, name));
        const { said } = await ask(
          {
            before: [
              ['mount', '-t', 'tmpfs', 'none', `${at}/t`],
              ['mkdir', `${at}/t/u`, `${at}/t/w`],
              ['mount', '-t', 'overlay', 'o', '-o', options, `${at}/m`],
            ],
            ask: [{ path: `${at}/m/D`, errno: EXDEV }],
          },
          withOwnMounts,
        );
        expect(said[0]).toContain(`a lower layer of an overlay (an image of a container) at ${at}/m`);
        expect(said[0]).toContain('nothing was copied');
      },
    );

    const noBtrfs = lacks || !has('mkfs.btrfs') || !fs.readFileSync('/proc/filesystems', 'utf8').includes('btrfs');
    it.skipIf(missing(noBtrfs))(`tells a read-only snapshot${noBtrfs ? ' (SKIPPED: no btrfs here)' : ''}`, async () => {
      const at = box();
      const image = path.join(at, 'image');
      fs.writeFileSync(image, '');
      fs.truncateSync(image, 128 * 1024 * 1024);
      execFileSync('mkfs.btrfs', ['-q', image]);
      fs.mkdirSync(path.join(at, 'm'));
      const { said, readOnly: before } = await ask(
        {
          before: [
            ['mount', '-o', 'loop', image, `${at}/m`],
            ['btrfs', '-q', 'subvolume', 'create', `${at}/m/live`],
            ['mkdir', `${at}/m/live/D`],
            ['touch', `${at}/m/live/D/x`],
            ['btrfs', '-q', 'subvolume', 'snapshot', '-r', `${at}/m/live`, `${at}/m/kept`],
          ],
          ask: [
            { path: `${at}/m/kept/D/x`, errno: EROFS },
            { path: `${at}/m/live/D`, errno: EXDEV },
          ],
        },
        withOwnMounts,
      );
      expect(said[0]).toContain(`it belongs to a read-only snapshot, ${at}/m/kept`);
      expect(said[1]).toContain(`another subvolume of the btrfs file system at ${at}/m`);
      expect(before).toEqual([said[0], null]);
    });
  },
);
