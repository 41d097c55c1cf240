import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { the } from '../support/answers.ts';
import { deadPid } from '../support/processes.ts';
import type { Box } from './support/box.ts';
import { command, device, namespaces, root, strace } from './support/needs.ts';
import { hasHeld, type Impossible, row } from './support/row.ts';

// A file system that does not tell cases apart, and things that are neither file nor folder.

/** The cache stands on an exFAT of its own, in a file of the row: no cases, no times of birth, inodes made up anew. */
const exfat = async (box: Box, impossible: Impossible): Promise<void> => {
  await box
    .mount(
      `cp -r "$CACHE" "$SCRATCH/copy"; truncate -s 64M "$SCRATCH/disk"; mkfs.exfat "$SCRATCH/disk"
     losetup -f --show "$SCRATCH/disk" >"$SCRATCH/loop"`,
    )
    .catch((thrown) => impossible(`a file cannot be made a disk: ${thrown}`));
  onTestFinished(() => {
    spawnSync('losetup', ['-d', fs.readFileSync(path.join(box.scratch, 'loop'), 'utf8').trim()]);
  });
  await mountExfat(box).catch((thrown) => impossible(`an exFAT cannot be mounted through FUSE: ${thrown}`));
  await box.sh('cp -r "$SCRATCH/copy/." "$CACHE"');
};

const mountExfat = (box: Box): Promise<string> =>
  box.sh('mount.exfat-fuse -o nonempty "$(cat "$SCRATCH/loop")" "$CACHE"');

const caseless = { needs: [namespaces, device('/dev/fuse'), command('mkfs.exfat'), command('mount.exfat-fuse')] };

row(29, 'the file system does not tell cases apart', caseless, async (box, impossible) => {
  await exfat(box, impossible);
  expect(fs.existsSync(box.seen(path.join(box.cache, 'PKGS', 'A', '0')))).toBe(true);
  const { code, operations } = await box.clear(['--undo-window', '3600']);
  expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'set-aside' });
  await hasHeld(box, 'absent');
  // It comes back under its own name, in its own case.
  expect((await box.run(['undo', the(operations).id])).code).toBe(0);
  expect(fs.readdirSync(box.seen(box.cache))).toContain('pkgs');
  expect(await box.isWhole()).toBe(true);
  const again = await box.clear();
  expect({ code: again.code, operation: the(again.operations) }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], errors: [] },
  });
  return { unit: 'absent', history: ['done', 'undone'] };
});

row(29, 'a leftover on it is matched, and asked about', caseless, async (box, impossible) => {
  await exfat(box, impossible);
  const leftover = path.join(box.cache, `pkgs.stale-${deadPid()}`);
  await box.sh(`mkdir -p '${leftover}/a'; echo 1 >'${leftover}/a/0'`);
  await box.settled();
  // Another machine may have this disk tomorrow: what a process number says is no proof.
  expect(the(await box.leftovers())).toMatchObject({ path: leftover, tool: 'pip-tools', cleaning: 'ask' });
  await box.sh(`rm -r '${leftover}'`);
  return { unit: 'whole', history: [] };
});

row(29, 'its inode numbers are given anew while a copy waits', caseless, async (box, impossible) => {
  await exfat(box, impossible);
  const { operations } = await box.clear(['--undo-window', '3600']);
  const stale = the(operations).asidePath ?? '';
  const number = () => fs.statSync(box.seen(stale)).ino;
  const before = number();
  // Something else is looked at first after the disk was away, so that it gets the number that the copy had.
  await box.sh('umount "$CACHE"');
  await mountExfat(box);
  await box.sh('mkdir "$CACHE/first" "$CACHE/second"; ls -lRi "$CACHE/first" "$CACHE/neighbour" "$CACHE/second"');
  expect(number()).not.toBe(before);
  // Nothing proves any more that this is the copy: it stays, it is not called done, and it is named.
  expect(the(await box.recover())).toMatchObject({ state: 'partial', errors: [{ code: 'changed', path: stale }] });
  expect(fs.readdirSync(box.seen(stale)).sort()).toEqual(['a', 'b', 'c']);
  for (const name of ['first', 'second', 'neighbour/file']) {
    expect(fs.existsSync(box.seen(path.join(box.cache, name))), name).toBe(true);
  }
  // A person looks and removes it: then it is over.
  await box.sh(`rm -r "$CACHE/first" "$CACHE/second" '${stale}'`);
  await box.settled();
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

row(34, 'there are a pipe, a socket and devices in the unit', { needs: [root, strace] }, async (box, impossible) => {
  const made = spawnSync('sh', ['-ec', 'mkfifo pipe; mknod char c 1 3; mknod block b 7 250'], { cwd: box.unit });
  if (made.status !== 0) impossible(made.stderr.toString());
  const server = net.createServer().listen(path.join(box.scratch, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  fs.renameSync(path.join(box.scratch, 'socket'), path.join(box.unit, 'socket'));
  await box.begun();
  await box.settled();
  const log = path.join(box.scratch, 'opened');
  const opens = ['strace', '-f', '-qq', '-o', log, '-e', 'trace=?open,openat,?connect,?mknod'];
  const { code, operations } = await box.clear([], { through: opens });
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], errors: [], entriesDeleted: 13 + 4 },
  });
  // A pipe that is opened waits for ever, and a device may do anything.
  const opened = fs.readFileSync(log, 'utf8');
  expect(opened).toContain('.deleting-');
  expect(opened).not.toMatch(/"[^"]*\/(pipe|char|block|socket)"/);
  return { unit: 'absent', history: ['done'] };
});
