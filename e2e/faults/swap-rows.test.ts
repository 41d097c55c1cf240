import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { remove, ways } from '../../electron/core/clear/testing/delete-here.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import type { Ran } from '../support/run.ts';
import { fingerprint, smallTree, write } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { clearBy } from './support/clear-by.ts';
import { openDoor } from './support/door.ts';
import { command, strace } from './support/needs.ts';
import { row } from './support/row.ts';
import { type Stopped, stoppedAside, stoppedCondemned, stoppedLookedAt } from './support/stopped.ts';
import { startSwapper } from './support/swapper.ts';

// Links and other folders that come to stand where the deleter is at work.

const compiler = command('gcc');
const files = (count: number, folders: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    folders.flatMap((folder) => Array.from({ length: count }, (_, at) => [`${folder}/v${at}`, 'v'] as const)),
  );

const rounds = 1000;
/** Each order of the deleter is so many of them: starting it is what takes time. */
const atOnce = 25;

for (const way of ways) {
  const title = `a folder and a link change places while it is deleted by ${way}, ${rounds} times`;
  row(66, title, { needs: [compiler], timeoutMs: 900_000 }, async (box) => {
    const victim = path.join(box.home, 'precious');
    write(victim, files(8, ['.', 'inner']));
    await box.settled();
    const before = fingerprint(victim);
    const swapper = startSwapper(box);
    const counts = { gone: 0, left: 0, stopped: 0, swaps: 0 };
    for (let round = 0; round < rounds; round += atOnce) {
      const at = path.join(box.scratch, `D${round}`);
      const links = path.join(box.scratch, `L${round}`);
      fs.mkdirSync(links);
      const pairs = Array.from({ length: atOnce }, (_, small) => {
        const tree = path.join(at, String(small));
        write(tree, files(8, ['a', 'swapped', 'swapped/inner', 'z']));
        fs.symlinkSync(victim, path.join(links, String(small)));
        return [path.join(tree, 'swapped'), path.join(links, String(small))] as const;
      });
      await swapper.swap(...pairs);
      const report = await remove(at, way).catch((thrown: unknown) => {
        // Seen by the identity of a folder: stopping there is the right answer.
        expect(thrown).toBeInstanceOf(CodedError);
        return null;
      });
      counts.swaps += await swapper.stop();
      counts[report === null ? 'stopped' : report.gone ? 'gone' : 'left'] += 1;
      expect(fingerprint(victim), `rounds ${round} to ${round + atOnce}`).toBe(before);
      for (const rest of [at, links]) fs.rmSync(rest, { recursive: true, force: true });
    }
    expect(counts.swaps).toBeGreaterThanOrEqual(rounds);
    process.stdout.write(`row 66, by ${way}: ${rounds} rounds, 0 victims, ${JSON.stringify(counts)}\n`);
    return { unit: 'whole', history: [] };
  });
}

row(
  66,
  'a folder of the unit and a link change places during clears',
  { needs: [compiler], timeoutMs: 600_000 },
  async (box) => {
    const victim = path.join(box.home, 'precious');
    write(victim, files(20, ['.', 'inner']));
    await box.begun();
    const swapper = startSwapper(box);
    const states: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const link = path.join(box.scratch, `link${round}`);
      fs.symlinkSync(victim, link);
      // So many that several threads delete.
      write(
        box.unit,
        files(
          100,
          Array.from({ length: 30 }, (_, at) => `d${at}`),
        ),
      );
      write(box.unit, files(30, ['d15/inner']));
      if (round === 0) await box.settled();
      const before = fingerprint(victim);
      await swapper.swap([path.join(box.unit, 'd15'), link]);
      // Whoever swaps has the folder open.
      const { operations } = await box.clear(['--even-if-in-use']);
      expect(await swapper.stop()).toBeGreaterThan(0);
      expect(['done', 'partial']).toContain(the(operations).state);
      states.push(the(operations).state);
      expect(fingerprint(victim), `round ${round}`).toBe(before);
      expect(the(await box.history(), ({ id }) => id === the(operations).id).errors.length > 0).toBe(
        the(operations).state === 'partial',
      );
      await box.recover();
      expect(fingerprint(victim), `round ${round}, recovered`).toBe(before);
    }
    process.stdout.write(`row 66: ${states.join(', ')}\n`);
    return { unit: 'absent', history: states.map(() => 'done') };
  },
);

const operationOf = ({ stdout }: Ran): Operation =>
  the((JSON.parse(stdout) as { operations: readonly Operation[] }).operations);

const others: readonly (readonly [string, (box: Box, at: string) => void])[] = [
  ['a link to another folder', (box, at) => fs.symlinkSync(path.join(box.home, 'precious'), at)],
  ['another folder', (_, at) => smallTree(at)],
  ['a file', (_, at) => fs.writeFileSync(at, 'mine')],
  ['an empty folder', (_, at) => fs.mkdirSync(at)],
];
const moments: readonly (readonly [string, (box: Box, ...args: readonly string[]) => Promise<Stopped>, RegExp])[] = [
  ['when it was set aside', stoppedLookedAt, /\.stale-/],
  ['when it was condemned', stoppedCondemned, /\.deleting-/],
];

for (const [moment, stop, name] of moments) {
  for (const [what, put] of others) {
    const title = `${what} stands where the copy was, ${moment}`;
    row(67, title, { needs: [strace], timeoutMs: 240_000 }, async (box) => {
      await box.begun();
      const clear = await stop(box, 'clear', box.target, '--yes', '--json');
      const copy = the(box.ourNames().filter((at) => name.test(at)));
      const away = path.join(box.scratch, 'away');
      fs.renameSync(copy, away);
      put(box, copy);
      const all = (): readonly string[] => [box.cache, path.join(box.home, 'precious')].map(fingerprint);
      const before = all();
      const ran = await clear.goOn();
      const told = operationOf(ran);
      // Seen, told by name, and nothing is touched: not what stands there now, not what that leads to, not the copy.
      expect({ code: ran.code, told }).toMatchObject({
        code: 1,
        told: { state: 'partial', bytes: { freed: 0 }, entriesDeleted: 0, errors: [{ code: 'changed', path: copy }] },
      });
      expect(all()).toEqual(before);
      expect(await box.wholeAs(away)).toBe(true);
      expect(the(await box.recover())).toMatchObject({ state: 'partial', errors: [{ code: 'changed', path: copy }] });
      expect(all()).toEqual(before);
      // The copy comes back: then it goes.
      if (fs.lstatSync(copy).isDirectory()) fs.rmSync(copy, { recursive: true });
      else fs.unlinkSync(copy);
      fs.renameSync(away, copy);
      return { unit: 'absent', history: ['partial'], recovered: ['done'] };
    });
  }
}

for (const [what, put] of others) {
  const title = `${what} stands where the copy was, at the very moment of the rename`;
  row(67, title, { needs: [strace], timeoutMs: 240_000 }, async (box) => {
    await box.begun();
    const clear = await stoppedAside(box, ['clear', box.target, '--yes', '--json']);
    const copy = the(box.staleCopies());
    const away = path.join(box.scratch, 'away');
    fs.renameSync(copy, away);
    put(box, copy);
    const before = fingerprint(path.join(box.home, 'precious'));
    const { ino } = fs.lstatSync(copy);
    const ran = await clear.goOn();
    // It may as well have been put at the unit's place before the rename, by the tool: so that is where it goes back to.
    expect({ code: ran.code, told: operationOf(ran) }).toMatchObject({
      code: 1,
      told: { state: 'failed', bytes: { freed: 0 }, errors: [{ step: 'set-aside', code: 'changed', path: box.unit }] },
    });
    expect(fs.lstatSync(box.unit).ino).toBe(ino);
    expect(box.ourNames()).toEqual([]);
    expect(fingerprint(path.join(box.home, 'precious'))).toBe(before);
    expect(await box.wholeAs(away)).toBe(true);
    return { unit: 'new', history: ['failed'] };
  });
}

const turns = process.env['LONG'] ? 300 : 15;

row(
  67,
  `the copy and a link change places all the time, in ${turns} clears`,
  { needs: [compiler], timeoutMs: 900_000 },
  async (box) => {
    const victim = path.join(box.home, 'precious');
    await box.begun();
    await box.settled();
    const before = fingerprint(victim);
    const swapper = startSwapper(box);
    const door = await openDoor(box);
    const told = new Map<string, number>();
    const link = path.join(box.scratch, 'link');
    for (let turn = 0; turn < turns; turn += 1) {
      if (box.isAbsent()) smallTree(box.unit);
      fs.symlinkSync(victim, link);
      await swapper.swap([path.join(box.cache, 'pkgs.*'), link]);
      const { state, errors } = await clearBy(door, box.unit, { evenIfInUse: true });
      await swapper.stop();
      const seen = [state, ...new Set(errors.map(({ code }) => code))].join(' ');
      told.set(seen, (told.get(seen) ?? 0) + 1);
      expect(fingerprint(victim), `turn ${turn}: ${seen}`).toBe(before);
      // What the swapper has left is nobody's now.
      const isLink = fs.lstatSync(box.unit, { throwIfNoEntry: false })?.isSymbolicLink() === true;
      for (const at of [link, ...box.ourNames(), ...(isLink ? [box.unit] : [])]) {
        fs.rmSync(at, { recursive: true, force: true });
      }
    }
    await door.close();
    process.stdout.write(`row 67: ${JSON.stringify(Object.fromEntries(told))}\n`);
    for (const seen of told.keys()) expect(seen).toMatch(/^(done|partial [\w ]+|failed [\w ]+|set-aside changed)$/);
    const states = (await box.history()).map(({ state }) => state);
    const unit = box.isAbsent() ? 'absent' : 'new';
    return { unit, history: states, recovered: states.map((state) => (state === 'failed' ? state : 'done')) };
  },
);
