import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Happening } from './happening.ts';
import { FakeUtilityProcess } from './helpers.ts';
import { FakeMenu, type FakeWindow, fakeBrowserWindow } from './windows.ts';

/**
 * A STAND-IN for the `electron` module: it is not Electron, opens no window and enforces nothing. It writes down what
 * the built main.js asks for, in order, and lets a test do what the system or a page would do. What a real Electron
 * makes of it is tested by electron.test.ts, where there is a binary.
 */
export interface Asked {
  readonly what: string;
  readonly args: readonly unknown[];
}

type Handler = (...args: never[]) => unknown;

export const standIn = (userFolder: string) => {
  const asked: Asked[] = [];
  const handlers = new Map<string, Handler>();
  const windows: FakeWindow[] = [];
  const notifications: EventEmitter[] = [];
  /** What the person presses in dialogs: the number of a button. */
  const person = { presses: 1, picks: [] as readonly string[] };
  const note =
    (what: string) =>
    (...args: readonly unknown[]): undefined => {
      asked.push({ what, args });
    };
  /** Writes it down and keeps the handler that is given, to be called as Electron would. */
  const keep =
    (what: string, at = 0) =>
    (...args: readonly unknown[]): void => {
      asked.push({ what, args });
      handlers.set(what, args[at] as Handler);
    };

  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number>();
  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    enableSandbox: note('app.enableSandbox'),
    setName: note('app.setName'),
    setAppUserModelId: note('app.setAppUserModelId'),
    setDesktopName: note('app.setDesktopName'),
    setAppLogsPath: note('app.setAppLogsPath'),
    setAboutPanelOptions: note('app.setAboutPanelOptions'),
    getPath: (name: string) => {
      const path = join(userFolder, 'electron', name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    requestSingleInstanceLock: () => {
      note('app.requestSingleInstanceLock')();
      return true;
    },
    whenReady: () => ready.promise,
    quit: () => {
      note('app.quit')();
      const event = new Happening();
      app.emit('before-quit', event);
      if (!event.defaultPrevented) ended.resolve(0);
    },
    exit: (code: number) => ended.resolve(code),
  });

  const defaultSession = {
    webRequest: { onBeforeRequest: keep('webRequest.onBeforeRequest') },
    setPermissionRequestHandler: keep('session.setPermissionRequestHandler'),
    setPermissionCheckHandler: keep('session.setPermissionCheckHandler'),
    setDevicePermissionHandler: keep('session.setDevicePermissionHandler'),
    setDisplayMediaRequestHandler: keep('session.setDisplayMediaRequestHandler'),
    setSpellCheckerEnabled: note('session.setSpellCheckerEnabled'),
    setSpellCheckerDictionaryDownloadURL: note('session.setSpellCheckerDictionaryDownloadURL'),
  };

  const ask = async (...args: readonly unknown[]) => {
    asked.push({ what: 'dialog.showMessageBox', args });
    return { response: person.presses, checkboxChecked: false };
  };

  const module = {
    app,
    session: { defaultSession },
    protocol: {
      registerSchemesAsPrivileged: note('protocol.registerSchemesAsPrivileged'),
      handle: keep('protocol.handle', 1),
    },
    BrowserWindow: fakeBrowserWindow(windows, (contents) => {
      note('new BrowserWindow')();
      app.emit('web-contents-created', new Happening(), contents);
    }),
    Menu: FakeMenu,
    dialog: {
      showMessageBox: ask,
      showOpenDialog: async (...args: readonly unknown[]) => {
        asked.push({ what: 'dialog.showOpenDialog', args });
        return { canceled: person.picks.length === 0, filePaths: person.picks };
      },
      showErrorBox: note('dialog.showErrorBox'),
    },
    shell: { showItemInFolder: note('shell.showItemInFolder') },
    ipcMain: new EventEmitter(),
    nativeTheme: Object.assign(new EventEmitter(), { themeSource: 'system', shouldUseDarkColors: false }),
    powerSaveBlocker: { start: () => 1, stop: note('powerSaveBlocker.stop') },
    crashReporter: { start: note('crashReporter.start') },
    utilityProcess: FakeUtilityProcess,
    Notification: class extends EventEmitter {
      static isSupported = () => true;
      readonly said: unknown;
      constructor(options: unknown) {
        super();
        this.said = options;
      }
      show(): void {
        notifications.push(this);
      }
    },
  };

  return {
    module,
    asked,
    windows,
    notifications,
    person,
    /** As when the system has started it. */
    begin: () => ready.resolve(),
    /** Resolves with the exit code. */
    ended: ended.promise,
    /** The handler that main.js gave for this. */
    handler: <Kind extends Handler>(what: string): Kind => {
      const handler = handlers.get(what);
      if (!handler) throw new Error(`main.js gave no handler for ${what}`);
      return handler as Kind;
    },
  };
};

export type StandIn = ReturnType<typeof standIn>;
