import { release } from 'node:os';
import { join } from 'node:path';
import type { Doctor, Notice } from '../../shared/model.ts';
import { closedBecause, type KnownCache } from './caches.ts';
import { mounts } from './fs/mounts.ts';
import { reader, unreadableReason } from './fs/reader.ts';
import { promiseOf } from './self-test/durability.ts';
import { version } from './version.ts';

const guarantees = (stateDir: string): Doctor['guarantees'] => {
  const all = mounts();
  const handles = process.platform === 'linux' && reader.facts('/proc/self/fd') !== null;
  return [
    {
      name: 'deletes cannot be led elsewhere by a swapped link',
      holds: true,
      how: handles
        ? 'directory handles through /proc/self/fd'
        : 'the identity of every directory is checked on entering it',
    },
    {
      name: 'deletes stop at mounts, bind mounts of the same file system included',
      holds: handles && all !== null,
      how: all === null ? 'only device numbers can be compared here' : 'mount ids and the mount table',
    },
    {
      name: 'who is using a cache can be told',
      holds: handles,
      how: handles
        ? 'open files, working directories and mapped files in /proc'
        : 'not on this system: it counts as in use',
    },
    {
      name: 'the journal survives a power cut',
      ...promiseOf(stateDir),
    },
  ];
};

const unreadable = (caches: readonly KnownCache[]): Doctor['unreadable'] =>
  caches.flatMap((cache) => {
    const { root, facts } = cache;
    const closed = closedBecause(cache);
    if (closed !== null) return [{ path: root, message: closed.message }];
    if (facts === null) return [];
    const message = unreadableReason(root);
    return message === null ? [] : [{ path: root, message }];
  });

/** What this program is, where it keeps things, what this system guarantees, and what could not be read. Reads only. */
export const examine = (stateDir: string, caches: readonly KnownCache[], notices: readonly Notice[]): Doctor => ({
  versions: {
    'cache-inspector': version,
    node: process.versions.node,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    system: `${process.platform} ${release()} ${process.arch}`,
    ...(process.versions['electron'] && { electron: process.versions['electron'] }),
  },
  places: {
    state: stateDir,
    history: join(stateDir, 'history.db'),
    ...Object.fromEntries(caches.map(({ tool, root, because }) => [`${tool.id} (${because})`, root])),
  },
  guarantees: guarantees(stateDir),
  unreadable: unreadable(caches),
  notices,
});
