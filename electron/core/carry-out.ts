import type { Args } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/model.ts';
import type { DrawnPlan } from './clear/plan.ts';
import type { Parts } from './parts.ts';
import type { Record } from './store/schema.ts';

/** A plan that was drawn this short a time ago (ms) need not be looked at again. */
const freshMs = 1000;

/** Nobody can take back what they had no time (ms) to see: a shorter window is asked about all the same. */
const timeToSeeMs = 5000;

/** What a person allowed once for all to be cleared without a question: idle, undoable, nothing against it. */
const needsNoQuestion = ({ plan }: DrawnPlan, { oneClick }: Settings, windowMs: number): boolean =>
  oneClick && plan.usage === 'idle' && plan.refusals.length === 0 && windowMs >= timeToSeeMs;

const declined = (): CodedError =>
  new CodedError({
    code: 'cancelled',
    message: 'You said no, so nothing was cleared and nothing was touched. The plan can still be carried out.',
  });

/**
 * Carries out a plan that was shown, looked at again by `redraw` when time has passed since, and, where the door asks
 * the person itself, only after they said yes.
 * @throws CodedError `plan-expired`; `cancelled` when they said no (the plan stays valid); `store-unavailable`.
 */
export const carryOut = async (
  parts: Parts,
  { plan, undoWindowMs, evenIfInUse, waitMs }: Args<'clear'>,
  redraw: (drawn: DrawnPlan) => Promise<DrawnPlan>,
): Promise<readonly Record[]> => {
  const { confirm } = parts.shell;
  // Taken before the question: of two that want to carry it out, one asks.
  const { drawn: shown, ageMs, giveBack } = parts.plans.take(plan);
  let drawn: DrawnPlan;
  let how: { readonly undoWindowMs: number; readonly evenIfInUse: boolean; readonly waitMs: number | null };
  try {
    const settings = await parts.store.settings();
    const windowMs = undoWindowMs ?? settings.undoWindowMs;
    how = { undoWindowMs: windowMs, evenIfInUse, waitMs: waitMs ?? null };
    // What another door protected a moment ago is not in a plan of the moment before.
    const isFresh = ageMs <= freshMs && settings.protectedFolders.length === 0;
    drawn = isFresh ? shown : await redraw(shown);
    if (confirm && !needsNoQuestion(drawn, settings, windowMs)) {
      if (!(await confirm(drawn.plan, how))) throw declined();
      // A person takes their time.
      drawn = await redraw(drawn);
    }
  } catch (thrown) {
    giveBack();
    throw thrown;
  }
  return parts.clears.execute(drawn, how);
};
