import { CodedError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/identity.ts';
import { type Facts, isSameThing } from '../fs/identity.ts';
import { joinRaw, showRaw } from '../fs/raw.ts';
import type { Record } from '../store/schema.ts';

export { anotherBirth } from '../fs/identity.ts';

/** The identity that the thing of an operation has now, or null when `facts` are not its: see {@link isSameThing}. */
export const stillIs = (record: Record, facts: Facts | null, bootId: string | null): Identity | null => {
  if (facts === null) return null;
  const sameBoot = record.boot !== null && record.boot === bootId;
  return isSameThing(record, facts, sameBoot) ? facts.identity : null;
};

/**
 * Nothing is called gone while another disk stands where its folder was: its own may come back, with the copy on it.
 * @throws CodedError `changed` when the folder that holds its names is on another device than it was.
 */
export const mustBeItsDisk = (record: Record, parent: Facts): void => {
  if (String(parent.identity.dev) === String(record.identity.dev)) return;
  const path = showRaw(joinRaw(record.parent, record.stale));
  const message = `Another disk stands at ${showRaw(record.parent)} than the one that held ${path}, so nobody can tell what became of it. Mount that one, then recover again.`;
  throw new CodedError({ code: 'changed', path, message });
};
