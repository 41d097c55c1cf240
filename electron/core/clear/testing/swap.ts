import { look } from '../../fs/identity.ts';
import { joinRaw, showRaw } from '../../fs/raw.ts';
import type { Record } from '../../store/schema.ts';
import type { SwapOrder } from '../undo-swap.ts';

// For tests only.

/** What stands at an operation's place now, as the order to set it aside, with nothing asked of tools and users. */
export const orderFor = async (record: Record): Promise<SwapOrder> => {
  const facts = look(joinRaw(record.parent, record.name));
  if (facts === null) throw new Error(`nothing stands at ${showRaw(record.name)}`);
  const { parent, name, tool, unit } = record;
  const { identity, born } = facts;
  const root = showRaw(joinRaw(parent, name));
  return { plan: null, tool, unit, root, parent, name, identity, born, planned: null, occupied: null };
};
