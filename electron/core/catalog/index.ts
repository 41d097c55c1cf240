import type { Tool } from './tool.ts';
import { bazel } from './tools/bazel.ts';
import { bun } from './tools/bun.ts';
import { cargo } from './tools/cargo.ts';
import { ccache } from './tools/ccache.ts';
import { composer } from './tools/composer.ts';
import { conda } from './tools/conda.ts';
import { corepack } from './tools/corepack.ts';
import { cypress } from './tools/cypress.ts';
import { deno } from './tools/deno.ts';
import { electron } from './tools/electron.ts';
import { electronBuilder } from './tools/electron-builder.ts';
import { goBuild } from './tools/go-build.ts';
import { goMod } from './tools/go-mod.ts';
import { gradle } from './tools/gradle.ts';
import { homebrew } from './tools/homebrew.ts';
import { huggingface } from './tools/huggingface.ts';
import { jetbrains } from './tools/jetbrains.ts';
import { maven } from './tools/maven.ts';
import { nodeGyp } from './tools/node-gyp.ts';
import { npm } from './tools/npm.ts';
import { nuget, nugetHttp } from './tools/nuget.ts';
import { nx } from './tools/nx.ts';
import { pip } from './tools/pip.ts';
import { pipTools } from './tools/pip-tools.ts';
import { pipenv } from './tools/pipenv.ts';
import { playwright } from './tools/playwright.ts';
import { pnpm, pnpmMetadata } from './tools/pnpm.ts';
import { poetry } from './tools/poetry.ts';
import { preCommit } from './tools/pre-commit.ts';
import { puppeteer } from './tools/puppeteer.ts';
import { bundler, rubygems } from './tools/ruby.ts';
import { sccache } from './tools/sccache.ts';
import { turbo } from './tools/turbo.ts';
import { uv } from './tools/uv.ts';
import { vscodeKin } from './tools/vscode.ts';
import { yarn } from './tools/yarn.ts';
import { yarnBerry } from './tools/yarn-berry.ts';

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
  yarnBerry,
  bun,
  deno,
  corepack,
  cargo,
  gradle,
  huggingface,
  preCommit,
  playwright,
  cypress,
  puppeteer,
  electron,
  electronBuilder,
  nodeGyp,
  turbo,
  nx,
  goMod,
  goBuild,
  ccache,
  sccache,
  poetry,
  pipenv,
  conda,
  maven,
  composer,
  nuget,
  nugetHttp,
  bundler,
  rubygems,
  bazel,
  homebrew,
  jetbrains,
  ...vscodeKin,
];
