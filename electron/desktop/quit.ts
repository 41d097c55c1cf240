import { app } from 'electron';
import type { Inspector } from '../core/inspector.ts';
import type { Ongoing } from './ongoing.ts';
import { quitWords } from './quit-words.ts';
import { ask } from './shell.ts';
import type { MainWindow } from './window.ts';

const agrees = async ({ deletes, undoable }: Ongoing, window: MainWindow): Promise<boolean> => {
  const detail = quitWords(
    [...deletes.values()].map(({ operation }) => operation),
    [...undoable.values()],
  );
  if (detail === null) return true;
  const answer = await ask(window.current, {
    type: 'question',
    message: 'Quit while something is being cleared?',
    detail,
    buttons: ['Quit', 'Stay'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return answer === 0;
};

/**
 * Before the program ends it says what that means for what is going on, and core hands it over to the next start.
 * Closing the window is quitting, except on macOS, where the program stays.
 */
export const setupQuit = (inspector: Inspector, ongoing: Ongoing, window: MainWindow): void => {
  let state: 'runs' | 'asks' | 'closed' = 'runs';

  const quit = async (): Promise<void> => {
    if (!(await agrees(ongoing, window))) {
      state = 'runs';
      return;
    }
    try {
      await inspector.close();
    } finally {
      state = 'closed';
      app.quit();
    }
  };

  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'asks') return;
    state = 'asks';
    void quit();
  });
  window.onOpened((opened) =>
    opened.on('close', (event) => {
      // The window stays until the question is answered: it stands on it.
      if (state === 'closed' || process.platform === 'darwin') return;
      event.preventDefault();
      app.quit();
    }),
  );
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => window.show());
};
