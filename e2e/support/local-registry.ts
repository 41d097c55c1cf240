import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from './http-server.ts';
import { dozen, type NpmPackage } from './npm-packages.ts';
import { runNpm } from './real-npm.ts';
import { newFolder, removeFolder } from './temporary.ts';

export interface Registry {
  /** With a slash behind, as npm wants it. */
  readonly url: string;
  readonly packages: readonly NpmPackage[];
  close(): Promise<void>;
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly integrity: string;
  readonly shasum: string;
}

const manifest = ({ name, version, dependencies = {}, bin }: NpmPackage): object => ({
  name,
  version,
  dependencies,
  ...(bin ? { bin: { [name.replace(/^.*\//, '')]: 'index.js' } } : {}),
});

const packAll = async (folder: string, packages: readonly NpmPackage[]): Promise<readonly Packed[]> => {
  const dirs = packages.map((pack, index) => {
    const dir = join(folder, `source-${index}`);
    mkdirSync(dir);
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest(pack)));
    writeFileSync(join(dir, 'index.js'), `#!/usr/bin/env node\n${`// ${pack.name}\n`.repeat(50 * (index + 1))}`);
    return `./source-${index}`;
  });
  const places = { cwd: folder, home: folder, cache: join(folder, 'cache'), registry: 'http://127.0.0.1:9/' };
  const packed = await runNpm(['pack', '--json', ...dirs], places);
  if (packed.code !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
  const listed: unknown = JSON.parse(packed.stdout);
  // npm 12 answers with an object by name, older ones with a list.
  return Object.values(listed as Record<string, Packed>);
};

/**
 * An npm registry on the loopback address: packuments and tarballs of packages that the real `npm pack` made, with
 * their integrity. `prefix` puts it below a path, as company registries are; `before` is waited for by each answer.
 */
export const startRegistry = async (
  packages: readonly NpmPackage[] = dozen,
  prefix = '',
  before: () => Promise<unknown> = async () => null,
): Promise<Registry> => {
  const folder = newFolder();
  const packed = await packAll(folder, packages);
  const headers = { 'cache-control': 'public, max-age=300' };
  const fileName = ({ name, version }: NpmPackage): string => `${name.replace(/^.*\//, '')}-${version}.tgz`;
  const server = await startServer(async ({ url = '' }, self) => {
    await before();
    const path = decodeURIComponent(url.split('?')[0] ?? '').slice(prefix.length + 1);
    for (const pack of packages) {
      const { filename, integrity, shasum } = packed.find((made) => made.name === pack.name) ?? {};
      if (path === `${pack.name}/-/${fileName(pack)}`)
        return {
          headers: { ...headers, 'content-type': 'application/octet-stream' },
          body: readFileSync(join(folder, filename ?? '')),
        };
      if (path !== pack.name) continue;
      const tarball = `${self}${prefix}/${pack.name}/-/${fileName(pack)}`;
      const version = { ...manifest(pack), dist: { tarball, integrity, shasum } };
      return {
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          name: pack.name,
          'dist-tags': { latest: pack.version },
          versions: { [pack.version]: version },
        }),
      };
    }
    return null;
  });
  return {
    url: `${server.url}${prefix}/`,
    packages,
    close: async () => {
      await server.close();
      removeFolder(folder);
    },
  };
};
