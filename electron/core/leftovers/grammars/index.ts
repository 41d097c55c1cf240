import { chromiumOld, codeDeleted, codeUnpacking, firefoxTrash } from './apps.ts';
import { bazelTmp, bazelTrash } from './bazel.ts';
import { cacheKill, mangoDisk, rimrafMoved } from './cleaners.ts';
import { ccacheFolder, ccacheTmp, gitTmp, rustcWorking, rustupTmp, sccacheTmp } from './compilers.ts';
import { electronDownload, playwrightDownload } from './downloads.ts';
import { goBuild, goPartial, goTmp } from './go.ts';
import { hubIncomplete, hubProbe, hubRef } from './huggingface.ts';
import { gradlePart, mavenPart, mavenTmp } from './jvm.ts';
import { cacacheTmp, npmDelete, npmRetired, npmStaging } from './npm.ts';
import { brewIncomplete, condaFolder, condaTrash, dockerRemoving, webpackPack } from './packages.ts';
import { pipHttp, pipTemporary, pipTilde } from './pip.ts';
import { pnpmIgnored, pnpmStage, pnpmTmp, pnpmTry } from './pnpm.ts';
import type { ToolGrammar } from './tool-grammar.ts';
import { uvTmp } from './uv.ts';

/** Every kind of leftover that tools are known to leave, but for ours and those of pip-tools. One more is one line. */
export const toolGrammars: readonly ToolGrammar[] = [
  npmRetired,
  npmDelete,
  npmStaging,
  cacacheTmp,
  uvTmp,
  pipTilde,
  pipHttp,
  pipTemporary,
  pnpmTmp,
  pnpmStage,
  pnpmTry,
  pnpmIgnored,
  hubIncomplete,
  hubRef,
  hubProbe,
  condaTrash,
  condaFolder,
  ccacheTmp,
  ccacheFolder,
  sccacheTmp,
  goTmp,
  goPartial,
  goBuild,
  bazelTmp,
  bazelTrash,
  mavenTmp,
  mavenPart,
  gradlePart,
  brewIncomplete,
  dockerRemoving,
  mangoDisk,
  rimrafMoved,
  cacheKill,
  webpackPack,
  codeDeleted,
  codeUnpacking,
  chromiumOld,
  firefoxTrash,
  playwrightDownload,
  electronDownload,
  gitTmp,
  rustcWorking,
  rustupTmp,
];
