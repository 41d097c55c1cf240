import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { CommandId } from '../../shared/commands.ts';
import type { DesktopBridge } from '../../shared/desktop.ts';
import type { ToPage } from '../../shared/wire.ts';
import { fromPage, type ToPreload, toPage } from './channels.ts';
import type { FromPreload } from './envelope.ts';

/**
 * Runs in the page's sandboxed process, and hands it functions only: never `ipcRenderer`, never an event object.
 * @see https://www.electronjs.org/docs/latest/tutorial/security#20-do-not-expose-electron-apis-to-untrusted-web-content
 */
const send = (message: FromPreload): void => ipcRenderer.send(fromPage, message);

let listener: ((message: ToPage) => void) | null = null;
const commandListeners = new Set<(command: CommandId) => void>();

ipcRenderer.on(toPage, (_, message: ToPreload) => {
  if ('command' in message) for (const hear of commandListeners) hear(message.command);
  else listener?.(message.said);
});

const bridge: DesktopBridge = {
  connect: (hear) => {
    listener = hear;
    send({ connect: true });
    return (message) => send({ say: message });
  },
  onCommand: (hear) => {
    commandListeners.add(hear);
    return () => {
      commandListeners.delete(hear);
    };
  },
  setEnabled: (commands) => send({ enable: [...commands] }),
  contextMenu: (commands) => send({ contextMenu: [...commands] }),
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld('cacheInspector', bridge);
