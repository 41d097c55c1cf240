import { create } from 'zustand';
import type { Client, EventName } from '../../shared/api.ts';
import type { ApiError } from '../../shared/errors.ts';
import type { News } from '../../shared/wire.ts';
import { RemoteClient } from '../bridge/client.ts';
import { desktop, desktopTransport } from '../bridge/desktop.ts';
import { webSocket } from '../bridge/websocket.ts';
import { eventNames, type Projection, projectionOf, withNews } from './projection.ts';

/** `lost`: what is shown is as it was when the connection ended; it is being tried again. */
export type Connection =
  | { readonly status: 'connecting'; readonly now: null; readonly error: null }
  | { readonly status: 'failed'; readonly now: null; readonly error: ApiError }
  | { readonly status: 'ready' | 'lost'; readonly now: Projection; readonly error: null };

/** What core knows and whether we hear it. */
export const useConnection = create<Connection>()(() => ({ status: 'connecting', now: null, error: null }));

/** News that came while a snapshot was under way: it is newer than the snapshot, and applied after it. */
let early: News[] | null = null;

/** Applied together once a frame: a scan tells more than anybody can see. */
let gathered: News[] = [];
const applyGathered = (): void => {
  const news = gathered;
  gathered = [];
  const { status, now } = useConnection.getState();
  if (status !== 'ready' && status !== 'lost') return;
  useConnection.setState({ now: news.reduce(withNews, now) });
};

const hear = (news: News): void => {
  if (early !== null) {
    early.push(news);
    return;
  }
  if (gathered.length === 0) setTimeout(applyGathered, 16);
  gathered.push(news);
};

const begin = async (): Promise<void> => {
  early = [];
  const snapshot = await client.call('snapshot', {});
  const meanwhile: readonly News[] = early ?? [];
  early = null;
  if (snapshot.ok) {
    gathered = [];
    const now = meanwhile.reduce(withNews, projectionOf(snapshot.value));
    useConnection.setState({ status: 'ready', now, error: null });
    // Sizes as last measured are shown at once, and measured again behind them.
    void client.call('list', { measure: true });
    return;
  }
  if (snapshot.error.code === 'disconnected') return;
  useConnection.setState({ status: 'failed', now: null, error: snapshot.error });
};

const changed = (connected: boolean): void => {
  // The constructor of the client may tell before `client` is set.
  if (connected) queueMicrotask(() => void begin());
  else if (useConnection.getState().status === 'ready') useConnection.setState({ status: 'lost' });
};

/** The one client of this page. */
export const client: Client = new RemoteClient(desktop ? desktopTransport(desktop) : webSocket, changed);

/** Looking at processes costs something: nobody does it for a page that nobody looks at. */
const whileVisible: ReadonlySet<EventName> = new Set<EventName>(['usage', 'disk']);
const subscribe = (name: EventName): (() => void) => client.on(name, (news) => hear([name, news] as News));

/** Begins to hear. Called once. */
export const listen = (): void => {
  for (const name of eventNames) if (!whileVisible.has(name)) subscribe(name);
  let stops: readonly (() => void)[] = [];
  const follow = (): void => {
    for (const stop of stops) stop();
    stops = document.visibilityState === 'visible' ? [...whileVisible].map(subscribe) : [];
  };
  document.addEventListener('visibilitychange', follow);
  follow();
};

/** What core knows, where it is known: views are shown only then. */
export const useNow = <Part>(select: (now: Projection) => Part): Part =>
  useConnection(({ now }) => {
    if (now === null) throw new Error('a view was shown before there was anything to show');
    return select(now);
  });
