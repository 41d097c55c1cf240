import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** What these tests run of the package managers that npm delivers: one version each, so that they test the same everywhere. */
const versions = {
  pnpm: '12.21.0',
  'pnpm-10': '10.34.9',
  'pnpm-9': '9.15.9',
  yarn: '1.22.22',
  'yarn-4': '4.18.1',
  bun: '1.4.5',
  deno: '2.9.6',
} as const;
export type NpmTool = keyof typeof versions;

/** Where the package has another name than its command. */
const packages: Partial<Record<NpmTool, string>> = { 'yarn-4': '@yarnpkg/cli-dist' };

const kept = fileURLToPath(new URL('../../node_modules/.cache/test-tools', import.meta.url));

const commandIn = (folder: string, name: string): string => join(folder, 'node_modules', '.bin', name);

const answers = async (command: string): Promise<boolean> => (await run(command, ['--version'])).code === 0;

/**
 * The command of a package manager, installed from the registry that this machine's npm is set up with, once for all
 * tests. Null when it cannot be had: there is no network, for instance. Two that install at once do not disturb each other.
 */
export const npmTool = async (tool: NpmTool): Promise<string | null> => {
  const name = tool.replace(/-\d+$/, '');
  const folder = join(kept, `${name}-${versions[tool]}`);
  const command = commandIn(folder, name);
  if (await answers(command)) return command;
  const own = `${folder}-${process.pid}-${Date.now()}`;
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), '{}');
  const wanted = `${packages[tool] ?? name}@${versions[tool]}`;
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefer-offline', wanted], { cwd: own });
  try {
    if (await answers(commandIn(own, name))) renameSync(own, folder);
  } catch {
    // Another was first.
  }
  rmSync(own, { recursive: true, force: true });
  return (await answers(command)) ? command : null;
};
