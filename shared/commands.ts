/**
 * Every command of the program by name, once: the page's keys, its command list and help, and the native menus all
 * read this table. Keys are written as Electron's accelerators; `CmdOrCtrl` is Command on macOS and Control elsewhere.
 * Plain letters work where no text is being typed, and only in the page: a native menu shows the first with a modifier.
 */
const table = {
  'view-caches': { label: 'Caches', menu: 'view', keys: ['1'] },
  'view-leftovers': { label: 'Leftovers', menu: 'view', keys: ['2'] },
  'view-history': { label: 'History', menu: 'view', keys: ['3'] },
  'view-settings': { label: 'Settings', menu: 'view', keys: ['4', 'CmdOrCtrl+,'] },
  'previous-tab': { label: 'Previous tab', menu: 'view', keys: ['['] },
  'next-tab': { label: 'Next tab', menu: 'view', keys: [']'] },
  back: { label: 'Back', menu: 'view', keys: ['Backspace', 'Alt+Left'] },
  search: { label: 'Search', menu: 'edit', keys: ['/', 'CmdOrCtrl+F'] },
  'select-all': { label: 'Select all', menu: 'edit', keys: ['CmdOrCtrl+A'] },
  'copy-path': { label: 'Copy path', menu: 'edit', keys: ['CmdOrCtrl+Shift+C'] },
  open: { label: 'Open', menu: 'file', keys: ['Enter'] },
  'add-folder': { label: 'Add a folder…', menu: 'file', keys: ['CmdOrCtrl+O'] },
  reveal: { label: 'Show in the file manager', menu: 'file', keys: ['CmdOrCtrl+Shift+R'] },
  measure: { label: 'Measure again', menu: 'cache', keys: ['r', 'CmdOrCtrl+R'] },
  clear: { label: 'Clear…', menu: 'cache', keys: ['Delete', 'c'] },
  undo: { label: 'Undo the last clear', menu: 'cache', keys: ['u', 'CmdOrCtrl+Z'] },
  'clean-safe': { label: 'Clean all leftovers that are safe', menu: 'cache', keys: [] },
  'stop-delete': { label: 'Stop deleting', menu: 'cache', keys: [] },
  'export-history': { label: 'Export the history…', menu: 'file', keys: [] },
  commands: { label: 'All commands…', menu: 'help', keys: ['CmdOrCtrl+K'] },
  keys: { label: 'Keys', menu: 'help', keys: ['?'] },
} as const satisfies Record<string, Omit<Command, 'id'>>;

export type CommandId = keyof typeof table;
export type CommandMenu = 'file' | 'edit' | 'view' | 'cache' | 'help';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly menu: CommandMenu;
  readonly keys: readonly string[];
}

export const commands: readonly (Command & { readonly id: CommandId })[] = Object.entries(table).map(
  ([id, command]) => ({ id: id as CommandId, ...command }),
);
export const isCommandId = (text: string): text is CommandId => Object.hasOwn(table, text);
