import type { MenuItemConstructorOptions } from 'electron';
import { type CommandId, type CommandMenu, commands } from '../../shared/commands.ts';

type Item = MenuItemConstructorOptions;

/** What a text field needs these for: they stay with the roles of the edit menu, which know where the cursor is. */
const ofText = new Set(['CmdOrCtrl+Z', 'CmdOrCtrl+A']);

/** The first key with a modifier: a plain letter would be taken away from whoever types. */
const acceleratorOf = (keys: readonly string[]): string | undefined =>
  keys.find((key) => key.length > 1 && key.includes('+') && !ofText.has(key));

/** One command as an item of a menu. The id is the command's, so that it can be greyed. */
export const commandItem = (
  { id, label, keys }: { readonly id: CommandId; readonly label: string; readonly keys: readonly string[] },
  enabled: boolean,
  run: (command: CommandId) => void,
): Item => {
  const accelerator = acceleratorOf(keys);
  return {
    id,
    label,
    enabled,
    // Shown only: the page hears its keys itself. (macOS asks the page first and does not know this option.)
    ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
    click: () => run(id),
  };
};

/** Every command is in the menu bar, in the part that the table names; the rest of it are roles of the system. */
export const menuTemplate = (
  platform: NodeJS.Platform,
  enabled: ReadonlySet<CommandId>,
  run: (command: CommandId) => void,
): Item[] => {
  const of = (menu: CommandMenu): Item[] =>
    commands.filter((command) => command.menu === menu).map((it) => commandItem(it, enabled.has(it.id), run));
  const line: Item = { type: 'separator' };
  const mac = platform === 'darwin';
  const text: Item[] = [
    { role: 'undo', label: 'Undo typing' },
    { role: 'redo', label: 'Redo typing' },
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll', label: 'Select all text' },
  ];
  const size: Item[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    line,
    { role: 'togglefullscreen' },
  ];
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    { label: 'File', submenu: [...of('file'), line, mac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu', submenu: [...text, line, ...of('edit')] },
    { label: 'View', submenu: [...of('view'), line, ...size] },
    { label: 'Cache', submenu: of('cache') },
    { role: 'windowMenu' },
    { role: 'help', submenu: [...of('help'), ...(mac ? [] : [line, { role: 'about' } satisfies Item])] },
  ];
};
