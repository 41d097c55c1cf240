import { create } from 'zustand';
import type { Target } from '../../shared/api.ts';
import type { CacheId, OperationId } from '../../shared/ids.ts';

export const tabs = ['entries', 'folders', 'map', 'about'] as const;
export type Tab = (typeof tabs)[number];

/** Where in the program a person is. */
export type Place =
  | { readonly view: 'caches' | 'leftovers' | 'history' | 'settings' }
  | { readonly view: 'contents'; readonly cache: CacheId; readonly tab: Tab };

/** What a person is being asked about a clear. `title`: what they chose, in their words. */
export interface Asking {
  readonly title: string;
  readonly targets: readonly Target[];
  /** Whose entries they are, where it is about single ones: `npm’s cache`. */
  readonly of?: string;
}

/** An undo that has found something new at the old place. */
export interface Restoring {
  readonly operation: OperationId;
  readonly message: string;
}

/** A message that stays until it is read or replaced; `action` is what can be done about it. */
export interface Message {
  readonly key: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Everything that is only about looking: core knows nothing of it. */
export interface Ui {
  readonly place: Place;
  readonly search: string;
  readonly asking: Asking | null;
  /** The cache whose tool's own command a person is asked about. */
  readonly running: CacheId | null;
  /** Asked about one after another. */
  readonly restoring: readonly Restoring[];
  readonly dialog: 'commands' | 'keys' | 'add-folder' | 'protect-folder' | null;
  /** A path that the dialog begins with. */
  readonly offered: string | null;
  /** Operations begun from this page or still undoable, that are shown at the bottom until they are put away. */
  readonly dismissed: ReadonlySet<OperationId>;
  /** When this page was opened: what ended before is history. */
  readonly since: string;
  readonly messages: readonly Message[];
}

export const useUi = create<Ui>()(() => ({
  place: { view: 'caches' },
  search: '',
  asking: null,
  running: null,
  restoring: [],
  dialog: null,
  offered: null,
  dismissed: new Set(),
  since: new Date().toISOString(),
  messages: [],
}));

const set = useUi.setState;

const sameView = (a: Place, b: Place): boolean =>
  a.view === b.view && (a.view !== 'contents' || (b.view === 'contents' && a.cache === b.cache));

/** Another view begins with an empty search; another tab of the same cache keeps it. */
export const goTo = (place: Place): void =>
  set((before) => ({ place, search: sameView(before.place, place) ? before.search : '' }));
export const search = (text: string): void => set({ search: text });
export const openDialog = (dialog: Ui['dialog'], offered: string | null = null): void => set({ dialog, offered });
export const ask = (asking: Asking | null): void => set({ asking });
export const askToRun = (running: CacheId | null): void => set({ running });
export const askToRestore = (what: Restoring): void =>
  set(({ restoring }) => ({ restoring: [...restoring.filter(({ operation }) => operation !== what.operation), what] }));
export const restored = (operation: OperationId): void =>
  set(({ restoring }) => ({ restoring: restoring.filter((it) => it.operation !== operation) }));

/** What went well needs no answer: it goes by itself after this long, in ms. */
const readMs = 6000;

/** Tells something at the bottom. What failed stays until it is put away. */
export const say = (message: Message): void => {
  set(({ messages }) => ({ messages: [...messages.filter(({ key }) => key !== message.key), message] }));
  if (message.tone === 'bad' || message.action) return;
  setTimeout(() => set(({ messages }) => ({ messages: messages.filter((it) => it !== message) })), readMs);
};
export const unsay = (key: string): void =>
  set(({ messages }) => ({ messages: messages.filter((message) => message.key !== key) }));
export const dismiss = (operation: OperationId): void =>
  set(({ dismissed }) => ({ dismissed: new Set(dismissed).add(operation) }));
