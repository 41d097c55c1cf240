import { CodedError, type ErrorCode } from '../../../shared/errors.ts';
import type { Holder, StepError } from '../../../shared/model.ts';
import { look } from '../fs/identity.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';
import { type UsePlace, usageOf } from '../usage/holders.ts';
import { type Assignment, newEntry, readBack } from './assignment.ts';
import { endWait, holdersText, ownerText, waitable } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { type Part, refusalErrors } from './plan.ts';
import { setAside } from './set-aside.ts';
import { stepError } from './step-error.ts';
import { viewOf } from './view.ts';

/** How often it is looked whether the wait is over (ms): soon at first, and ever later while nothing changes. */
const soonestMs = 1000;
const latestMs = 5000;
const slower = 1.25;

/** What waiting needs from the rest of core. */
export interface WaitsParts {
  /** What stands now where a clear waits, looked at in full; null: no cache is known there any more. Throws why not. */
  readonly draw: (record: Record) => Promise<Part | null>;
  /** What was waited for is set aside: undo window and delete are the caller's. */
  readonly goOn: (record: Record) => void;
  /** The journal or the processes could not be read; it is tried again. */
  readonly failed: (thrown: unknown) => void;
}

interface Wait {
  readonly place: UsePlace;
  /** ms since 1970. */
  readonly until: number;
  /** Its clear is being tried at this moment. */
  trying: boolean;
}

const pathOf = ({ parent, name }: Record): string => showRaw(joinRaw(parent, name));
const pidsOf = (holders: readonly Holder[]): string => holders.map(({ pid }) => pid).join();

const overdue = (record: Record): { readonly code: ErrorCode; readonly message: string } => {
  const { holders } = record;
  const path = pathOf(record);
  const next = 'Nothing was touched. Wait again, or say that it is to be cleared even so.';
  return holders.length > 0
    ? { code: 'in-use', message: `${path} was in use until the wait was over, by ${holdersText(holders)}. ${next}` }
    : { code: 'cannot-tell', message: `${path} could not be shown to be idle until the wait was over. ${next}` };
};

const unknown = (record: Record): CodedError => {
  const path = pathOf(record);
  const message = `${path} is not known as a cache any more, so it was left alone. List the caches again.`;
  return new CodedError({ code: 'unknown-cache', path, message });
};

/** Which place is asked about for a part of a plan. */
const placeOf = ({ outcome, wish: { cache } }: Part): UsePlace => ({
  path: outcome.path,
  root: cache.root,
  tool: cache.tool,
});

/**
 * The clears that this process makes when what they are about is idle. The journal has them as `waiting`, so that a
 * person sees them in every door and may end them from any; only the process that is their owner ever starts one, and
 * none starts after its time is over. One timer looks for all of them. It does not keep the process running.
 */
export class Waits {
  readonly #engine: Engine;
  readonly #parts: WaitsParts;
  readonly #self: string | null;
  readonly #mine = new Map<string, Wait>();
  readonly #trying = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = soonestMs;
  #looking = false;
  #closed = false;

  constructor(engine: Engine, parts: WaitsParts) {
    this.#engine = engine;
    this.#parts = parts;
    this.#self = ownerText(engine.self);
  }

  /** Writes down that this is to be cleared when it is idle, if that is within `waitMs`, and begins to wait. */
  async begin(job: Assignment, part: Part, waitMs: number): Promise<Record> {
    const holders = part.usage?.holders ?? [];
    const drawn = newEntry(this.#engine, job, 'waiting');
    const { startedAt: at } = drawn;
    const entry = { ...drawn, endedAt: null, undoUntil: null, waitUntil: at + waitMs, holders };
    await this.#engine.store.begin(entry, { step: 'waiting', at, note: null });
    this.#add(entry.id, placeOf(part), entry.waitUntil);
    return readBack(this.#engine, entry.id);
  }

  /** Goes on with an operation that this process has just made `waiting`. */
  join({ id, waitUntil }: Record, part: Part): void {
    this.#add(id, placeOf(part), waitUntil ?? 0);
  }

  /** True while this process waits for that one. */
  waitsFor(id: string): boolean {
    return this.#mine.has(id);
  }

  /** Stops waiting for all; they stay in the journal for a person to go on with. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await Promise.all(this.#trying);
    for (const id of this.#mine.keys()) {
      const { store, now } = this.#engine;
      const patch = { owner: null, note: 'nobody waits now: its window or terminal has closed' };
      // Where that cannot be written down, this process is found to have ended.
      await store.advance(id, ['waiting'], 'waiting', now(), patch, this.#self).catch(() => undefined);
    }
    this.#mine.clear();
  }

  #add(id: string, place: UsePlace, until: number): void {
    this.#mine.set(id, { place, until, trying: false });
    this.#schedule(soonestMs);
  }

  #schedule(pauseMs: number): void {
    this.#pauseMs = pauseMs;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closed || this.#mine.size === 0) return;
    const soonest = Math.min(...[...this.#mine.values()].map(({ until }) => until)) - this.#engine.now();
    this.#timer = setTimeout(() => void this.#run(), Math.min(pauseMs, Math.max(soonest, 50))).unref();
  }

  async #run(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    let next = soonestMs;
    try {
      const changed = await this.#look();
      next = changed ? soonestMs : Math.min(latestMs, this.#pauseMs * slower);
    } catch (thrown) {
      if (!this.#closed) this.#parts.failed(thrown);
    } finally {
      this.#looking = false;
    }
    this.#schedule(next);
  }

  /** One look at all of them; true when anything has changed. */
  async #look(): Promise<boolean> {
    const { store, now, changed } = this.#engine;
    const open = new Map((await store.open()).map((record) => [record.id, record]));
    let isNews = false;
    const waiting: { readonly record: Record; readonly wait: Wait }[] = [];
    for (const [id, wait] of this.#mine) {
      if (wait.trying) continue;
      const record = open.get(id);
      if (record?.phase !== 'waiting' || ownerText(record.owner) !== this.#self) {
        // Another door ended it. Who listens here has not heard that yet.
        this.#mine.delete(id);
        changed(viewOf(await readBack(this.#engine, id)));
      } else if ((record.waitUntil ?? 0) <= now()) await this.#overdue(record);
      else waiting.push({ record, wait });
    }
    const usages = await usageOf(
      waiting.map(({ wait }) => wait.place),
      { stateDir: this.#engine.stateDir },
    );
    for (const { record, wait } of waiting) {
      if (this.#closed) break;
      const usage = usages.get(wait.place.path);
      if (usage?.verdict === 'idle') this.#start(record, wait);
      else if (await this.#see(record, usage?.holders ?? [])) isNews = true;
    }
    return isNews;
  }

  async #overdue(record: Record): Promise<void> {
    const error = { step: 'wait', errno: null, path: pathOf(record), ...overdue(record) };
    await endWait(this.#engine, record.id, 'refused', [error], this.#self);
    await this.#ended(record.id);
  }

  async #ended(id: string): Promise<Record> {
    this.#mine.delete(id);
    const record = await readBack(this.#engine, id);
    this.#engine.changed(viewOf(record));
    return record;
  }

  async #see(record: Record, holders: readonly Holder[]): Promise<boolean> {
    if (pidsOf(holders) === pidsOf(record.holders)) return false;
    await this.#engine.store.saw(record.id, 'waiting', { holders }, this.#self);
    this.#engine.changed(viewOf(await readBack(this.#engine, record.id)));
    return true;
  }

  /** Each on its own: one that has to wait for a lock does not hold up the others. */
  #start(record: Record, wait: Wait): void {
    wait.trying = true;
    const attempt = this.#try(record)
      .catch((thrown: unknown) => this.#parts.failed(thrown))
      .finally(() => {
        wait.trying = false;
        this.#trying.delete(attempt);
      });
    this.#trying.add(attempt);
  }

  /** It looks idle: what stands there now is looked at in full, as for any clear, and set aside. */
  async #try(record: Record): Promise<void> {
    const { id } = record;
    const end = async (to: 'refused' | 'nothing-to-do', errors: readonly StepError[]): Promise<void> => {
      await endWait(this.#engine, id, to, errors, this.#self);
      await this.#ended(id);
    };
    let part: Part | null;
    try {
      // It would take the whole unit: a clear in parts never waits.
      if (record.parts !== null) throw new Error('a clear in parts was written down as waiting');
      part = await this.#parts.draw(record);
      if (part === null && look(joinRaw(record.parent, record.name)) !== null) throw unknown(record);
    } catch (thrown) {
      if (thrown instanceof CodedError && thrown.code === 'store-unavailable') throw thrown;
      return end('refused', [stepError('preflight', thrown, pathOf(record))]);
    }
    if (this.#closed) return;
    const { refusals, assignment, usage } = part ?? { refusals: [], assignment: null, usage: null };
    if (refusals.some(({ code }) => !waitable(code))) return end('refused', refusalErrors(refusals));
    if (refusals.length > 0) return void (await this.#see(record, usage?.holders ?? []));
    if (assignment === null) return end('nothing-to-do', []);
    const undoWindowMs = record.undoWindowMs ?? 0;
    const job = { ...assignment, plan: record.plan, undoWindowMs, waited: id, waitUntil: record.waitUntil ?? 0 };
    const result = await setAside(this.#engine, job);
    if (result.phase === 'waiting') return;
    const ended = await this.#ended(id);
    if (result.phase === 'set-aside') this.#parts.goOn(ended);
  }
}
