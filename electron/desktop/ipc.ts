import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import type { Client } from '../../shared/api.ts';
import type { CommandId } from '../../shared/commands.ts';
import { PageSession } from '../core/inspector.ts';
import { fromPage, type ToPreload, toPage } from './channels.ts';
import { FromPreload } from './envelope.ts';
import { isOwn } from './origin.ts';
import type { MainWindow } from './window.ts';

/** What the page says beside the calls of the contract, and what has gone wrong with it. */
export interface PageWishes {
  readonly enable: (commands: readonly CommandId[]) => void;
  readonly contextMenu: (commands: readonly CommandId[]) => void;
  /** A message was refused; `broken`: it came from our own page, whose session has been ended for it. */
  readonly refused: (why: string, broken: boolean) => void;
}

/**
 * Why a message is not listened to, or null: only the main frame of our window, while it shows our page, has a say.
 * @see https://www.electronjs.org/docs/latest/tutorial/security#17-validate-the-sender-of-all-ipc-messages
 */
const strangerBecause = ({ sender, senderFrame }: IpcMainEvent, known: WebContents | null): string | null => {
  if (known === null || sender !== known) return 'it came from something that is not our window';
  if (senderFrame === null) return 'its frame has gone or shows something else by now';
  if (senderFrame.parent !== null) return 'it came from a frame inside the page';
  if (!isOwn(senderFrame.url)) return 'its frame shows an address that is not ours';
  return null;
};

const tell = (contents: WebContents, message: ToPreload): void => {
  if (!contents.isDestroyed()) contents.send(toPage, message);
};

/** The one door for messages of the page. Carries them to a session of core and back, and knows none of them. */
class IpcDoor {
  readonly #client: Client;
  readonly #window: MainWindow;
  readonly #wishes: PageWishes;
  #session: PageSession | null = null;

  constructor(client: Client, window: MainWindow, wishes: PageWishes) {
    this.#client = client;
    this.#window = window;
    this.#wishes = wishes;
    window.onOpened(({ webContents }) => {
      const end = (): void => this.#end();
      webContents.on('destroyed', end);
      webContents.on('render-process-gone', end);
      webContents.on('did-navigate', end);
    });
  }

  receive(event: IpcMainEvent, message: unknown): void {
    const why = strangerBecause(event, this.#window.contents);
    if (why !== null) {
      this.#wishes.refused(why, false);
      return;
    }
    const parsed = FromPreload.safeParse(message);
    if (!parsed.success) {
      this.#break('it is none that our page sends');
      return;
    }
    const wish = parsed.data;
    if ('connect' in wish) this.#begin(event.sender);
    else if ('enable' in wish) this.#wishes.enable(wish.enable);
    else if ('contextMenu' in wish) this.#wishes.contextMenu(wish.contextMenu);
    else if (this.#session === null) this.#wishes.refused('its session has been ended', false);
    else if (!this.#session.receive(wish.say)) this.#break('it does not fit the contract');
  }

  #begin(contents: WebContents): void {
    this.#end();
    this.#session = new PageSession(this.#client, (said) => tell(contents, { said }));
  }

  #break(why: string): void {
    this.#end();
    this.#wishes.refused(why, true);
  }

  #end(): void {
    this.#session?.close();
    this.#session = null;
  }
}

/** Listens to the page. Before the first window. */
export const setupIpc = (client: Client, window: MainWindow, wishes: PageWishes): void => {
  const door = new IpcDoor(client, window, wishes);
  ipcMain.on(fromPage, (event, message) => door.receive(event, message));
};

/** Hands the page a command that was chosen in a native menu, or in a notification. */
export const sendCommand = (window: MainWindow, command: CommandId): void => {
  if (window.contents !== null) tell(window.contents, { command });
};
