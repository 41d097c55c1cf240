import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, type WebContents } from 'electron';
import { appName } from './identity.ts';
import { pageUrl } from './origin.ts';

/** What is seen before the page has painted: its own background (--ground in renderer/style/tokens.css), so that nothing flashes. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#16191d' : '#ffffff');

const makeWindow = (preload: string): BrowserWindow =>
  new BrowserWindow({
    // Electron keeps the place and size of a window that has a name.
    name: 'main',
    windowStatePersistence: true,
    title: appName,
    width: 1120,
    height: 760,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: background(),
    /**
     * All of them are the defaults. They are spelled out because everything rests on them.
     * @see https://www.electronjs.org/docs/latest/tutorial/security#2-do-not-enable-nodejs-integration-for-remote-content
     * @see https://www.electronjs.org/docs/latest/tutorial/security#3-enable-context-isolation
     * @see https://www.electronjs.org/docs/latest/tutorial/security#4-enable-process-sandboxing
     * @see https://www.electronjs.org/docs/latest/tutorial/security#6-do-not-disable-websecurity
     */
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: !app.isPackaged,
    },
  });

/** The one window, while there is one: on macOS the program outlives it. */
export class MainWindow {
  readonly #preload: string;
  readonly #opened: ((window: BrowserWindow) => void)[] = [];
  #window: BrowserWindow | null = null;

  /** @param out the folder of the compiled program */
  constructor(out: string) {
    this.#preload = join(out, 'electron', 'desktop', 'preload.cjs');
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(background()));
  }

  get current(): BrowserWindow | null {
    return this.#window;
  }

  /** The page that is listened to, or null. */
  get contents(): WebContents | null {
    return this.#window?.webContents ?? null;
  }

  /** Called with every window that is made, before its page is loaded. */
  onOpened(listener: (window: BrowserWindow) => void): void {
    this.#opened.push(listener);
  }

  /** Opens the window, or brings it to the front. */
  show(): void {
    if (this.#window === null) {
      this.#open();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  reload(): void {
    this.contents?.reload();
  }

  #open(): void {
    const window = makeWindow(this.#preload);
    this.#window = window;
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      this.#window = null;
    });
    for (const listener of this.#opened) listener(window);
    void window.loadURL(pageUrl);
  }
}
