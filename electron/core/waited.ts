import { CodedError } from '../../shared/errors.ts';
import { drawPlan, type Part } from './clear/plan.ts';
import { planContext } from './draw.ts';
import { locate } from './fs/place.ts';
import { joinRaw, showRaw } from './fs/raw.ts';
import { cachesNow, type Parts } from './parts.ts';
import { unitView } from './sizes.ts';
import type { Record } from './store/schema.ts';

/** Units stand at paths as settings name them; operations remember where those lead. */
const leadsTo = (path: string, to: string): boolean => {
  try {
    return locate(path).path === to;
  } catch {
    return false;
  }
};

/**
 * Looks again, in full, at the unit that an operation waits for: what stands there now is what would be cleared. Null
 * when no tool and no added folder has that unit at that place any more. Reads only.
 * @throws CodedError what is wrong with its cache as a whole: the person protected it meanwhile, for instance.
 */
export const drawWaited = async (parts: Parts, record: Record): Promise<Part | null> => {
  // What single entries come to is another thing by the time that it is idle: a unit is never cleared instead of them.
  if (record.parts !== null) return null;
  const path = showRaw(joinRaw(record.parent, record.name));
  for (const cache of await cachesNow(parts)) {
    if (cache.tool.id !== record.tool) continue;
    const unit = cache.units.find(({ definition, path: at }) => definition.name === record.unit && leadsTo(at, path));
    if (unit === undefined) continue;
    if (cache.problem !== null) throw new CodedError(cache.problem);
    const { bytes } = unitView(unit, await parts.sizes.last(unit));
    const drawn = await drawPlan([{ cache, unit, saw: undefined, sizes: bytes }], [], await planContext(parts));
    return drawn.parts[0] ?? null;
  }
  return null;
};
