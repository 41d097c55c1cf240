import type { Tool } from './tool.ts';
import { cargo } from './tools/cargo.ts';
import { gradle } from './tools/gradle.ts';
import { huggingface } from './tools/huggingface.ts';
import { npm } from './tools/npm.ts';
import { pip } from './tools/pip.ts';
import { pipTools } from './tools/pip-tools.ts';
import { pnpm, pnpmMetadata } from './tools/pnpm.ts';
import { preCommit } from './tools/pre-commit.ts';
import { uv } from './tools/uv.ts';
import { yarn } from './tools/yarn.ts';

export { folder } from './folder.ts';

/** Every tool whose cache is known, in the order in which they are shown. A folder is recognised by the first that does. */
export const tools: readonly Tool[] = [
  pipTools,
  pip,
  uv,
  npm,
  pnpm,
  pnpmMetadata,
  yarn,
  cargo,
  gradle,
  huggingface,
  preCommit,
];
