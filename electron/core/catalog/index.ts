import * as all from './all.ts';
import type { Tool } from './tool.ts';
import { otherCaches } from './tools/other.ts';

export { folder } from './folder.ts';

const known: readonly Tool[] = Object.values<Tool | readonly Tool[]>(all)
  .flat()
  .sort((a, b) => Number(b.isAskedFirst ?? false) - Number(a.isAskedFirst ?? false) || (a.id < b.id ? -1 : 1));

/** Every tool whose cache is known, by its id, and last what else is there. A folder is recognised by the first that does. */
export const tools: readonly Tool[] = [...known, otherCaches(known)];
