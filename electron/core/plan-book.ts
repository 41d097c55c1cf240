import { CodedError } from '../../shared/errors.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { DrawnPlan } from './clear/plan.ts';

/** A plan is a promise about what stands there now; after this long it has to be looked at again. */
const keptMs = 15 * 60_000;
const mostKept = 200;

/** The plans that were shown: what is carried out is the very object that a person saw, once. */
export class PlanBook {
  readonly #plans = new Map<PlanId, { readonly drawn: DrawnPlan; readonly at: number }>();

  add(drawn: DrawnPlan): void {
    this.#plans.set(drawn.plan.id, { drawn, at: Date.now() });
    for (const id of this.#plans.keys()) {
      if (this.#plans.size <= mostKept) break;
      this.#plans.delete(id);
    }
  }

  /**
   * Takes a plan out; `giveBack` is for one that was not carried out after all.
   * @throws CodedError `plan-expired` when it is too old, carried out already, or not of this process.
   */
  take(id: PlanId): { readonly drawn: DrawnPlan; readonly ageMs: number; readonly giveBack: () => void } {
    const kept = this.#plans.get(id);
    this.#plans.delete(id);
    const ageMs = kept ? Date.now() - kept.at : 0;
    if (kept && ageMs <= keptMs) return { drawn: kept.drawn, ageMs, giveBack: () => this.#plans.set(id, kept) };
    throw new CodedError({
      code: 'plan-expired',
      message: 'This plan is no longer valid. Make a new one and look at it.',
    });
  }
}
