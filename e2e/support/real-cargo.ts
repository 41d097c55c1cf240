import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type LocalServer, startServer } from './http-server.ts';
import { environmentWithout, type Ran, run } from './run.ts';

/** None of this machine's settings of cargo; a toolchain that rustup installed is still found. */
export const cargoEnv = (home: string): Readonly<Record<string, string>> =>
  environmentWithout(/^(CARGO_|RUSTFLAGS|GIT_)/, {
    RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'),
    HOME: home,
    CARGO_HOME: join(home, '.cargo'),
    CARGO_NET_GIT_FETCH_WITH_CLI: 'false',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  });

/** The version of cargo that can be run here, as numbers; null when there is none. */
export const cargoVersion = async (): Promise<readonly [major: number, minor: number] | null> => {
  const { code, stdout } = await run('cargo', ['--version']);
  const found = /^cargo (\d+)\.(\d+)/.exec(stdout);
  return code === 0 && found !== null ? [Number(found[1]), Number(found[2])] : null;
};

export const cargo = (home: string, cwd: string, ...args: readonly string[]): Promise<Ran> =>
  run('cargo', args, { cwd, env: cargoEnv(home) });

const crate = (name: string): string => `[package]\nname = "${name}"\nversion = "1.2.3"\nedition = "2018"\n`;

const source = (dir: string, manifest: string): void => {
  mkdirSync(join(dir, 'src'), { recursive: true });
  writeFileSync(join(dir, 'Cargo.toml'), manifest);
  writeFileSync(join(dir, 'src', 'lib.rs'), 'pub fn one() -> u32 { 1 }\n');
};

/** A project whose one dependency is a git repository beside it. */
export const gitProject = (home: string): string => {
  const repository = join(home, 'from-git');
  source(repository, crate('from-git'));
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'one'],
  ])
    execFileSync('git', args, { cwd: repository, env: cargoEnv(home) });
  const project = join(home, 'project');
  source(project, `${crate('project')}[dependencies]\nfrom-git = { git = "file://${repository}" }\n`);
  return project;
};

/** A registry with one crate, by the sparse protocol (cargo 1.68), and a project that wants it. */
export const registryProject = async (
  home: string,
): Promise<{ readonly project: string; readonly server: LocalServer }> => {
  const packed = join(home, 'small-crate');
  source(packed, crate('small-crate'));
  const made = await cargo(home, packed, 'package', '--allow-dirty', '--no-verify', '--quiet');
  if (made.code !== 0) throw new Error(made.stderr);
  const bytes = readFileSync(join(packed, 'target', 'package', 'small-crate-1.2.3.crate'));
  const line = { name: 'small-crate', vers: '1.2.3', deps: [], features: {}, yanked: false };
  const cksum = createHash('sha256').update(bytes).digest('hex');
  const server = await startServer(({ url = '' }, self) => {
    if (url === '/index/config.json') return { body: JSON.stringify({ dl: `${self}/dl`, api: self }) };
    if (url === '/index/sm/al/small-crate') return { body: `${JSON.stringify({ ...line, cksum })}\n` };
    return url.startsWith('/dl/small-crate/1.2.3') ? { body: bytes } : null;
  });
  const project = join(home, 'project');
  source(project, `${crate('project')}[dependencies]\nsmall-crate = { version = "1", registry = "near" }\n`);
  mkdirSync(join(project, '.cargo'));
  writeFileSync(join(project, '.cargo', 'config.toml'), `[registries.near]\nindex = "sparse+${server.url}/index/"\n`);
  return { project, server };
};
