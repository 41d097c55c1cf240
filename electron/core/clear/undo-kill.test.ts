import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, has, missing, onLinux, write } from '../../../e2e/support/sandbox.ts';
import type { UndoChoice } from '../../../shared/model.ts';
import { raw } from '../fs/raw.ts';
import { recover } from './recover.ts';
import { type Aside, treeAside } from './testing/aside.ts';
import { answerOf, command, script } from './testing/children.ts';
import { present } from './testing/interrupted.ts';
import type { UndoOneAnswer, UndoOneOrder } from './testing/undo-one.ts';
import { besideName } from './undo-beside.ts';

const run = ({ engine }: Aside, order: Omit<UndoOneOrder, 'stateDir'>, through: readonly string[] = []) =>
  command([...through, ...script('undo-one', { stateDir: engine.stateDir, ...order })]);

interface Point {
  readonly at: 'before' | 'after';
  readonly write: number;
}

/** Each starts many processes, one after another. */
const patience = { timeout: 300_000 };

const points = (writes: number): readonly Point[] =>
  Array.from({ length: writes }, (_, index) => index + 1).flatMap((write) => [
    { at: 'before', write },
    { at: 'after', write },
  ]);

const fresh = async (): Promise<Aside & { readonly made: string }> => {
  const one = await treeAside();
  write(one.at, { new: 'new' });
  return { ...one, made: fingerprint(one.at) };
};

/** Writes to the journal of one that is not killed. */
const writesOf = async (ifRecreated: UndoChoice): Promise<number> => {
  const one = await fresh();
  const answer = answerOf<UndoOneAnswer>(await run(one, { id: one.record.id, ifRecreated }));
  expect(answer.phase).toBe('undone');
  return answer.writes;
};

/** Two recoveries by another process than the one that was killed, keeping what can be undone. */
const recovered = async ({ engine }: Aside): Promise<void> => {
  for (let times = 0; times < 2; times += 1) await recover(engine, { now: false });
};

/** What stands where, by what it is. */
const found = (one: Aside & { readonly made: string }): ReadonlyMap<string, string> => {
  const names = new Map([
    [one.whole, 'old'],
    [one.made, 'new'],
  ]);
  // The lock of a killed swap goes with the `recover` of the whole program, which knows the caches.
  return new Map(
    present(one.box)
      .filter((name) => !name.startsWith('.cache-inspector-'))
      .map((name) => [name, names.get(fingerprint(path.join(one.box, name))) ?? 'torn']),
  );
};

/** Every copy that stands under a name of ours belongs to an operation that is open, by inode, and to one only. */
const allKnown = async (one: Aside): Promise<void> => {
  const open = await one.engine.store.open();
  for (const name of present(one.box).filter((it) => /\.(stale|deleting)-/.test(it))) {
    const { ino } = fs.lstatSync(path.join(one.box, name));
    const owners = open.filter(({ stale, identity }) => stale.toString() === name && Number(identity.ino) === ino);
    expect(
      owners.map(({ phase }) => phase),
      name,
    ).toEqual(['set-aside']);
  }
};

describe.skipIf(!onLinux)('an undo whose process is killed around every write to the journal', () => {
  it(
    'swap: both are whole at every point, each in the place that the history says, after two recoveries',
    patience,
    async () => {
      const writes = await writesOf('swap');
      expect(writes).toBe(4);
      const ends: string[] = [];
      for (const killed of points(writes)) {
        const one = await fresh();
        const ended = await run(one, { id: one.record.id, ifRecreated: 'swap', killed });
        expect(ended.signal, JSON.stringify(killed)).toBe('SIGKILL');
        await recovered(one);
        const stale = path.basename(one.stale);
        const now = found(one);
        const isSwapped = now.get('D') === 'old';
        expect(now).toEqual(
          new Map(
            isSwapped
              ? [
                  ['D', 'old'],
                  [stale, 'new'],
                ]
              : [
                  ['D', 'new'],
                  [stale, 'old'],
                ],
          ),
        );
        expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: isSwapped ? 'undone' : 'set-aside' });
        await allKnown(one);
        ends.push(isSwapped ? 'swapped' : 'as before');
      }
      // The exchange stands between the second write and the third.
      expect(ends).toEqual([...Array(4).fill('as before'), ...Array(4).fill('swapped')]);
    },
  );

  it('beside: it is whole beside it, or still set aside', patience, async () => {
    const writes = await writesOf('beside');
    expect(writes).toBe(3);
    const ends: string[] = [];
    for (const killed of points(writes)) {
      const one = await fresh();
      const ended = await run(one, { id: one.record.id, ifRecreated: 'beside', killed });
      expect(ended.signal, JSON.stringify(killed)).toBe('SIGKILL');
      await recovered(one);
      const beside = besideName(raw('D'), Date.now(), 1).toString();
      const now = found(one);
      const isBack = now.has(beside);
      expect(now).toEqual(
        new Map([
          ['D', 'new'],
          [isBack ? beside : path.basename(one.stale), 'old'],
        ]),
      );
      expect(await one.engine.store.get(one.record.id)).toMatchObject(
        isBack ? { phase: 'undone', restored: raw(beside) } : { phase: 'set-aside', restored: null },
      );
      await allKnown(one);
      ends.push(isBack ? 'beside' : 'as before');
    }
    // From the moment its new name is written down a recovery goes on to it.
    expect(ends).toEqual([...Array(3).fill('as before'), ...Array(3).fill('beside')]);
  });

  it('at its place: it is whole there, or still set aside', patience, async () => {
    for (const killed of points(2)) {
      const one = await treeAside();
      expect((await run(one, { id: one.record.id, killed })).signal).toBe('SIGKILL');
      await recovered(one);
      // A recovery goes on with what was asked for, once that is written down.
      const isBack = killed.write === 2 || killed.at === 'after';
      expect(present(one.box)).toEqual([isBack ? 'D' : path.basename(one.stale)]);
      expect(fingerprint(isBack ? one.at : one.stale)).toBe(one.whole);
      expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: isBack ? 'undone' : 'set-aside' });
      await allKnown(one);
    }
  });
});

const canTrace = onLinux && has('strace');

describe.skipIf(missing(!canTrace))(
  `an undo that is killed while its program is in the exchange${canTrace ? '' : ' (SKIPPED: there is no strace here)'}`,
  () => {
    it('is finished by a recovery', patience, async () => {
      const one = await fresh();
      const begins = path.join(one.box, 'begun');
      const inject = ['-e', 'trace=renameat2', '-e', 'inject=renameat2:delay_enter=2000000'];
      const traced = run(one, { id: one.record.id, ifRecreated: 'swap', begins }, [
        ...['strace', '-f', '-qq', '-o', '/dev/null', ...inject],
      ]);
      while ((await one.engine.store.open()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 500));
      const owner = (await one.engine.store.get(one.record.id))?.owner;
      process.kill(owner?.pid ?? 0, 'SIGKILL');
      await traced;
      fs.rmSync(begins);
      expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, one.made]);
      expect((await one.engine.store.open()).map(({ phase }) => phase)).toEqual(['undoing', 'intent']);
      await recovered(one);
      expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, one.made]);
      expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'undone' });
      await allKnown(one);
    });
  },
);
