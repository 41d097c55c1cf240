import type { OperationId } from '../../../shared/ids.ts';
import type { StepError } from '../../../shared/model.ts';
import type { Record } from '../store/schema.ts';
import { type Assignment, assignmentNames, readBack, recordEnd } from './assignment.ts';
import { ownerText, waitable } from './end-wait.ts';
import type { Engine } from './engine.ts';
import { doorCloses } from './finish.ts';
import { type DrawnPlan, overridable, type Part, refusalErrors } from './plan.ts';
import { finishUnlessHeld, Looks } from './second-look.ts';
import { setAside } from './set-aside.ts';
import { viewOf } from './view.ts';
import { Waits, type WaitsParts } from './waiting.ts';

/** When it is tried again (ms) to end a window that could not be ended: an undo is under way, or the journal failed. */
const againMs = 5000;

/** setTimeout(2^31 ms) fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What a person said about this clear. */
export interface Wanted {
  readonly undoWindowMs: number;
  readonly evenIfInUse: boolean;
  /** How long to wait (ms) for what is in use; null: not at all. */
  readonly waitMs: number | null;
}

/** What stands against a part of a plan in spite of what the person said about users of the cache. */
const against = ({ refusals }: Part, { evenIfInUse }: Wanted) =>
  refusals.filter(({ code }) => !(evenIfInUse && overridable(code)));

/** What stands there when a wait is over is planned anew, and which single things were meant then nobody can say. */
const noWaiting = ({ outcome: { path } }: Part): StepError => ({
  step: 'wait',
  errno: null,
  code: 'in-use',
  path,
  message: `${path} is in use, and only whole caches can wait for the end of that. Nothing was touched. Clear these things when it has ended, or say that they are to be cleared even so.`,
});

/** Something is aside that was not meant and cannot go back: nobody agreed to its end, so it has its own window. */
const isMistake = ({ phase, errors }: Record): boolean => phase === 'set-aside' && errors.length > 0;

/**
 * The clears that this process carries out: those that wait, their undo windows, and the deletes that run. Deletes run
 * one after another, so that several do not fight for one disk.
 */
export class Clears {
  readonly #engine: Engine;
  /** Copies that wait for the end of their window; null: it is too far off for a timer, and a recovery ends it. */
  readonly #windows = new Map<string, NodeJS.Timeout | null>();
  readonly #deletes = new Map<string, AbortController>();
  readonly #looks = new Looks();
  readonly #failed: WaitsParts['failed'];
  readonly waits: Waits;
  #queue: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(engine: Engine, parts: Omit<WaitsParts, 'goOn'>) {
    this.#engine = engine;
    this.#failed = parts.failed;
    this.waits = new Waits(engine, { ...parts, goOn: (record) => this.#goOn(record, record.undoWindowMs ?? 0) });
  }

  /**
   * Carries out a plan: all of it, or, when a part of it is refused, nothing. With no undo window it resolves when
   * everything is deleted that nobody holds open, else as soon as everything is set aside. What is in use and is to be
   * waited for comes back as `waiting`.
   * @throws CodedError `store-unavailable` before anything is touched.
   */
  async execute(drawn: DrawnPlan, wanted: Wanted): Promise<readonly Record[]> {
    const { undoWindowMs, waitMs } = wanted;
    const refused = drawn.parts.map((part) => ({ part, refusals: against(part, wanted) }));
    const passes = (code: string): boolean => waitMs !== null && waitable(code);
    if (refused.some(({ refusals }) => refusals.some(({ code }) => !passes(code)))) {
      const records: Record[] = [];
      for (const { part, refusals } of refused) {
        if (refusals.length === 0) continue;
        records.push(this.#told(await this.#recordEnd(drawn, part, 'refused', refusalErrors(refusals))));
      }
      return records;
    }
    const aside: Record[] = [];
    try {
      for (const { part, refusals } of refused) {
        aside.push(this.#told(await this.#begin(drawn, part, wanted, refusals.length > 0)));
      }
    } catch (thrown) {
      // What is set aside already must not be forgotten because of what came after it.
      for (const record of aside) this.keep(record);
      throw thrown;
    }
    if (undoWindowMs > 0) {
      for (const record of aside) this.keep(record);
      return aside;
    }
    const isToGo = (record: Record): boolean => record.phase === 'set-aside' && !isMistake(record);
    for (const record of aside) {
      if (isToGo(record)) this.#looks.expect(record);
      else this.keep(record);
    }
    return Promise.all(
      aside.map(async (record) => (isToGo(record) ? ((await this.#finish(record.id)) ?? record) : record)),
    );
  }

  async #begin(drawn: DrawnPlan, part: Part, wanted: Wanted, isInUse: boolean): Promise<Record> {
    if (part.assignment === null) return this.#recordEnd(drawn, part, 'nothing-to-do', []);
    const { undoWindowMs, evenIfInUse, waitMs } = wanted;
    const job: Assignment = { ...part.assignment, undoWindowMs, evenIfInUse };
    if (waitMs === null) return setAside(this.#engine, job);
    if (isInUse && job.pieces !== undefined) return recordEnd(this.#engine, job, 'refused', [noWaiting(part)]);
    if (isInUse) return this.waits.begin(job, part, waitMs);
    const record = await setAside(this.#engine, job);
    if (job.pieces !== undefined) return record;
    const isLocked = record.phase === 'refused' && record.errors.every(({ code }) => waitable(code));
    if (!isLocked) return record;
    const { store, self, now } = this.#engine;
    const waitUntil = now() + waitMs;
    const patch = { owner: self, endedAt: null, errors: [], undoWindowMs, waitUntil };
    if (!(await store.advance(record.id, ['refused'], 'waiting', now(), patch))) return record;
    const waiting = await readBack(this.#engine, record.id);
    this.waits.join(waiting, part);
    return waiting;
  }

  /** What came of a wait, in a process that has long answered. */
  #goOn(record: Record, undoWindowMs: number): void {
    if (isMistake(record)) this.keep(record);
    else if (undoWindowMs > 0) this.#wait(record.id, undoWindowMs);
    else this.#finishLater(record.id);
  }

  /** Runs a delete of an operation that is taken from `from`, after those that run already. */
  enqueue<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    if (this.#closing) abort.abort(doorCloses);
    this.#deletes.set(id, abort);
    const result = this.#queue
      .then(() => work(abort.signal))
      .finally(() => {
        if (this.#deletes.get(id) === abort) this.#deletes.delete(id);
      });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** True while a delete of this process runs or waits. */
  get busy(): boolean {
    return this.#deletes.size > 0;
  }

  /** True while a delete of that operation runs or waits in this process. */
  runs(id: string): boolean {
    return this.#deletes.has(id);
  }

  /** Stops a delete of this process, running or waiting. False when it runs none of that id. */
  cancel(id: OperationId): boolean {
    const abort = this.#deletes.get(id);
    abort?.abort();
    return abort !== undefined;
  }

  /** Waits for the end of the window of a copy, as the history has it. */
  keep({ id, phase, undoUntil }: Record): void {
    if (phase === 'set-aside') this.#wait(id, Math.max(0, (undoUntil ?? 0) - this.#engine.now()));
  }

  /** The window of an operation has been ended by an undo. */
  forget(id: string): void {
    clearTimeout(this.#windows.get(id) ?? undefined);
    this.#windows.delete(id);
  }

  /** Hands set-aside copies over to whichever door comes next, and stops deletes that run. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#windows.values()) clearTimeout(timer ?? undefined);
    await this.waits.close();
    for (const abort of this.#deletes.values()) abort.abort(doorCloses);
    await this.#queue;
    const { store, self, now } = this.#engine;
    const patch = { owner: null, note: 'left to the next door' };
    for (const id of this.#windows.keys()) {
      // Where that cannot be written down, this process is found to have ended.
      await store.advance(id, ['set-aside'], 'set-aside', now(), patch, ownerText(self)).catch(() => undefined);
    }
    this.#windows.clear();
  }

  #told(record: Record): Record {
    this.#engine.changed(viewOf(record));
    return record;
  }

  #wait(id: string, ms: number): void {
    if (ms > longestTimerMs || this.#closing) {
      this.#windows.set(id, null);
      return;
    }
    const timer = setTimeout(() => {
      this.#windows.delete(id);
      this.#finishLater(id);
    }, ms);
    timer.unref();
    this.#windows.set(id, timer);
  }

  #finishLater(id: string): void {
    this.#finish(id).catch((thrown: unknown) => {
      // The copy stays whole.
      this.#failed(thrown);
      this.#wait(id, againMs);
    });
  }

  #finish(id: string): Promise<Record | null> {
    return this.enqueue(id, async (signal) => {
      const options = { signal, looks: this.#looks, keptBy: this.#engine.self };
      const longer = await this.#leftOf(id);
      if (longer > 0) {
        this.#wait(id, longer);
        return null;
      }
      const record = await finishUnlessHeld(this.#engine, id, ['set-aside'], options);
      // Somebody has the copy open: it is looked at again.
      if (record?.phase === 'set-aside') this.#wait(id, (record.undoUntil ?? 0) - this.#engine.now());
      return record;
    });
  }

  /** How long (ms) a window lasts still, as the history has it: an undo that was refused, in any door, makes it longer. */
  async #leftOf(id: string): Promise<number> {
    const { store, now } = this.#engine;
    const record = await store.get(id);
    if (record?.phase === 'undoing') return againMs;
    return record?.phase === 'set-aside' ? (record.undoUntil ?? 0) - now() : 0;
  }

  #recordEnd(drawn: DrawnPlan, part: Part, phase: 'refused' | 'nothing-to-do', errors: readonly StepError[]) {
    const { cache, unit, sizes } = part.wish;
    return recordEnd(
      this.#engine,
      {
        ...assignmentNames(part.outcome.path),
        plan: drawn.plan.id,
        tool: cache.tool.id,
        unit: unit.definition.name,
        root: cache.root,
        planned: phase === 'refused' ? (sizes?.reclaimable ?? null) : 0,
      },
      phase,
      errors,
    );
  }
}
