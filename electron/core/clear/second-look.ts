import { setTimeout as sleep } from 'node:timers/promises';
import type { Holder } from '../../../shared/model.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Phase, Record } from '../store/schema.ts';
import { usageOf } from '../usage/holders.ts';
import type { Owner } from '../usage/processes.ts';
import { readBack } from './assignment.ts';
import { holdersText, ownerText } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { finish } from './finish.ts';
import { viewOf } from './view.ts';

/** A look at the processes is good for so long (ms): deletes that follow one another share it. */
const freshMs = 1000;

/** A copy that is kept is looked at again after as long as it has been kept, within these bounds (ms). */
const soonestMs = 2000;
const latestMs = 60_000;

const kept = 'kept, since it is still in use by';

const copyPath = ({ parent, stale }: Record): string => showRaw(joinRaw(parent, stale));

/** Who has set-aside copies open. One pass over the processes serves all that are about to be deleted. */
export class Looks {
  readonly #expected = new Map<string, string>();
  #seen: { readonly at: number; readonly holders: ReadonlyMap<string, readonly Holder[]> } | null = null;

  /** This copy will be asked about soon: a look at another one takes it along. */
  expect(record: Record): void {
    this.#expected.set(record.id, copyPath(record));
  }

  async holdersOf(record: Record): Promise<readonly Holder[]> {
    const path = copyPath(record);
    this.#expected.delete(record.id);
    const known = this.#seen?.holders.get(path);
    if (known !== undefined && Date.now() - (this.#seen?.at ?? 0) <= freshMs) return known;
    const at = Date.now();
    const paths = [path, ...this.#expected.values()];
    const usages = await usageOf(paths.map((it) => ({ path: it, root: null, tool: null })));
    // 'Cannot tell' was decided before the rename. Here it would keep every copy for ever where nothing can be told.
    const holders = new Map(
      [...usages].map(([it, { verdict, holders: all }]) => [it, verdict === 'in-use' ? all : []]),
    );
    this.#seen = { at, holders };
    return holders.get(path) ?? [];
  }
}

/** Whoever has a copy open for a moment only (another door that lists leftovers, an indexer) does not use it. */
const passingMs = 200;
const passingLooks = 3;

const lastingHolders = async (record: Record, looks: Looks): Promise<readonly Holder[]> => {
  let holders = await looks.holdersOf(record);
  for (let again = 0; again < passingLooks && holders.length > 0; again += 1) {
    await sleep(passingMs);
    holders = await new Looks().holdersOf(record);
  }
  return holders;
};

const pauseMs = ({ steps }: Record, now: number): number => {
  const since = steps.find(({ note }) => note?.startsWith(kept))?.at ?? now;
  return Math.min(latestMs, Math.max(soonestMs, now - since));
};

const keep = async (
  engine: Engine,
  record: Record,
  holders: readonly Holder[],
  keptBy: Owner | null,
): Promise<Record | null> => {
  const at = engine.now();
  const undoUntil = at + pauseMs(record, at);
  const ownedBy = ownerText(record.owner);
  const { id, phase } = record;
  const isNews = phase !== 'set-aside' || record.holders.length === 0;
  const patch = { owner: keptBy, holders, undoUntil, note: `${kept} ${holdersText(holders)}` };
  const taken = isNews
    ? await engine.store.advance(id, [phase], 'set-aside', at, patch, ownedBy)
    : await engine.store.saw(id, 'set-aside', { holders, undoUntil }, ownedBy);
  if (!taken) return null;
  const result = await readBack(engine, id);
  engine.changed(viewOf(result));
  return result;
};

/**
 * P4 to P6, unless somebody still has the set-aside copy open: what they write into it would be lost. Then it is kept,
 * whole and undoable, with their names in the history, and this resolves with the operation as `set-aside`; whoever
 * asks again after `undoUntil` goes on. A person's word for the clear (`evenIfInUse`) holds for the copy too. Null when
 * somebody else took the operation first.
 */
export const finishUnlessHeld = async (
  engine: Engine,
  id: string,
  from: readonly Phase[],
  options: {
    readonly signal?: AbortSignal;
    readonly ownedBy?: string | null;
    readonly looks?: Looks;
    /** Who looks again at a copy that is kept; null: whoever comes. */
    readonly keptBy?: Owner | null;
  } = {},
): Promise<Record | null> => {
  const record = await engine.store.get(id);
  if (record === null || !from.includes(record.phase)) return null;
  if (options.ownedBy !== undefined && ownerText(record.owner) !== options.ownedBy) return null;
  const isCondemned = record.phase === 'deleting' || record.phase === 'partial';
  if (!isCondemned && !record.evenIfInUse) {
    const holders = await lastingHolders(record, options.looks ?? new Looks());
    if (holders.length > 0) return keep(engine, record, holders, options.keptBy ?? null);
  }
  return finish(engine, id, from, options);
};
