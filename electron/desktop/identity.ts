import { app } from 'electron';

/** The same as electron-builder's `appId`: on Windows notifications and the taskbar go by it. */
export const appId = 'dev.cache-inspector.app';
export const appName = 'Cache Inspector';

/** Who this program is to the system. Before anything asks for a folder of it. */
export const setupIdentity = (): void => {
  app.setName(appName);
  app.setAppUserModelId(appId);
  if (process.platform === 'linux') app.setDesktopName('cache-inspector.desktop');
  app.setAppLogsPath();
};
