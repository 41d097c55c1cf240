import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import type { Answer, Args, CallName } from '../../../shared/api.ts';
import type { DesktopBridge } from '../../../shared/desktop.ts';
import type { Result } from '../../../shared/errors.ts';
import type { FromPage, News, ToPage } from '../../../shared/wire.ts';
import type { StandIn } from './stand-in.ts';
import type { FakeFrame, FakeWindow } from './windows.ts';

/** What a page has in hand: the bridge that the BUILT preload.cjs made, and a small client of the contract over it. */
export interface Page {
  readonly bridge: DesktopBridge;
  readonly news: News[];
  /** Says anything at all over the bridge. */
  say(message: unknown): void;
  call<Name extends CallName>(name: Name, args: Args<Name>): Promise<Result<Answer<Name>>>;
}

/** Puts a message on the channel as Electron would, from whichever frame is named. */
export const sendFrom = (
  electron: StandIn,
  sender: object,
  senderFrame: FakeFrame | null,
  message: unknown,
  channel = 'cache-inspector:from-page',
): void => {
  electron.module.ipcMain.emit(channel, { sender, senderFrame }, structuredClone(message));
};

/** Runs the preload script with what Electron's sandbox lets it require, and nothing else. */
const preload = (path: string, electron: StandIn, window: FakeWindow): DesktopBridge => {
  const contents = window.webContents;
  const renderer = new EventEmitter();
  contents.on('stand-in:to-page', (channel: string, message: unknown) => renderer.emit(channel, {}, message));
  let bridge: unknown;
  const allowed: Readonly<Record<string, unknown>> = {
    electron: {
      contextBridge: {
        exposeInMainWorld: (name: string, api: unknown) => {
          if (name === 'cacheInspector') bridge = api;
        },
      },
      ipcRenderer: Object.assign(renderer, {
        send: (channel: string, message: unknown) => sendFrom(electron, contents, contents.mainFrame, message, channel),
      }),
      webUtils: { getPathForFile: (file: { readonly path: string }) => file.path },
    },
  };
  const require = (name: string): unknown => {
    if (Object.hasOwn(allowed, name)) return allowed[name];
    throw new Error(`a sandboxed preload script cannot require ${name} (of ${builtinModules.length} there are)`);
  };
  new Function('require', 'module', 'exports', readFileSync(path, 'utf8'))(require, {}, {});
  if (bridge === undefined) throw new Error('preload.cjs exposed nothing');
  return bridge as DesktopBridge;
};

export const openPage = (path: string, electron: StandIn, window: FakeWindow): Page => {
  const bridge = preload(path, electron, window);
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const news: News[] = [];
  let last = 0;
  const send = bridge.connect((message: ToPage) => {
    if ('batch' in message) {
      news.push(...message.news);
      send({ ack: message.batch });
      return;
    }
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  });
  return {
    bridge,
    news,
    say: (message) => send(message as FromPage),
    call: (name, args) => {
      last += 1;
      const id = last;
      const { promise, resolve } = Promise.withResolvers<Result<unknown>>();
      waiting.set(id, resolve);
      send({ id, call: name, args });
      // The id tells which call it answers.
      return promise as Promise<Result<never>>;
    },
  };
};
