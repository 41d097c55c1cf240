import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInspector } from '../../../../electron/core/inspector.ts';
import type { Result } from '../../../../shared/errors.ts';
import { HelperPool } from './helper-pool.ts';
import { identityOf, report, told } from './world.ts';

// One of the crowd that clears: a door of its own, which plans and clears whenever something stands at the unit's place.

export interface ClearerReport {
  /** Each clear that took a tree away: the operation, and the identity that its plan showed. */
  readonly taken: readonly { readonly operation: string; readonly identity: string }[];
  /** How many operations ended in each state: `done`, `refused changed`. */
  readonly ends: Readonly<Record<string, number>>;
}

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
};

const { world, order } = told();
const pool = new HelperPool();
const inspector = await openInspector({ door: 'crowd', ...(order.reuseHelpers && { fork: pool.fork }) });
const { targets } = value(await inspector.call('resolve', { text: 'pip-tools/pkgs' }));
const taken: { operation: string; identity: string }[] = [];
const ends: Record<string, number> = {};

world.sayReady();
while (!world.isOver()) {
  if (fs.lstatSync(world.unit, { throwIfNoEntry: false }) === undefined) {
    await sleep(2);
    continue;
  }
  const plan = value(await inspector.call('plan', { targets: [...targets], measure: false }));
  const wanted = { plan: plan.id, undoWindowMs: 0, evenIfInUse: order.evenIfInUse };
  const { operations } = value(await inspector.call('clear', wanted));
  for (const { id, state, errors, asidePath } of operations) {
    const end = [state, ...new Set(errors.map(({ code }) => code))].join(' ');
    ends[end] = (ends[end] ?? 0) + 1;
    const [step] = plan.steps;
    if (state === 'done' && step !== undefined)
      taken.push({ operation: id, identity: `${step.identity.dev}:${step.identity.ino}` });
    // Kept for somebody who has it open; or it was not what the plan meant, and could not be put back.
    else if (state === 'set-aside' && asidePath !== null)
      taken.push({ operation: id, identity: identityOf(fs.lstatSync(asidePath, { bigint: true })) ?? '' });
  }
  if (operations.some(({ state }) => state === 'refused')) await sleep(5);
}
await inspector.close();
pool.close();
report({ taken, ends } satisfies ClearerReport);
