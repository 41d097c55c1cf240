import { npm } from './npm.ts';
import { pip } from './pip.ts';
import { pipTools } from './pip-tools.ts';
import type { Tool } from './tool.ts';

export { folder } from './folder.ts';

/** Every tool whose cache is known, in the order in which they are shown. A folder is recognised by the first that does. */
export const tools: readonly Tool[] = [pipTools, pip, npm];
