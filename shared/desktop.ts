import type { CommandId } from './commands.ts';
import type { FromPage, ToPage } from './wire.ts';

/** What the preload script puts on `window.cacheInspector` in the desktop program, and only there. */
export interface DesktopBridge {
  /** Begins to hear; returns what sends. */
  connect(listener: (message: ToPage) => void): (message: FromPage) => void;
  /** A command chosen in the native menu. Returns the function that ends the subscription. */
  onCommand(listener: (command: CommandId) => void): () => void;
  /** Which commands make sense now: the others are greyed in the native menu. */
  setEnabled(commands: readonly CommandId[]): void;
  /** Opens a native context menu with these commands at the pointer. */
  contextMenu(commands: readonly CommandId[]): void;
  /** The path of a folder that was dropped on the window (a `File` of the browser). */
  pathOf(file: object): string;
}
