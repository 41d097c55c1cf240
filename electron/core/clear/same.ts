import { type Identity, sameIdentity } from '../../../shared/ids.ts';
import type { Facts } from '../fs/identity.ts';
import type { Record } from '../store/schema.ts';

/** An inode number that was freed is given to the next that is made: the time of birth tells them apart. */
export const anotherBirth = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/**
 * The identity that the thing of an operation has now, or null when `facts` are not its. Across a reboot the device
 * may have another number (btrfs, device mapper): there the inode, under a name that only we know, has to do.
 */
export const stillIs = (record: Record, facts: Facts | null, bootId: string | null): Identity | null => {
  if (facts === null || anotherBirth(record.born, facts.born)) return null;
  if (sameIdentity(facts.identity, record.identity)) return facts.identity;
  const sameBoot = record.boot !== null && record.boot === bootId;
  return !sameBoot && String(facts.identity.ino) === String(record.identity.ino) ? facts.identity : null;
};
