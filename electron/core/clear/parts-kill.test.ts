import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { recover } from './recover.ts';
import { setAside } from './set-aside.ts';
import { answerOf, command, script } from './testing/children.ts';
import type { PartsOneAnswer, PartsOneOrder } from './testing/parts-one.ts';
import { jobFor, makeCache, picture, rowsIn } from './testing/parts-rig.ts';
import { engineOn } from './testing/rig.ts';
import { undo } from './undo.ts';

interface Place {
  readonly root: string;
  readonly stateDir: string;
  readonly before: readonly string[];
}

const newPlace = (): Place => {
  const box = sandbox();
  const root = path.join(box, 'cache');
  makeCache(root);
  return { root, stateDir: path.join(box, 'state'), before: picture(root) };
};

const run = ({ root, stateDir }: Place, order: Omit<PartsOneOrder, 'root' | 'stateDir'>) =>
  command(script('parts-one', { root, stateDir, ...order } satisfies PartsOneOrder));

type Killed = NonNullable<PartsOneOrder['killed']>;

/**
 * What stands before one step stands after the one before: the short run takes one of both, and the very last. Of those
 * it takes `most`, spread evenly.
 */
const points = (steps: number, most: number): readonly Killed[] => {
  const all = Array.from({ length: steps }, (_, at) => at + 1).flatMap((step): readonly Killed[] => [
    { at: 'before', step },
    ...(step === steps || process.env['LONG'] ? [{ at: 'after', step } as const] : []),
  ]);
  const stride = process.env['LONG'] ? 1 : Math.max(1, all.length / most);
  return all.filter((_, at) => Math.floor((at + 1) / stride) > Math.floor(at / stride));
};

/** Several places at once, since most of the time a new process starts. */
const each = async (all: readonly Killed[], work: (killed: Killed) => Promise<void>): Promise<void> => {
  const left = [...all];
  const lane = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all([lane(), lane()]);
};

const patience = { timeout: 300_000 };

/** Everything is in one copy that the history knows, with the row out of the book; or everything is as it was. */
const stateOf = async ({ root, before }: Place, engine: Engine): Promise<string> => {
  const now = picture(root);
  const copies = fs.readdirSync(root).filter((name) => /\.(stale|deleting|restored)-/.test(name));
  const rows = rowsIn(path.join(root, 'book.db')).length;
  const same = now.join('\n') === before.join('\n');
  if (copies.length === 0) return same && rows === 2 ? 'as it was' : `torn: ${rows} rows, ${now.join('\n')}`;
  const open = await engine.store.open();
  const [copy = ''] = copies;
  const isKnown = open.length === 1 && open[0]?.phase === 'set-aside' && open[0].stale.toString() === copy;
  const held = fs.readdirSync(path.join(root, copy)).sort().join('');
  return isKnown && copies.length === 1 && held === '01234' && rows === 1
    ? 'set aside'
    : `torn: ${copy} ${held} ${rows}`;
};

/** Twice, by another process than the one that was killed. */
const recovered = async (engine: Engine): Promise<void> => {
  await recover(engine, { now: false });
  expect(await recover(engine, { now: false })).toEqual([]);
};

describe.skipIf(!onLinux)('a clear in parts that is killed at every change', () => {
  it(
    'has everything at its place after a recovery, until the history calls it set aside',
    async () => {
      const whole = answerOf<PartsOneAnswer>(await run(newPlace(), { do: 'clear' }));
      expect(whole.steps).toEqual(['mkdir', 'begin', ...Array(5).fill('rename'), 'advance']);
      const seen = new Set<string>();
      await each(points(whole.steps.length, 5), async (killed) => {
        const place = newPlace();
        expect((await run(place, { do: 'clear', killed })).signal).toBe('SIGKILL');
        const engine = await engineOn(place.stateDir);
        await recovered(engine);
        // An empty folder of a clear that is not written down belongs to nobody.
        if (killed.step === 1 || (killed.step === 2 && killed.at === 'before')) {
          for (const name of fs.readdirSync(place.root)) {
            if (name.includes('.stale-')) fs.rmdirSync(path.join(place.root, name));
          }
        }
        const isAtEnd = killed.at === 'after' && killed.step === whole.steps.length;
        const state = await stateOf(place, engine);
        seen.add(state);
        expect({ ...killed, state }).toEqual({ ...killed, state: isAtEnd ? 'set aside' : 'as it was' });
        const [record] = await engine.store.history({});
        if (killed.step > 2 && !isAtEnd) expect(record).toMatchObject({ phase: 'failed', owner: null });
        if (isAtEnd) {
          await undo(engine, record?.id ?? '');
          expect(await stateOf(place, engine)).toBe('as it was');
        } else {
          // It can be cleared again, and then it is gone.
          const again = await setAside(engine, jobFor(place.root, process.pid));
          expect(await finish(engine, again.id, ['set-aside'])).toMatchObject({ phase: 'done' });
        }
      });
      expect([...seen].sort()).toEqual(['as it was', 'set aside']);
    },
    patience.timeout,
  );

  it(
    'and so it is when its recovery is killed as well',
    async () => {
      const halfWay = async (): Promise<Place> => {
        const place = newPlace();
        await run(place, { do: 'clear', killed: { at: 'after', step: 6 } });
        return place;
      };
      const whole = answerOf<PartsOneAnswer>(await run(await halfWay(), { do: 'recover' }));
      expect(whole).toMatchObject({ phase: 'failed', errors: [] });
      await each(points(whole.steps.length, 2), async (killed) => {
        const place = await halfWay();
        expect((await run(place, { do: 'recover', killed })).signal).toBe('SIGKILL');
        const engine = await engineOn(place.stateDir);
        await recovered(engine);
        expect({ ...killed, state: await stateOf(place, engine) }).toEqual({ ...killed, state: 'as it was' });
      });
    },
    patience.timeout,
  );
});

describe.skipIf(!onLinux)('an undo of a clear in parts that is killed at every change', () => {
  const aside = async (): Promise<Place & { readonly id: string }> => {
    const place = newPlace();
    const engine = await engineOn(place.stateDir);
    const { id } = await setAside(engine, jobFor(place.root, process.pid));
    return { ...place, id };
  };

  it(
    'is gone on with by a recovery, and everything is as it was',
    async () => {
      const first = await aside();
      const whole = answerOf<PartsOneAnswer>(await run(first, { do: 'undo', id: first.id }));
      expect(whole.phase).toBe('undone');
      expect(whole.steps.filter((step) => step === 'rename')).toHaveLength(3);
      await each(points(whole.steps.length, 4), async (killed) => {
        const place = await aside();
        expect((await run(place, { do: 'undo', id: place.id, killed })).signal).toBe('SIGKILL');
        const engine = await engineOn(place.stateDir);
        await recovered(engine);
        const isBefore = killed.step === 1 && killed.at === 'before';
        expect({ ...killed, state: await stateOf(place, engine) }).toEqual({
          ...killed,
          state: isBefore ? 'set aside' : 'as it was',
        });
        expect(await engine.store.get(place.id)).toMatchObject({ phase: isBefore ? 'set-aside' : 'undone' });
      });
    },
    patience.timeout,
  );

  it(
    'beside: every piece is whole at one of its places, and a second undo brings the rest',
    async () => {
      const taken = async () => {
        const place = await aside();
        write(place.root, { 'index/aa/entry': 'new' });
        return place;
      };
      const first = await taken();
      const how = { do: 'undo', ifRecreated: 'beside' } as const;
      const whole = answerOf<PartsOneAnswer>(await run(first, { ...how, id: first.id }));
      expect(whole.phase).toBe('undone');
      await each(points(whole.steps.length, 2), async (killed) => {
        const place = await taken();
        await run(place, { ...how, id: place.id, killed });
        const engine = await engineOn(place.stateDir);
        await recovered(engine);
        const record = await engine.store.get(place.id);
        if (record?.phase === 'set-aside') await undo(engine, place.id, { ifRecreated: 'beside' });
        const end = await engine.store.get(place.id);
        expect({ ...killed, phase: end?.phase }).toEqual({ ...killed, phase: 'undone' });
        const beside = path.join(place.root, end?.restored?.toString() ?? '');
        const [kept = ''] = fs.readdirSync(beside);
        expect(fs.readFileSync(path.join(beside, kept), 'utf8')).toBe('one');
        fs.renameSync(path.join(beside, kept), path.join(place.root, 'index/aa/entry'));
        fs.rmdirSync(beside);
        expect({ ...killed, state: await stateOf(place, engine) }).toEqual({ ...killed, state: 'as it was' });
      });
    },
    patience.timeout,
  );
});
