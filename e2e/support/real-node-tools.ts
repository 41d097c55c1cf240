import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NpmPackage } from './npm-packages.ts';
import { environmentWithout, type Ran, run } from './run.ts';

/** None of this machine's settings of npm, pnpm and Yarn, and a home of its own, with the registry in it. */
export const nodeToolEnv = (home: string, registry: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(npm_|pnpm_|yarn_|XDG_|NODE_ENV$|NODE_OPTIONS$|PREFIX$|INIT_CWD$)/i, {
    HOME: home,
    USERPROFILE: home,
    npm_config_registry: registry,
    PNPM_CONFIG_REGISTRY: registry,
    YARN_REGISTRY: registry,
    // Else Yarn, started by root, has its cache outside of every home.
    FAKEROOTKEY: 'sandbox',
    CI: 'true',
  });

/** A new project below `home` that wants these packages. */
export const newProject = (home: string, packages: readonly NpmPackage[], name = 'project'): string => {
  const project = join(home, name);
  mkdirSync(project, { recursive: true });
  const dependencies = Object.fromEntries(packages.map(({ name: wanted, version }) => [wanted, version]));
  const manifest = { name, version: '1.0.0', license: 'MIT', private: true, dependencies };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  return project;
};

/** Runs a package manager in a project, with whatever cache it has below `home`. */
export const runNodeTool = (
  command: string,
  args: readonly string[],
  { home, project, registry }: { readonly home: string; readonly project: string; readonly registry: string },
): Promise<Ran> => run(command, args, { cwd: project, env: nodeToolEnv(home, registry) });

/** Installs a new project's packages. Throws with the tool's words when it fails. */
export const installed = async (
  command: string,
  home: string,
  registry: string,
  packages: readonly NpmPackage[],
  args: readonly string[] = ['install'],
): Promise<string> => {
  const project = newProject(home, packages);
  const ran = await runNodeTool(command, args, { home, project, registry });
  if (ran.code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${ran.stdout}${ran.stderr}`);
  return project;
};
