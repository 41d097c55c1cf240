import type { DesktopBridge } from '../../shared/desktop.ts';
import type { Transport } from './transport.ts';

declare global {
  interface Window {
    readonly cacheInspector?: DesktopBridge;
  }
}

/** What the desktop adds; undefined in a browser. */
export const desktop: DesktopBridge | undefined = window.cacheInspector;

/** The desktop door: the other side lives as long as the window. */
export const desktopTransport =
  (bridge: DesktopBridge): Transport =>
  (line) => {
    line.up(bridge.connect((message) => line.message(message)));
  };
