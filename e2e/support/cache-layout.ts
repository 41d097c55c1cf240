/** What tests say of a layout where each unit's contradiction counts, null or not; the rest is made-cache's. */
export {
  below,
  contradictionOfEach as contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  toldIn,
  unitNames,
} from './made-cache.ts';
