import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../shared/commands.ts';
import { type Booted, boot } from '../support/electron/boot.ts';
import { Happening } from '../support/electron/happening.ts';
import { allItems, FakeContents, FakeMenu } from '../support/electron/windows.ts';

/** The built main.js and preload.cjs on a stand-in for Electron: what it asks of Electron, and in which order. */
let booted: Booted;
beforeAll(async () => {
  booted = await boot();
});

const order = (): readonly string[] => booted.electron.asked.map(({ what }) => what);
const argsOf = (what: string): readonly unknown[] => {
  const found = booted.electron.asked.find((asked) => asked.what === what);
  if (!found) throw new Error(`${what} was not asked for`);
  return found.args;
};

describe('the stand-in: before there is a window', () => {
  it('is sandboxed, named and alone before it is ready, and closed to the outside before it shows anything', () => {
    const asked = order();
    const at = (what: string): number => {
      expect(asked).toContain(what);
      return asked.indexOf(what);
    };
    const beforeReady = ['app.enableSandbox', 'app.setAppUserModelId', 'protocol.registerSchemesAsPrivileged'];
    const beforeWindow = [
      'protocol.handle',
      'webRequest.onBeforeRequest',
      'session.setPermissionRequestHandler',
      'session.setPermissionCheckHandler',
      'session.setDevicePermissionHandler',
      'session.setDisplayMediaRequestHandler',
      'session.setSpellCheckerEnabled',
    ];
    for (const what of beforeReady) expect(at(what)).toBeLessThan(at('app.requestSingleInstanceLock'));
    for (const what of beforeWindow) {
      expect(at(what)).toBeGreaterThan(at('app.requestSingleInstanceLock'));
      expect(at(what)).toBeLessThan(at('new BrowserWindow'));
    }
    expect(FakeMenu.bar).toHaveLength(1);
  });

  it('sends no crash report anywhere', () => {
    expect(argsOf('crashReporter.start')).toEqual([{ uploadToServer: false }]);
  });

  it('registers one scheme, like https, that bypasses nothing', () => {
    expect(argsOf('protocol.registerSchemesAsPrivileged')).toEqual([
      [
        {
          scheme: 'app',
          privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
        },
      ],
    ]);
  });
});

describe('the stand-in: the window', () => {
  it('isolates and sandboxes its page', () => {
    const { webPreferences, minWidth, show, name } = booted.window.options;
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
    expect({ minWidth, show, name }).toEqual({ minWidth: 720, show: false, name: 'main' });
    expect(booted.window.webContents.mainFrame.url).toBe('app://cache-inspector/index.html');
  });

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])('denies %s', (event) => {
    for (const contents of [booted.window.webContents, anyContents()]) {
      const happening = new Happening();
      contents.emit(event, happening, 'https://example.com/', {});
      expect(happening.defaultPrevented).toBe(true);
    }
  });

  it('opens no other window and no device', () => {
    for (const contents of [booted.window.webContents, anyContents()]) {
      expect(contents.windowOpen?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
      const chosen: string[] = [];
      const happening = new Happening();
      contents.emit('select-bluetooth-device', happening, [{ deviceId: 'x' }], (id: string) => chosen.push(id));
      expect([happening.defaultPrevented, chosen]).toEqual([true, ['']]);
    }
  });
});

/** Contents that nobody meant to make: whatever makes a page, it is confined. */
const anyContents = (): FakeContents => {
  const contents = new FakeContents();
  booted.electron.module.app.emit('web-contents-created', new Happening(), contents);
  return contents;
};

describe('the stand-in: permissions, network, files', () => {
  const own = 'app://cache-inspector/index.html';

  it('grants writing to the clipboard to its own page, and nothing else to anybody', () => {
    const { electron } = booted;
    const check = electron.handler<(contents: null, permission: string, origin: string) => boolean>(
      'session.setPermissionCheckHandler',
    );
    const request = electron.handler<
      (c: null, permission: string, answer: (granted: boolean) => void, details: { requestingUrl: string }) => void
    >('session.setPermissionRequestHandler');
    const granted = (permission: string, url: string): readonly boolean[] => {
      const answers: boolean[] = [check(null, permission, url)];
      request(null, permission, (answer) => answers.push(answer), { requestingUrl: url });
      return answers;
    };
    expect(granted('clipboard-sanitized-write', own)).toEqual([true, true]);
    for (const url of ['https://example.com/', 'app://cache-inspector.example.com/', 'file:///etc/passwd', '']) {
      expect(granted('clipboard-sanitized-write', url)).toEqual([false, false]);
    }
    for (const permission of [
      'media',
      'geolocation',
      'clipboard-read',
      'notifications',
      'usb',
      'fileSystem',
      'openExternal',
      'unknown',
    ]) {
      expect(granted(permission, own)).toEqual([false, false]);
    }
    expect(electron.handler<() => boolean>('session.setDevicePermissionHandler')()).toBe(false);
    const streams: unknown[] = [];
    electron.handler<(request: null, answer: (streams: unknown) => void) => void>(
      'session.setDisplayMediaRequestHandler',
    )(null, (given) => streams.push(given));
    expect(streams).toEqual([null]);
  });

  it('cancels every request but those for its own page and its developer tools', () => {
    const before =
      booted.electron.handler<(details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void>(
        'webRequest.onBeforeRequest',
      );
    const cancelled = (url: string): boolean | undefined => {
      let given: boolean | undefined;
      before({ url }, ({ cancel }) => {
        given = cancel;
      });
      return given;
    };
    for (const url of [own, 'app://cache-inspector/assets/a.js', 'devtools://devtools/bundled/x.html']) {
      expect(cancelled(url)).toBe(false);
    }
    const others = [
      ...[
        'https://example.com/',
        'http://127.0.0.1/',
        'ws://localhost/',
        'file:///etc/passwd',
        'app://other/index.html',
      ],
      ...['app://cache-inspector.example.com/', 'app://user@cache-inspector/', 'ftp://x/', 'nothing', ''],
    ];
    for (const url of others) expect(cancelled(url)).toBe(true);
    expect(argsOf('session.setSpellCheckerEnabled')).toEqual([false]);
  });

  it('answers with a content security policy, and 404 for all that is not a file of the page', async () => {
    const handle = booted.electron.handler<(request: Request) => Promise<Response>>('protocol.handle');
    const ways = [
      ...['../electron/desktop/main.js', '..%2felectron%2fdesktop%2fmain.js', '%2e%2e/%2e%2e/package.json'],
      ...[
        '..%5c..%5cpackage.json',
        '%252e%252e/package.json',
        '/etc/passwd',
        '//etc/passwd',
        'index.html%00.js',
        '.',
        '',
      ],
    ];
    for (const way of ways) {
      const { status, headers } = await handle(new Request(`app://cache-inspector/${way}`));
      expect(status).toBe(404);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
    expect((await handle(new Request('app://other/index.html'))).status).toBe(404);
    expect((await handle(new Request(own, { method: 'POST' }))).status).toBe(404);
  });
});

describe('the stand-in: menus', () => {
  it('has every command of the table once, grey until the page says what makes sense', () => {
    const items = allItems(FakeMenu.bar[0]?.items ?? []).filter(({ id }) => id !== undefined);
    expect(items.map(({ id }) => id).sort()).toEqual(commands.map(({ id }) => id).sort());
    expect(items.every(({ enabled }) => enabled === false)).toBe(true);
    const accelerators = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(accelerators.every((key) => key.includes('+'))).toBe(true);
    expect(accelerators).toContain('CmdOrCtrl+O');

    const { bridge } = booted.page();
    const chosen: string[] = [];
    const stop = bridge.onCommand((command) => chosen.push(command));
    bridge.setEnabled(['measure', 'back']);
    expect(items.filter(({ enabled }) => enabled).map(({ id }) => id)).toEqual(['back', 'measure']);
    items.find(({ id }) => id === 'measure')?.click?.();
    stop();
    items.find(({ id }) => id === 'back')?.click?.();
    expect(chosen).toEqual(['measure']);
    bridge.setEnabled([]);
    expect(items.some(({ enabled }) => enabled)).toBe(false);
  });

  it('opens a context menu of commands, and one of the system in text fields', () => {
    const { bridge } = booted.page();
    bridge.contextMenu(['reveal', 'copy-path']);
    expect(FakeMenu.popped.at(-1)?.items.map(({ id }) => id)).toEqual(['reveal', 'copy-path']);
    booted.window.webContents.emit('context-menu', new Happening(), { isEditable: true });
    expect(FakeMenu.popped.at(-1)?.items.map(({ role }) => role)).toContain('paste');
    const before = FakeMenu.popped.length;
    booted.window.webContents.emit('context-menu', new Happening(), { isEditable: false });
    expect(FakeMenu.popped).toHaveLength(before);
  });

  it('shows its window to whoever starts it a second time', () => {
    booted.window.minimized = true;
    booted.window.focused = false;
    booted.electron.module.app.emit('second-instance', new Happening());
    expect([booted.window.minimized, booted.window.focused]).toEqual([false, true]);
    expect(booted.electron.windows).toHaveLength(1);
  });
});
