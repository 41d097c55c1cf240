import { app } from 'electron';

/**
 * One desktop program for a person at a time: a second start shows the window of the first, and ends.
 * @returns false in the second one
 */
export const setupSingleInstance = (showFirst: () => void): boolean => {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', showFirst);
  return true;
};
