import type { Identity } from '../../../shared/ids.ts';
import { type Facts, isSameThing } from '../fs/identity.ts';
import type { Record } from '../store/schema.ts';

export { anotherBirth } from '../fs/identity.ts';

/** The identity that the thing of an operation has now, or null when `facts` are not its: see {@link isSameThing}. */
export const stillIs = (record: Record, facts: Facts | null, bootId: string | null): Identity | null => {
  if (facts === null) return null;
  const sameBoot = record.boot !== null && record.boot === bootId;
  return isSameThing(record, facts, sameBoot) ? facts.identity : null;
};
