import { type ApiError, CodedError } from '../../shared/errors.ts';
import { holdersText } from './clear/end-wait.ts';
import type { Part } from './clear/plan.ts';
import type { SwapOrder } from './clear/undo-swap.ts';
import { placeOf } from './clear/undo-words.ts';
import type { Parts } from './parts.ts';
import type { Record } from './store/schema.ts';
import { drawWaited } from './waited.ts';

/** Nobody overrules a holder here: there is another way to have the old one back. */
const refusal = ({ usage }: Part, { code, message, path = '' }: ApiError): ApiError => {
  if (usage === null || (code !== 'in-use' && code !== 'cannot-tell')) return { code, message, path };
  const why =
    code === 'in-use'
      ? `${path} is in use by ${holdersText(usage.holders)}`
      : `Nothing here can tell whether somebody uses ${path} (${usage.evidence.join('; ')})`;
  return { code, path, message: `${why}, so it is not moved away. Try again later, or put the old one beside it.` };
};

/**
 * Looks at what stands where an operation's thing belongs, in full, as for a clear of it: it would be renamed under
 * whoever uses it. Reads only.
 * @throws CodedError the first thing that speaks against it; `unknown-cache` when no tool has it as its cache any more,
 * `changed` when nothing stands there any more.
 */
export const swapOrder = async (parts: Parts, record: Record): Promise<SwapOrder> => {
  const path = placeOf(record);
  const part = await drawWaited(parts, record);
  if (part === null) {
    const message = `${path} is no known cache any more, so nothing there is moved away. Put the old one beside it.`;
    throw new CodedError({ code: 'unknown-cache', path, message });
  }
  const [first] = part.refusals;
  if (first !== undefined) throw new CodedError(refusal(part, first));
  if (part.assignment !== null) return { ...part.assignment, plan: null };
  throw new CodedError({ code: 'changed', path, message: `Nothing stands at ${path} any more. Undo it once more.` });
};
