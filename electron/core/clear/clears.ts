import { CodedError } from '../../../shared/errors.ts';
import type { OperationId } from '../../../shared/ids.ts';
import type { StepError } from '../../../shared/model.ts';
import type { Record } from '../store/schema.ts';
import type { Engine } from './engine.ts';
import { doorCloses, finish } from './finish.ts';
import { type DrawnPlan, overridable, type Part } from './plan.ts';
import { assignmentNames, recordEnd, setAside } from './set-aside.ts';
import { viewOf } from './view.ts';

/** setTimeout(2^31 ms) fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The parts of a plan that must not be carried out, whatever the person says about users of the cache. */
const refused = ({ refusals }: Part, evenIfInUse: boolean): readonly StepError[] =>
  refusals
    .filter(({ code }) => !(evenIfInUse && overridable(code)))
    .map(({ code, message, path }) => ({ step: 'preflight', errno: null, code, path: path ?? null, message }));

/**
 * The clears that this process carries out: their undo windows, and the deletes that run. Deletes run one after
 * another, so that several do not fight for one disk.
 */
export class Clears {
  readonly #engine: Engine;
  /** Copies that wait for the end of their window; null: it is too far off for a timer, and a recovery ends it. */
  readonly #windows = new Map<string, NodeJS.Timeout | null>();
  readonly #deletes = new Map<string, AbortController>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Carries out a plan: all of it, or, when a part of it is refused, nothing. With no undo window it resolves when
   * everything is deleted, else as soon as everything is set aside.
   * @throws CodedError `store-unavailable` before anything is touched.
   */
  async execute(drawn: DrawnPlan, undoWindowMs: number, evenIfInUse: boolean): Promise<readonly Record[]> {
    const refusedParts = drawn.parts.map((part) => ({ part, errors: refused(part, evenIfInUse) }));
    if (refusedParts.some(({ errors }) => errors.length > 0)) {
      const records: Record[] = [];
      for (const { part, errors } of refusedParts) {
        if (errors.length > 0) records.push(this.#told(await this.#recordEnd(drawn, part, 'refused', errors)));
      }
      return records;
    }
    const aside: Record[] = [];
    try {
      for (const part of drawn.parts) {
        const record =
          part.assignment === null
            ? await this.#recordEnd(drawn, part, 'nothing-to-do', [])
            : await setAside(this.#engine, { ...part.assignment, undoWindowMs });
        aside.push(this.#told(record));
      }
    } catch (thrown) {
      // What is set aside already must not be forgotten because of what came after it.
      for (const record of aside) if (record.phase === 'set-aside') this.#wait(record.id, undoWindowMs);
      throw thrown;
    }
    if (undoWindowMs > 0) {
      for (const record of aside) if (record.phase === 'set-aside') this.#wait(record.id, undoWindowMs);
      return aside;
    }
    return Promise.all(
      aside.map(async (record) =>
        record.phase === 'set-aside' ? ((await this.#finish(record.id)) ?? record) : record,
      ),
    );
  }

  /** Runs a delete of an operation that is taken from `from`, after those that run already. */
  enqueue<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
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

  /** The window of an operation has been ended by an undo. */
  forget(id: string): void {
    clearTimeout(this.#windows.get(id) ?? undefined);
    this.#windows.delete(id);
  }

  /** Hands set-aside copies over to whichever door comes next, and stops deletes that run. */
  async close(): Promise<void> {
    for (const [id, timer] of this.#windows) {
      clearTimeout(timer ?? undefined);
      await this.#engine.store.advance(id, ['set-aside'], 'set-aside', this.#engine.now(), {
        owner: null,
        note: 'left to the next door',
      });
    }
    this.#windows.clear();
    for (const abort of this.#deletes.values()) abort.abort(doorCloses);
    await this.#queue;
  }

  #told(record: Record): Record {
    this.#engine.changed(viewOf(record));
    return record;
  }

  #wait(id: string, ms: number): void {
    if (ms > longestTimerMs) {
      this.#windows.set(id, null);
      return;
    }
    const timer = setTimeout(() => {
      this.#windows.delete(id);
      this.#finish(id).catch((thrown: unknown) => {
        // The journal could not be written: the copy stays whole, and the next recovery finds it.
        if (!(thrown instanceof CodedError)) throw thrown;
      });
    }, ms);
    timer.unref();
    this.#windows.set(id, timer);
  }

  #finish(id: string): Promise<Record | null> {
    return this.enqueue(id, (signal) => finish(this.#engine, id, ['set-aside'], { signal }));
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
