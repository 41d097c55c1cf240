import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { sendFrom } from './page-side.ts';
import type { StandIn } from './stand-in.ts';
import type { FakeWindow } from './windows.ts';

/**
 * What Electron gives to a sandboxed preload script, in a page of Chromium: `ipcRenderer` speaks with the stand-in
 * through `standInSend`, and what the script exposes is put on the window.
 */
const around = (preload: string): string => `(() => {
  const listeners = new Map();
  window.standInHear = (channel, message) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, message);
  };
  const allowed = {
    electron: {
      contextBridge: { exposeInMainWorld: (name, api) => { window[name] = api; } },
      ipcRenderer: {
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
        send: (channel, message) => void window.standInSend(channel, message),
      },
      webUtils: { getPathForFile: (file) => '/dropped/' + file.name },
    },
  };
  const require = (name) => allowed[name] ?? (() => { throw new Error('a sandboxed script cannot require ' + name); })();
  ((require, module, exports) => { ${preload}
  })(require, {}, {});
})()`;

/** Chromium has no `app:`; the same files, answered by main.js itself, stand at this address instead. */
const address = 'https://cache-inspector/';

/** Shows what the window of the stand-in shows, in Chromium: the BUILT preload.cjs, and the page as main.js serves it. */
export const showIn = async (page: Page, preload: string, electron: StandIn, window: FakeWindow): Promise<void> => {
  const contents = window.webContents;
  await page.exposeFunction('standInSend', (channel: string, message: unknown) =>
    sendFrom(electron, contents, contents.mainFrame, message, channel),
  );
  let told = Promise.resolve();
  const tell = (channel: string, message: unknown): void => {
    const words = JSON.stringify([channel, message]);
    told = told
      .then(() => page.evaluate(`window.standInHear(...${words})`))
      .then(
        () => undefined,
        // The page has gone.
        () => undefined,
      );
  };
  contents.on('stand-in:to-page', tell);
  page.on('close', () => contents.off('stand-in:to-page', tell));
  await page.addInitScript(around(readFileSync(preload, 'utf8')));
  const answer = electron.handler<(request: Request) => Promise<Response>>('protocol.handle');
  await page.route(`${address}**`, async (route) => {
    const url = route.request().url().replace(address, 'app://cache-inspector/');
    const response = await answer(new Request(url, { method: route.request().method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  await page.goto(`${address}index.html`);
};
