import { cargo } from './cargo.ts';
import { gradle } from './gradle.ts';
import { huggingface } from './huggingface.ts';
import { npm } from './npm.ts';
import { pip } from './pip.ts';
import { pipTools } from './pip-tools.ts';
import { pnpm, pnpmMetadata } from './pnpm.ts';
import { preCommit } from './pre-commit.ts';
import type { Tool } from './tool.ts';
import { uv } from './uv.ts';
import { yarn } from './yarn.ts';

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
