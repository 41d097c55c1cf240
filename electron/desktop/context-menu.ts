import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { type CommandId, commands } from '../../shared/commands.ts';
import { commandItem } from './menu-template.ts';

/** The menu of a text field: what the system's own fields offer. */
const ofText: readonly MenuItemConstructorOptions[] = [
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { type: 'separator' },
  { role: 'selectAll' },
];

/** Text fields of a window have the system's menu; all else is the page's to say. */
export const setupTextMenu = (window: BrowserWindow): void => {
  window.webContents.on('context-menu', (_, { isEditable }) => {
    if (isEditable) Menu.buildFromTemplate([...ofText]).popup({ window });
  });
};

/** Opens a native menu with these commands at the pointer. */
export const popUpCommands = (
  window: BrowserWindow,
  wanted: readonly CommandId[],
  enabled: ReadonlySet<CommandId>,
  run: (command: CommandId) => void,
): void => {
  const items = wanted.flatMap((id) => commands.filter((command) => command.id === id));
  if (items.length === 0) return;
  Menu.buildFromTemplate(items.map((it) => commandItem(it, enabled.has(it.id), run))).popup({ window });
};
