import type { Kept } from '../../../shared/model.ts';
import type { Reader } from '../fs/reader.ts';
import type { Tool, UnitDefinition } from './tool.ts';

/** What stands in a cache: its units, and what is no part of it. */
export interface Surveyed {
  readonly units: readonly UnitDefinition[];
  readonly keeps: readonly Kept[];
}

export const survey = (tool: Tool, root: string, read: Reader): Surveyed => ({
  units: tool.units(root, read),
  keeps: tool.keeps(root, read),
});
