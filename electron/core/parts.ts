import type { Notice } from '../../shared/model.ts';
import { type KnownCache, knownCaches } from './caches.ts';
import type { Decoder } from './catalog/decoder.ts';
import { surroundings } from './catalog/surroundings.ts';
import type { Clears } from './clear/clears.ts';
import type { Engine } from './clear/engine.ts';
import type { ForkHelper } from './clear/helper-process.ts';
import type { EventHub } from './events.ts';
import type { ProtectedPlaces } from './fs/protected.ts';
import type { LeftoverBook } from './leftover-book.ts';
import type { OwnCommands } from './own-command.ts';
import type { PlanBook } from './plan-book.ts';
import type { Shell } from './shell.ts';
import type { SizeBook } from './sizes.ts';
import type { Store } from './store/store.ts';
import type { Surveyor } from './surveyor.ts';
import type { ViewBook } from './views/view-book.ts';

/** Everything that the calls of the contract are made of. One of each in a process. */
export interface Parts {
  readonly stateDir: string;
  /** How helper processes are started here. */
  readonly fork: ForkHelper;
  readonly store: Store;
  readonly engine: Engine;
  readonly clears: Clears;
  readonly plans: PlanBook;
  readonly commands: OwnCommands;
  readonly sizes: SizeBook;
  readonly leftovers: LeftoverBook;
  readonly decoder: Decoder;
  /** Null in a door that ends soon: nobody waits for its thread meanwhile. */
  readonly surveyor: Surveyor | null;
  readonly views: ViewBook;
  /** Without the folders that a person protected: see {@link protectedNow}. */
  readonly protectedPlaces: ProtectedPlaces;
  readonly events: EventHub;
  readonly shell: Shell;
  readonly notices: readonly Notice[];
}

/** Every cache as it is now: settings and folders may have changed since the last call. */
export const cachesNow = async (parts: Parts): Promise<readonly KnownCache[]> => {
  const [folders, places] = await Promise.all([parts.store.folders(), protectedNow(parts)]);
  const now = surroundings();
  return knownCaches(now, folders, places, await parts.surveyor?.survey(now, folders));
};

/** What must not be cleared as it is now: any door may have protected a folder since the last call. */
export const protectedNow = async ({ store, protectedPlaces }: Parts): Promise<ProtectedPlaces> =>
  protectedPlaces.and((await store.settings()).protectedFolders);
