import { type BrowserWindow, dialog, type MessageBoxOptions, shell } from 'electron';
import type { Shell } from '../core/inspector.ts';
import { commandQuestion, type Question, questionFor } from './confirm-words.ts';
import { lastFolder, rememberFolder } from './memory.ts';
import type { Preferences } from './preferences.ts';
import type { MainWindow } from './window.ts';

/** Asks in a dialog of the system, on the window where there is one. The number of the button that was pressed. */
export const ask = async (window: BrowserWindow | null, options: MessageBoxOptions): Promise<number> => {
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response;
};

const saysYes = async (window: BrowserWindow | null, { message, detail, verb }: Question): Promise<boolean> => {
  const answer = await ask(window, {
    type: 'warning',
    message,
    detail,
    buttons: [verb, 'Cancel'],
    // What Enter, Escape and the window's own close button mean: nothing is cleared by accident.
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return answer === 0;
};

/** What the desktop can do for the program: core decides when. */
export const desktopShell = (window: MainWindow, preferences: Preferences): Shell => ({
  reveal: async (path) => shell.showItemInFolder(path),

  pickFolder: async () => {
    const options = {
      title: 'Add a folder',
      buttonLabel: 'Add',
      defaultPath: lastFolder(),
      properties: ['openDirectory' as const, 'dontAddToRecent' as const],
    };
    const { current } = window;
    const { canceled, filePaths } = await (current
      ? dialog.showOpenDialog(current, options)
      : dialog.showOpenDialog(options));
    const path = canceled ? undefined : filePaths[0];
    if (path === undefined) return null;
    rememberFolder(path);
    return path;
  },

  confirm: (plan, how) => saysYes(window.current, questionFor(plan, how, preferences.byteUnits)),
  confirmCommand: (command) => saysYes(window.current, commandQuestion(command)),
});
