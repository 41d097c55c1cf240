import { dirname, join, parse, relative, sep } from 'node:path';
import { type Identity, sameIdentity } from '../../../shared/identity.ts';
import { type Facts, look } from './identity.ts';
import { ProtectedFolders } from './protected-folders.ts';
import { fs } from './seam.ts';

/** What this process must not lose while it works, besides the person's own places. */
export interface Own {
  readonly home: string;
  readonly cwd: string;
  readonly stateDir: string;
  readonly appDir: string;
}

const personal = [
  '.config .ssh .gnupg .local .local/share .local/state .local/bin .cache bin',
  'Documents Desktop Downloads Pictures Music Videos Movies Projects',
  'Library Library/Caches AppData AppData/Local AppData/Roaming',
]
  .join(' ')
  .split(' ');

const system = (
  process.platform === 'win32'
    ? ['C:\\Windows', 'C:\\Program Files', 'C:\\Program Files (x86)', 'C:\\ProgramData', 'C:\\Users']
    : '/bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/share /var /var/cache /var/lib /var/tmp /Applications /Library /System /Users /Volumes /private'.split(
        ' ',
      )
) as readonly string[];

const key = (identity: Identity): string => `${identity.dev}:${identity.ino}`;

/** Follows links: a protected place reached through a link is the same place. */
const identityAt = (path: string): Identity | null => {
  try {
    return look(fs.realpathSync.native(path))?.identity ?? null;
  } catch {
    return null;
  }
};

const above = (path: string): readonly string[] => {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...above(parent)];
};

/**
 * Places that are never set aside, compared by device and inode so that no spelling, link or second mount of them
 * gets through.
 */
export class ProtectedPlaces {
  readonly #reasons: Map<string, string>;
  readonly #own: readonly (readonly [string, string])[];
  /** Those that the person protected besides. */
  readonly folders: ProtectedFolders;

  constructor(own: Own | ProtectedPlaces, folders: readonly string[] = []) {
    this.folders = new ProtectedFolders(folders);
    if (own instanceof ProtectedPlaces) {
      this.#reasons = own.#reasons;
      this.#own = own.#own;
      return;
    }
    this.#reasons = new Map();
    const add = (path: string, reason: string): void => {
      const identity = identityAt(path);
      if (identity && !this.#reasons.has(key(identity))) this.#reasons.set(key(identity), reason);
    };
    add(parse(own.home).root, 'is the root of the file system');
    add(own.home, 'is your home folder');
    for (const parent of above(own.home)) add(parent, 'holds your home folder');
    for (const name of personal) add(join(own.home, name), 'is a folder that many programs share or that is your own');
    for (const path of system) add(path, 'belongs to the system');
    this.#own = [
      [own.cwd, 'the folder that this program was started in'],
      [own.stateDir, "Cache Inspector's own history"],
      [join(own.stateDir, 'locks'), "Cache Inspector's own locks"],
      [own.appDir, 'Cache Inspector itself'],
    ];
  }

  /** These places, and the folders (canonical paths) that a person protected, as they stand now. */
  and(folders: readonly string[]): ProtectedPlaces {
    return new ProtectedPlaces(this, folders);
  }

  /** Why the directory with these facts must not be touched as a whole, as the end of a sentence; null when it may. */
  reasonFor(path: string, facts: Facts): string | null {
    const known = this.#reasons.get(key(facts.identity));
    if (known) return known;
    if (above(path).length < 2) return 'stands at the top of the file system';
    return null;
  }

  /** What of this program's own stands in the directory, as words; null when nothing does. */
  holds(path: string): string | null {
    const identity = identityAt(path);
    for (const [place, words] of this.#own) {
      let real = place;
      try {
        real = fs.realpathSync.native(place);
      } catch {
        // Not there yet: compared as it is written.
      }
      // A second mount of the same directory has another path.
      const isAbove = (place: string): boolean => {
        const there = identityAt(place);
        return identity !== null && there !== null && sameIdentity(there, identity);
      };
      if ([real, ...above(real)].some(isAbove)) return words;
      const way = relative(path, real);
      if (way === '' || !(way === '..' || way.startsWith(`..${sep}`) || parse(way).root !== '')) return words;
    }
    return null;
  }
}
