import type { Doctor, Snapshot } from '../../../shared/model.ts';

/** What helps somebody who reads a report of a problem: versions and what this system can do. No path is in it. */
export const diagnostics = (
  { versions, guarantees }: Pick<Doctor, 'versions' | 'guarantees'>,
  { platform, door }: Pick<Snapshot, 'platform' | 'door'>,
  browser: string,
): string =>
  [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    `platform ${platform}`,
    `door ${door.name}`,
    `page ${browser}`,
    ...guarantees.map(({ name, holds }) => `${holds ? 'holds' : 'does not hold'}: ${name}`),
  ].join('\n');
