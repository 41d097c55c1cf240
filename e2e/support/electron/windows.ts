import { EventEmitter } from 'node:events';

// Part of the stand-in for Electron: windows, what they show, and menus. Nothing is drawn.

/** A frame of a page, as far as senders of messages are told apart by it. */
export interface FakeFrame {
  readonly url: string;
  readonly parent: FakeFrame | null;
}

export class FakeContents extends EventEmitter {
  readonly sent: (readonly [channel: string, message: unknown])[] = [];
  mainFrame: FakeFrame = { url: 'about:blank', parent: null };
  windowOpen: ((details: unknown) => { readonly action: string }) | null = null;
  reloads = 0;
  destroyed = false;

  constructor() {
    super();
    this.setMaxListeners(0);
  }
  setWindowOpenHandler(handler: (details: unknown) => { readonly action: string }): void {
    this.windowOpen = handler;
  }
  /** What leaves for the page is copied, as it would be: a function or a class in it is an error. */
  send(channel: string, message: unknown): void {
    const copy: unknown = structuredClone(message);
    this.sent.push([channel, copy]);
    this.emit('stand-in:to-page', channel, copy);
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  reload(): void {
    this.reloads += 1;
  }
}

type Options = Readonly<Record<string, unknown>>;

/** The class that main.js finds under the name of BrowserWindow. `windows` is filled with those that it makes. */
export const fakeBrowserWindow = (windows: FakeWindow[], opened: (contents: FakeContents) => void) =>
  class extends FakeWindow {
    constructor(options: Options) {
      super(options);
      windows.push(this);
      opened(this.webContents);
    }
  };

export class FakeWindow extends EventEmitter {
  readonly options: Options;
  readonly webContents = new FakeContents();
  readonly progress: number[] = [];
  visible = false;
  focused = false;
  minimized = false;

  constructor(options: Options) {
    super();
    this.options = options;
  }
  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url, parent: null };
    this.webContents.emit('did-navigate');
    this.emit('ready-to-show');
  }
  show(): void {
    this.visible = true;
  }
  focus(): void {
    this.focused = true;
  }
  restore(): void {
    this.minimized = false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isFocused(): boolean {
    return this.focused;
  }
  setProgressBar(fraction: number): void {
    this.progress.push(fraction);
  }
  setBackgroundColor(): void {}
}

export interface FakeItem {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly FakeItem[];
  readonly click?: () => void;
  enabled?: boolean;
}

/** Every item of a menu, with those of its parts. */
export const allItems = (items: readonly FakeItem[]): readonly FakeItem[] =>
  items.flatMap((item) => [item, ...allItems(item.submenu ?? [])]);

export class FakeMenu {
  static readonly bar: FakeMenu[] = [];
  static readonly popped: FakeMenu[] = [];
  readonly items: readonly FakeItem[];

  constructor(items: readonly FakeItem[]) {
    this.items = items;
  }
  static buildFromTemplate(template: readonly FakeItem[]): FakeMenu {
    return new FakeMenu(template);
  }
  static setApplicationMenu(menu: FakeMenu): void {
    FakeMenu.bar.push(menu);
  }
  getMenuItemById(id: string): FakeItem | null {
    return allItems(this.items).find((item) => item.id === id) ?? null;
  }
  popup(): void {
    FakeMenu.popped.push(this);
  }
}
