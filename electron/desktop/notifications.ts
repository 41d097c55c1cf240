import { Notification } from 'electron';
import type { Client } from '../../shared/api.ts';
import type { CommandId } from '../../shared/commands.ts';
import { type ByteUnits, formatBytes } from '../../shared/format.ts';
import type { LeftoverId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';
import type { Ongoing } from './ongoing.ts';
import type { Preferences } from './preferences.ts';
import type { MainWindow } from './window.ts';

/** A delete that takes this long (ms) is worth being told of when it ends. */
const longMs = 10_000;

export interface NotificationParts {
  readonly client: Client;
  readonly ongoing: Ongoing;
  readonly window: MainWindow;
  readonly preferences: Preferences;
  /** Shows the window with this view. */
  readonly open: (view: CommandId) => void;
  readonly log: (line: string) => void;
}

const endWords = ({ state, path, bytes, leftCount }: Operation, units: ByteUnits): string => {
  if (state === 'done') return `${formatBytes(bytes.freed, units)} came back.`;
  if (leftCount > 0) return `${leftCount} of it could not be deleted: ${path}`;
  return `It did not come to its end: ${path}`;
};

/** Tells of what happens while the person looks elsewhere, and only then: the page shows it to who looks at it. */
export const setupNotifications = ({ client, ongoing, window, preferences, open, log }: NotificationParts): void => {
  const notify = (title: string, body: string, view: CommandId): void => {
    if (window.current?.isFocused() || !Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', () => open(view));
    // An unsigned program on macOS may not show any (since Electron 42): the page says all of it anyway.
    notification.on('failed', (_, error) => log(`a notification was not shown: ${error}`));
    notification.show();
  };

  ongoing.onEnd((operation, tookMs) => {
    if (tookMs <= longMs) return;
    const what = operation.tool ?? 'A leftover';
    const title = operation.state === 'done' ? `${what} has been cleared` : `${what} has not been cleared as a whole`;
    notify(title, endWords(operation, preferences.byteUnits), 'view-history');
  });

  // What is there when one begins to look has not appeared, whatever is found out about it later.
  let told: Set<LeftoverId> | null = null;
  client.on('leftovers', (leftovers) => {
    const known = told ?? new Set(leftovers.map(({ id }) => id));
    told = known;
    const fresh = leftovers.filter(({ id, verdict }) => verdict === 'abandoned' && !known.has(id));
    for (const { id } of fresh) known.add(id);
    const [first] = fresh;
    if (first === undefined) return;
    const title = fresh.length === 1 ? 'Something was left behind' : `${fresh.length} things were left behind`;
    notify(title, first.path, 'view-leftovers');
  });
};
