import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { cacheRow, goTo, historyRows, openCache, sheet, told } from '../support/on-page.ts';

type Theme = 'light' | 'dark';
type Tab = 'Entries' | 'Folders' | 'Map' | 'About';
type Shoot = (name: string) => Promise<void>;

/** Opens the page as a person who likes it light or dark; `shoot` keeps a picture of it. */
export const visit = async (
  browser: Browser,
  url: string,
  { theme, width = 1200, folder }: { readonly theme: Theme; readonly width?: number; readonly folder: string },
): Promise<{ readonly page: Page; readonly shoot: Shoot; close(): Promise<void> }> => {
  mkdirSync(folder, { recursive: true });
  const context = await browser.newContext({
    viewport: { width, height: width < 800 ? 620 : 760 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(url);
  // A page where nothing is has no table.
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  return {
    page,
    shoot: async (name) => {
      // Nothing is on its way any more, and the pointer points at nothing.
      await page.mouse.move(width / 2, 2);
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
      await page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide' });
    },
    close: () => context.close(),
  };
};

/** What stands on a tab when all of it is there. */
const whole = (page: Page, tab: Tab) =>
  ({
    Entries: page.getByText(/^[\d,]+ entries · /),
    Folders: page.getByRole('treegrid'),
    Map: page.getByRole('application'),
    About: page.getByText('What losing it costs'),
  })[tab];

const contents = async (page: Page, shoot: Shoot, tabs: readonly Tab[]): Promise<void> => {
  await openCache(page, 'npm');
  for (const tab of tabs) {
    await page.getByRole('tab', { name: tab }).click();
    await whole(page, tab).waitFor();
    if (tab === 'Folders') {
      await page.getByRole('treegrid').focus();
      for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    }
    await shoot(tab.toLowerCase());
  }
  await goTo(page, 'Caches');
};

/** Entries by a filter and by name, and what a clear of those that are shown would do, less two of them. */
const chosen = async (page: Page, shoot: Shoot): Promise<void> => {
  await openCache(page, 'npm');
  await whole(page, 'Entries').waitFor();
  await page.getByRole('button', { name: /not used for 90 days/ }).click();
  await page.getByRole('button', { name: 'not the newest version' }).click();
  await page.getByRole('button', { name: 'group by name' }).click();
  const tree = page.getByRole('treegrid', { name: 'Entries' });
  await tree.waitFor();
  await page.getByText(/of \d+ entries not used for 90 days, not the newest version/).waitFor();
  await tree.focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  await tree.locator('[aria-level="2"]').first().waitFor();
  await shoot('filtered');
  await page.getByRole('button', { name: /^Clear [\d,]+ entries…/ }).click();
  const list = sheet(page).getByRole('grid', { name: 'Entries to clear' });
  await list.getByRole('checkbox').first().uncheck();
  await list.getByRole('checkbox').nth(2).uncheck();
  await sheet(page).getByText('2 taken out').waitFor();
  await page.waitForTimeout(1500);
  await shoot('chosen');
  await page.keyboard.press('Escape');
  await sheet(page).waitFor({ state: 'detached' });
  await goTo(page, 'Caches');
};

/** Columns of another tool; a tool whose own command is the better choice. */
const others = async (page: Page, shoot: Shoot): Promise<void> => {
  await openCache(page, 'Playwright');
  await whole(page, 'Entries').waitFor();
  await shoot('used-by');
  await goTo(page, 'Caches');
  await openCache(page, 'pnpm store');
  await page.getByRole('button', { name: 'Clear pnpm store…' }).click();
  await sheet(page).getByText('the better choice').waitFor();
  await shoot('own-first');
  await sheet(page).getByRole('button', { name: /^Run / }).click();
  await sheet(page).getByRole('button', { name: 'Run it' }).waitFor();
  await shoot('own-command');
  await page.keyboard.press('Escape');
  await goTo(page, 'Caches');
};

/** What differs by theme or width in kind: enough of it to be looked at in each. */
export const mainViews = async (page: Page, shoot: Shoot): Promise<void> => {
  await cacheRow(page, 'pip').getByText('in use').waitFor();
  await cacheRow(page, 'npm').getByText('idle').waitFor();
  await shoot('caches');
  await contents(page, shoot, ['Entries', 'Map']);
  await chosen(page, shoot);
  await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
  await sheet(page)
    .getByRole('button', { name: /^Clear \d/ })
    .waitFor();
  await shoot('clear');
  await page.keyboard.press('Escape');
  await goTo(page, 'Leftovers');
  await page.getByRole('button', { name: /^Clean all that are safe \(\d+, / }).waitFor();
  await shoot('leftovers');
  await goTo(page, 'History');
  await historyRows(page).first().waitFor();
  await shoot('history');
  await goTo(page, 'Settings');
  await page.getByText('What this system guarantees').waitFor();
  await shoot('settings');
  await goTo(page, 'Caches');
};

/** The others. */
export const otherViews = async (page: Page, shoot: Shoot): Promise<void> => {
  await contents(page, shoot, ['Folders', 'About']);
  await others(page, shoot);
  await cacheRow(page, 'pip').getByRole('button', { name: 'Clear pip…' }).click();
  await sheet(page).getByText('Clear anyway').waitFor();
  await shoot('in-use');
  await sheet(page).getByRole('button', { name: 'Clear when idle' }).click();
  const waiting = told(page, /pip$|^pip\//).filter({ hasText: 'Waiting for' });
  await waiting.first().waitFor();
  await shoot('waiting');
  await waiting.first().getByRole('button', { name: 'Stop waiting' }).click();
  await page.getByText('you stopped waiting').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await shoot('commands');
  await page.keyboard.press('Escape');
};

/** A clear that can still be undone, and is. */
export const undoable = async (page: Page, shoot: Shoot): Promise<void> => {
  await cacheRow(page, 'npm').getByText('idle').waitFor();
  await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
  await sheet(page)
    .getByRole('button', { name: /^Clear \d/ })
    .click();
  const message = told(page, '3 parts of npm');
  await message.getByText('set aside').first().waitFor();
  await shoot('undo');
  await message.getByRole('button', { name: 'Undo' }).click();
  await cacheRow(page, 'npm').getByText('idle').waitFor();
};

/** An undo that finds something new at the place: asked about, then swapped. `make`: what the tool does meanwhile. */
export const recreated = async (page: Page, shoot: Shoot, make: () => void): Promise<void> => {
  await cacheRow(page, 'pip-tools').getByRole('button', { name: 'Clear pip-tools…' }).click();
  await sheet(page)
    .getByRole('button', { name: /^Clear \d/ })
    .click();
  const message = told(page, /pip-tools/).filter({ hasText: 'set aside' });
  await message.first().waitFor();
  make();
  await message.first().getByRole('button', { name: 'Undo' }).click();
  await sheet(page)
    .getByRole('radio', { name: /Swap them/ })
    .check();
  await shoot('recreated');
  await sheet(page).getByRole('button', { name: 'Swap them' }).click();
  await page.getByText('is back as it was').first().waitFor();
};

export const emptyViews = async (page: Page, shoot: Shoot): Promise<void> => {
  await page
    .getByRole('main')
    .getByRole('button', { name: /Add a folder/ })
    .first()
    .waitFor();
  await shoot('caches');
  await goTo(page, 'Leftovers');
  await shoot('leftovers');
  await goTo(page, 'History');
  await shoot('history');
};

export const hugeCache = async (page: Page, shoot: Shoot): Promise<void> => {
  await cacheRow(page, 'npm')
    .getByText(/^\d.* MB$/)
    .waitFor();
  await contents(page, shoot, ['Entries', 'Folders', 'Map']);
};

/** What is in the way stays in the way: the message, and the history opened at it. */
export const failing = async (page: Page, shoot: Shoot): Promise<void> => {
  await goTo(page, 'Settings');
  await page.getByRole('radio', { name: '0 s', exact: true }).click();
  await goTo(page, 'Caches');
  await cacheRow(page, 'pip-tools').getByRole('button', { name: 'Clear pip-tools…' }).click();
  await sheet(page)
    .getByRole('button', { name: /^Clear \d/ })
    .click();
  await page
    .getByText(/not all could be deleted/)
    .first()
    .waitFor();
  await shoot('caches');
  await goTo(page, 'History');
  await historyRows(page).filter({ hasText: 'In part' }).first().click();
  await shoot('history');
};
