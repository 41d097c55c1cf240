import type { Locator, Page } from '@playwright/test';

// How a person finds things on the page: by role and name, never by class or place in the document.

type View = 'Caches' | 'Leftovers' | 'History' | 'Settings';

export const goTo = (page: Page, view: View): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();

export const cachesTable = (page: Page): Locator => page.getByRole('treegrid', { name: 'Caches' });

/** The line of a cache, by what it is called. */
export const cacheRow = (page: Page, name: string): Locator =>
  cachesTable(page)
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name, exact: true }) });

type Column = 'Size' | 'Files' | 'Last used' | 'State';

/** One cell of such a line. */
export const cellOf = async (page: Page, name: string, column: Column): Promise<Locator> => {
  await cacheRow(page, name).waitFor();
  const heads = await cachesTable(page).getByRole('columnheader').allInnerTexts();
  const at = heads.findIndex((head) => head.startsWith(column));
  if (at < 0) throw new Error(`there is no column ${column} among ${heads.join(', ')}`);
  return cacheRow(page, name).getByRole('gridcell').nth(at);
};

export const sheet = (page: Page): Locator => page.getByRole('dialog');

/** Two clicks: the line's button, and the one that says how much. */
export const clear = async (page: Page, name: string): Promise<void> => {
  await cacheRow(page, name)
    .getByRole('button', { name: `Clear ${name}…` })
    .click();
  await sheet(page)
    .getByRole('button', { name: /^Clear \d/ })
    .click();
};

/** Everything that is told at the bottom. */
export const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });

/** What is told there about one clear, by its name: `npm/_cacache`, `2 parts of npm`. */
export const told = (page: Page, name: string | RegExp): Locator =>
  messages(page).getByRole('article', { name, exact: true });

export const openCache = (page: Page, name: string): Promise<void> =>
  cacheRow(page, name).getByRole('button', { name, exact: true }).click();

export const historyTable = (page: Page): Locator => page.getByRole('treegrid', { name: 'History' });

/** The lines of operations, without those of days. */
export const historyRows = (page: Page): Locator => historyTable(page).getByRole('row', { name: /came back, / });

/** How long Undo is possible, set by hand: `0 s`, `10 s`. Ends on the caches. */
export const setTimeForUndo = async (page: Page, choice: string): Promise<void> => {
  await goTo(page, 'Settings');
  const radio = page
    .getByRole('radiogroup', { name: 'Time for Undo' })
    .getByRole('radio', { name: choice, exact: true });
  await radio.click();
  await page.getByRole('radio', { name: choice, exact: true, checked: true }).waitFor();
  await goTo(page, 'Caches');
};
