import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, session } from 'electron';
import type { CommandId } from '../../shared/commands.ts';
import { openInspector } from '../core/inspector.ts';
import { setupAbout } from './about.ts';
import { popUpCommands, setupTextMenu } from './context-menu.ts';
import { setupCrashLog, setupReloadOffer } from './crash-log.ts';
import { forkUtility } from './helper.ts';
import { appName, setupIdentity } from './identity.ts';
import { sendCommand, setupIpc } from './ipc.ts';
import { setupMenu } from './menu.ts';
import { setupNetwork } from './network.ts';
import { setupNotifications } from './notifications.ts';
import { Ongoing } from './ongoing.ts';
import { Preferences } from './preferences.ts';
import { setupProgress } from './progress.ts';
import { setupProtocol, setupScheme } from './protocol.ts';
import { setupQuit } from './quit.ts';
import { setupConfinement, setupPermissions, setupSandbox } from './security.ts';
import { desktopShell } from './shell.ts';
import { setupSingleInstance } from './single-instance.ts';
import { setupTheme } from './theme.ts';
import { MainWindow } from './window.ts';

/** out/, where this file is out/electron/desktop/main.js and the page out/page. */
const out = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

setupIdentity();
setupSandbox();
setupConfinement();
setupScheme();
setupAbout();
const log = setupCrashLog();
const window = new MainWindow(out);

const start = async (): Promise<void> => {
  setupProtocol(join(out, 'page'));
  setupPermissions(session.defaultSession);
  setupNetwork(session.defaultSession);

  const door = 'desktop';
  const preferences = new Preferences();
  const shell = desktopShell(window, preferences);
  const inspector = await openInspector({ door, fork: forkUtility, shell });
  const ongoing = new Ongoing(inspector, door);
  const run = (command: CommandId): void => {
    window.show();
    sendCommand(window, command);
  };
  const menu = setupMenu(run);
  const offer = setupReloadOffer(window, log);
  window.onOpened(setupTextMenu);
  setupIpc(inspector, window, {
    enable: (commands) => menu.setEnabled(commands),
    contextMenu: (commands) => {
      if (window.current) popUpCommands(window.current, commands, menu.enabled, run);
    },
    refused: (why, broken) => {
      if (broken) void offer.make(`It sent a message, and ${why}.`);
      else log.write(`a message was refused: ${why}`);
    },
  });
  setupTheme(preferences);
  setupProgress(ongoing, window);
  setupQuit(inspector, ongoing, window);
  await preferences.follow(inspector);
  window.show();
  setupNotifications({ client: inspector, ongoing, window, preferences, open: run, log: log.write });
  await inspector.resume();
};

/** Without its history the program must not begin to clear: it says why, and ends. */
const giveUp = (thrown: unknown): void => {
  log.write(`could not start: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  dialog.showErrorBox(`${appName} could not start`, thrown instanceof Error ? thrown.message : String(thrown));
  app.exit(1);
};

// Not awaited here: Electron is ready only after this file has been read to its end.
if (setupSingleInstance(() => window.show())) void app.whenReady().then(start).catch(giveUp);
