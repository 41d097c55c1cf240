import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  cargoEnv,
  cargoVersion,
  gitProject,
  registryProject,
  cargo as runCargo,
} from '../../../../e2e/support/real-cargo.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { cargo } from './cargo.ts';

const version = process.platform === 'win32' ? null : await cargoVersion();
// A toolchain of hundreds of megabytes: not installed on the build server, so these tests run where it is there.
const note = version === null ? ' (SKIPPED: there is no cargo here)' : '';
const isAtLeast = (minor: number): boolean => version !== null && (version[0] > 1 || version[1] >= minor);

const entriesOf = async (root: string): Promise<readonly string[]> => {
  const all: RawEntry[] = [];
  for (const unit of cargo.units(root, reader))
    for await (const entry of cargo.entries(root, unit, reader)) all.push(entry);
  return all.map(({ kind, name, version: its }) => `${kind} ${name} ${its}`);
};

const locksOf = (root: string): readonly string[] =>
  cargo.locks?.files(root, reader).map((path) => path.slice(root.length + 1)) ?? [];

describe.skipIf(version === null)(`what the real cargo caches${note}`, () => {
  test('of a git repository: clone and checkout, which it makes again after a clear', async () => {
    const home = folderForTest();
    const project = gitProject(home);
    const root = join(home, '.cargo');
    const fetched = await runCargo(home, project, 'fetch');
    expect(fetched.stderr + fetched.code).toMatch(/0$/);
    expect(cargo.recognise(root, reader)).toMatch(/^Its folder git\/(?:db|checkouts) holds/);
    for (const unit of cargo.units(root, reader)) expect(cargo.contradiction(root, unit, reader)).toBeNull();
    const entries = await entriesOf(root);
    expect(entries.map((it) => it.replace(/ [0-9a-f]{7,}$/, ' revision')).sort()).toEqual([
      'checkout from-git revision',
      'repository from-git null',
    ]);
    const locks = isAtLeast(74) ? ['.package-cache-mutate', '.package-cache'] : ['.package-cache'];
    expect(locksOf(root)).toEqual(locks);
    const kept = cargo.keeps(root, reader).map(({ path }) => path.slice(root.length + 1));
    expect(kept.filter((name) => name !== '.global-cache').sort()).toEqual(locks.toSorted());

    for (const unit of cargo.units(root, reader)) rmSync(join(root, unit.name), { recursive: true, force: true });
    expect((await runCargo(home, project, 'fetch')).code).toBe(0);
    expect(await entriesOf(root)).toEqual(entries);
  });

  test.skipIf(!isAtLeast(68))('of a registry: index, crate, and what it unpacked', async () => {
    const home = folderForTest();
    const { project, server } = await registryProject(home);
    onTestFinished(() => server.close());
    const root = join(home, '.cargo');
    const fetched = await runCargo(home, project, 'fetch');
    expect(fetched.stderr + fetched.code).toMatch(/0$/);
    expect(cargo.recognise(root, reader)).toContain('registry/');
    for (const unit of cargo.units(root, reader)) expect(cargo.contradiction(root, unit, reader)).toBeNull();
    expect((await entriesOf(root)).toSorted()).toEqual([
      'crate small-crate 1.2.3',
      'index 127.0.0.1 null',
      'unpacked crate small-crate 1.2.3',
    ]);
    const unpacked = cargo.units(root, reader).find(({ name }) => name === 'registry/src');
    if (unpacked === undefined) throw new Error('no unit');
    rmSync(join(root, 'registry/src'), { recursive: true });
    await server.close();
    expect((await runCargo(home, project, 'fetch', '--offline')).code).toBe(0);
    expect(existsSync(join(root, 'registry/src'))).toBe(true);
  });

  test.skipIf(process.platform !== 'linux' || !isAtLeast(74))('its locks are those that a build holds', async () => {
    const home = folderForTest();
    const project = gitProject(home);
    mkdirSync(join(project, 'examples'));
    // A build script that waits: cargo holds what a build holds meanwhile.
    writeFileSync(join(project, 'build.rs'), 'fn main() { std::thread::sleep(std::time::Duration::from_secs(20)); }\n');
    const child = spawn('cargo', ['check'], { cwd: project, env: cargoEnv(home), stdio: 'ignore', detached: true });
    onTestFinished(() => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    });
    const root = join(home, '.cargo');
    const held = (): boolean => {
      const path = join(root, '.package-cache-mutate');
      return existsSync(path) && readFileSync('/proc/locks', 'utf8').includes(`:${statSync(path).ino} `);
    };
    for (let waited = 0; !held() && waited < 400; waited += 1) await sleep(50);
    expect(held()).toBe(true);
    expect(locksOf(root)[0]).toBe('.package-cache-mutate');
    expect(cargo.locks).toMatchObject({ kind: 'flock', taken: ['.package-cache-mutate', '.package-cache'] });
  });
});
