import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './http-server.ts';
import { type Registry, startRegistry } from './local-registry.ts';
import type { NpmPackage } from './npm-packages.ts';

/** A registry that takes its time: each answer comes after so many ms. `answered` counts them. */
export interface SlowRegistry extends Registry {
  readonly answered: () => number;
}

/** The local registry, seen through a slow line. */
export const startSlowRegistry = async (ms: number, packages?: readonly NpmPackage[]): Promise<SlowRegistry> => {
  const registry = await startRegistry(packages);
  const behind = registry.url.slice(0, -1);
  let count = 0;
  const server = await startServer(async ({ url = '' }, self) => {
    await sleep(ms);
    const answer = await fetch(behind + url);
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? 'text/plain';
    count += 1;
    // Where the packages are to be had stands in what is told of them.
    return {
      status: answer.status,
      headers: { 'content-type': type },
      body: type.includes('json') ? body.toString().replaceAll(behind, self) : body,
    };
  });
  return {
    url: `${server.url}/`,
    packages: registry.packages,
    answered: () => count,
    close: async () => {
      await server.close();
      await registry.close();
    },
  };
};
