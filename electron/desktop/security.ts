import { app, type Session, type WebContents } from 'electron';
import { isOwn } from './origin.ts';

/**
 * Every page runs in the system's sandbox, whatever a window asks for. Before the program is ready.
 * @see https://www.electronjs.org/docs/latest/tutorial/security#4-enable-process-sandboxing
 */
export const setupSandbox = (): void => app.enableSandbox();

/** The page is one document that never leaves. What it is given to show is data, never an address to go to. */
const confine = (contents: WebContents): void => {
  /** @see https://www.electronjs.org/docs/latest/tutorial/security#13-disable-or-limit-navigation */
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  /**
   * No address is handed to another program either: there is no `shell.openExternal` anywhere.
   * @see https://www.electronjs.org/docs/latest/tutorial/security#14-disable-or-limit-creation-of-new-windows
   * @see https://www.electronjs.org/docs/latest/tutorial/security#15-do-not-use-shellopenexternal-with-untrusted-content
   */
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  /** @see https://www.electronjs.org/docs/latest/tutorial/security#12-verify-webview-options-before-creation */
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // Without a listener Electron gives the page the first device there is.
  contents.on('select-bluetooth-device', (event, _, choose) => {
    event.preventDefault();
    choose('');
  });
};

/** Confines every page that is ever made, by whatever means. Before the first window. */
export const setupConfinement = (): void => {
  app.on('web-contents-created', (_, contents) => confine(contents));
};

/** All that the page may do beyond showing itself: put a path on the clipboard. */
const isGranted = (permission: string, address: string): boolean =>
  permission === 'clipboard-sanitized-write' && isOwn(address);

/**
 * Electron grants everything that nobody refuses.
 * @see https://www.electronjs.org/docs/latest/tutorial/security#5-handle-session-permission-requests-from-remote-content
 */
export const setupPermissions = (session: Session): void => {
  session.setPermissionRequestHandler((_, permission, answer, details) => {
    answer(isGranted(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_, permission, origin) => isGranted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_, answer) => answer(null));
};
