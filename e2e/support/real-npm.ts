import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NpmPackage } from './npm-packages.ts';
import { environmentWithout, type Ran, run } from './run.ts';

/** Where one run of npm works. Nothing outside these folders is written. */
export interface NpmPlaces {
  readonly cwd: string;
  readonly home: string;
  /** Null: wherever npm puts it by itself, below `home`. */
  readonly cache: string | null;
  readonly registry: string;
}

/** Runs the npm on the PATH with none of this machine's npm settings. */
export const runNpm = (args: readonly string[], { cwd, home, cache, registry }: NpmPlaces): Promise<Ran> =>
  run('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd,
    env: environmentWithout(/^(npm_|XDG_|NODE_ENV$|PREFIX$)/i, {
      HOME: home,
      USERPROFILE: home,
      ...(cache !== null && { npm_config_cache: cache }),
      npm_config_registry: registry,
      npm_config_userconfig: join(home, '.npmrc'),
      npm_config_globalconfig: join(home, 'global-npmrc'),
    }),
  });

/** The version of npm on the PATH, or null when there is none. */
export const npmVersion = async (): Promise<string | null> => {
  const { code, stdout } = await run('npm', ['--version']);
  return code === 0 ? stdout.trim() : null;
};

/** Installs packages into a new project with the real npm and a given cache. Throws with npm's words when it fails. */
export const npmInstall = async (
  folder: string,
  cache: string | null,
  registry: string,
  packages: readonly NpmPackage[],
) => {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', dependencies }));
  const ran = await runNpm(['install'], { cwd: project, home: folder, cache, registry });
  if (ran.code !== 0) throw new Error(`npm install failed: ${ran.stderr}`);
  return project;
};
