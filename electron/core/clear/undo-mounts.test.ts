import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canUnshare, fingerprint, missing, write } from '../../../e2e/support/sandbox.ts';
import { type Aside, treeAside } from './testing/aside.ts';
import { answerOf, command, script, withOwnMounts } from './testing/children.ts';
import { present } from './testing/interrupted.ts';
import type { UndoOneAnswer, UndoOneOrder } from './testing/undo-one.ts';

const note = canUnshare ? '' : ' (SKIPPED: no mounts of its own can be had here)';

/** Undoes in a process whose mounts a shell script has changed. `$1` is the place of the thing, `$2` a free folder. */
const undoWith = async (
  mounting: string,
  one: Aside,
  more: Partial<UndoOneOrder>,
  env: Readonly<Record<string, string>> = {},
): Promise<UndoOneAnswer> => {
  const scratch = path.join(one.box, 'state', 'scratch');
  fs.mkdirSync(scratch, { recursive: true });
  const order: UndoOneOrder = { stateDir: one.engine.stateDir, id: one.record.id, ...more };
  const shell = ['sh', '-ec', `${mounting}\nshift 2; exec "$@"`, 'sh', one.at, scratch];
  return answerOf(await command([...withOwnMounts, ...shell, ...script('undo-one', order)], env));
};

const noPrograms = 'for it in perl python3; do mount --bind /dev/null "$(readlink -f /usr/bin/$it)"; done';
const onlySystem = { PATH: '/usr/bin:/bin' };

describe.skipIf(missing(!canUnshare))(`an undo whose place has become a mount point${note}`, () => {
  const mounting = 'mount -t tmpfs none "$1"';

  it('is refused with the reason, an empty one too; beside it there is room', async () => {
    for (const files of [{}, { 'D/new': 'new' }]) {
      const one = await treeAside();
      fs.mkdirSync(one.at);
      write(one.box, files);
      const made = fingerprint(one.at);
      const refused = await undoWith(mounting, one, {});
      expect(refused).toMatchObject({
        code: 'mount-point',
        message: expect.stringContaining('put the old one beside it'),
      });
      expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([made, one.whole]);
      expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'set-aside' });
      expect(await undoWith(mounting, one, { ifRecreated: 'beside' })).toMatchObject({ phase: 'undone' });
      expect(fingerprint(one.at)).toBe(made);
    }
  });

  it('cannot change places with it: the kernel says no even when nobody looked', async () => {
    const one = await treeAside();
    write(one.at, { new: 'new' });
    const made = fingerprint(one.at);
    expect(await undoWith(mounting, one, { ifRecreated: 'swap' })).toMatchObject({ code: 'io', phase: null });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([made, one.whole]);
  });
});

describe.skipIf(missing(!canUnshare))(`a system on which neither perl nor python is to be had${note}`, () => {
  it('cannot swap, says so, and has another way', async () => {
    const one = await treeAside();
    write(one.at, { new: 'new' });
    const made = fingerprint(one.at);
    const refused = await undoWith(noPrograms, one, { ifRecreated: 'swap' }, onlySystem);
    // Where mv or exch are new enough, they do it.
    if (refused.phase === 'undone') {
      expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, made]);
      return;
    }
    expect(refused).toMatchObject({
      code: 'not-available',
      message: expect.stringContaining('No program of this system'),
    });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([made, one.whole]);
    expect(await undoWith(noPrograms, one, { ifRecreated: 'beside' }, onlySystem)).toMatchObject({ phase: 'undone' });
  });

  it('swaps by exch (a stand-in with its words, for util-linux is often older)', async () => {
    const one = await treeAside();
    write(one.at, { new: 'new' });
    const made = fingerprint(one.at);
    // A perl of another name, that hands its two arguments to the same call as exch does: from the working directory.
    const call =
      'cp "$(readlink -f /usr/bin/perl)" "$2/other"; printf "%s\\n" "#!/bin/sh" "exec \\"$2/other\\" -e \'my %n = (x86_64 => 316, aarch64 => 276); my (\\$a) = \\`uname -m\\` =~ /(\\\\S+)/; exit(syscall(\\$n{\\$a}, -100, \\$ARGV[0], -100, \\$ARGV[1], 2) != 0)\' \\"\\$1\\" \\"\\$2\\"" > "$2/exch"; chmod +x "$2/exch"';
    const env = { PATH: `/usr/bin:/bin:${path.join(one.box, 'state', 'scratch')}` };
    const answer = await undoWith(`${call}\n${noPrograms}`, one, { ifRecreated: 'swap' }, env);
    expect(answer).toMatchObject({ phase: 'undone' });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, made]);
    expect(present(one.box).toSorted()).toEqual(['D', path.basename(one.stale)]);
  });
});
