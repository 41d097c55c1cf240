import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { formatBytes } from '../../shared/format.ts';
import { history, shown, the } from '../support/answers.ts';
import { needs } from '../support/caches.ts';
import { writePackages } from '../support/npm-index.ts';
import { cacheRow, cellOf, goTo, historyRows, historyTable, messages, openCache, sheet } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { du, fingerprint, has } from '../support/sandbox.ts';

const dayMs = 86_400_000;
const longAgo = Date.now() - 200 * dayMs;
const needsNpm = needs('npm', has('npm'));

/** Makes files look as if nobody had read or written them for 200 days. */
const asUnused = (root: string, isOld: (file: string) => boolean): void => {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && isOld(file)) utimesSync(file, longAgo / 1000, longAgo / 1000);
  }
};

/** Four packages that nobody used for 200 days, two of which have a newer version, and four of today. */
const home = (): string => {
  const at = newHome();
  const root = join(at, '.npm');
  writePackages(
    root,
    [
      { name: 'react', version: '17.0.2', bytes: 300_000 },
      { name: 'react', version: '18.3.1', bytes: 200_000 },
      { name: 'lone', version: '1.0.0', bytes: 100_000 },
      { name: 'small', version: '1.0.0', bytes: 1000 },
    ].map((one) => ({ ...one, time: longAgo })),
  );
  asUnused(root, () => true);
  const fresh = ['react 19.3.1', 'small 2.0.0', 'other 1.0.0', 'more 1.0.0'].map((words) => words.split(' '));
  writePackages(
    root,
    fresh.map(([name = '', version = '']) => ({ name, version, bytes: 1000, time: Date.now() })),
  );
  return at;
};

/** All about the files below a folder. That of the folders is another: something was taken out of them and put back. */
const filesOf = (root: string): readonly string[] =>
  fingerprint(root)
    .split('\n')
    .filter((line) => !line.endsWith(' '));

const bar = (page: Page): Locator => page.getByRole('group', { name: 'Which entries are shown' });
const pill = (page: Page, name: string | RegExp): Locator => bar(page).getByRole('button', { name, exact: true });
const said = (page: Page): Locator => page.getByRole('tabpanel', { name: 'Entries' }).getByRole('status');
const versions = async (at: string): Promise<readonly string[]> =>
  (await shown(at, 'npm')).entries.map(({ name, version }) => `${name} ${version}`).sort();

describe.skipIf(noBrowser.skip)('entries', () => {
  test('are told apart by a sentence, of which each part comes and goes by keyboard', async () => {
    const { page } = await open(home());
    const { keyboard } = page;
    await openCache(page, 'npm');
    await expect(said(page)).toHaveText('8 entries · 605 kB');
    await expect(
      page.getByText(/^605 kB in 8 entries: 83 % is 3 versions of react; 601 kB not used for 90 days\.$/),
    ).toBeVisible();

    await pill(page, 'not used for').focus();
    await keyboard.press('Enter');
    await expect(sheet(page).getByRole('button', { name: '90 days' })).toBeVisible();
    for (
      let tabs = 0;
      tabs < 9 &&
      (await sheet(page).getByRole('button', { name: '90 days' }).and(page.locator(':focus')).count()) === 0;
      tabs += 1
    )
      await keyboard.press('Tab');
    await keyboard.press('Enter');
    await expect(said(page)).toHaveText('4 of 8 entries not used for 90 days · 601 kB');
    await expect(pill(page, 'not used for 90 days')).toBeFocused();
    await pill(page, 'not the newest version').press('Space');
    await expect(said(page)).toHaveText('3 of 8 entries not used for 90 days, not the newest version · 501 kB');
    await pill(page, 'larger than').press('Enter');
    await sheet(page).getByRole('textbox').fill('nonsense');
    await keyboard.press('Enter');
    await expect(sheet(page).getByRole('alert')).toContainText('250 MB');
    await sheet(page).getByRole('textbox').fill('1 kB');
    await keyboard.press('Enter');
    await expect(said(page)).toContainText('2 of 8 entries');
    await expect(pill(page, 'used by no project')).toHaveAttribute('aria-disabled', 'true');
    await expect(pill(page, 'used by no project')).toHaveAccessibleDescription(/keeps no book/);

    await pill(page, 'Not only: not used for 90 days').press('Enter');
    await pill(page, 'Not only: larger than 1.00 kB').press('Enter');
    await expect(said(page)).toContainText('3 of 8 entries not the newest version');
    await pill(page, 'with a word…').press('Enter');
    await keyboard.type('small');
    await expect(said(page)).toContainText('1 of 8 entries not the newest version, with “small” in it');
    await bar(page).getByRole('button', { name: 'Show all' }).press('Enter');
    await expect(said(page)).toHaveText('8 entries · 605 kB');

    await page.getByRole('button', { name: 'group by name' }).press('Enter');
    const tree = page.getByRole('treegrid', { name: 'Entries' });
    await expect(tree.getByRole('row', { name: 'react 3 entries' })).toHaveAttribute('aria-expanded', 'false');
    await tree.focus();
    await keyboard.press('ArrowRight');
    await expect(tree.getByRole('row', { level: 2 })).toHaveCount(3);
    await keyboard.press('Space');
    await expect(said(page)).toContainText('3 selected');
    await keyboard.press('ArrowLeft');
    await expect(tree.getByRole('row', { level: 2 })).toHaveCount(0);
  });

  test('that are shown are cleared, but for one that is taken out; Undo brings all back', async () => {
    const at = home();
    const cacache = join(at, '.npm/_cacache');
    const before = filesOf(cacache);
    // That has read them.
    asUnused(cacache, (file) => statSync(file).mtimeMs < Date.now() - 100 * dayMs);
    const all = await versions(at);
    const { page } = await open(at);
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await openCache(page, 'npm');
    await page.getByRole('button', { name: '601 kB not used for 90 days' }).click();
    await page.getByRole('button', { name: 'Clear 4 entries…' }).click();
    const list = sheet(page).getByRole('grid', { name: 'Entries to clear' });
    await expect(sheet(page).getByRole('heading', { name: 'Clear 4 entries of npm’s cache?' })).toBeVisible();
    await expect(sheet(page)).toContainText('601 kB comes back.');
    await list.getByRole('checkbox', { name: 'Clear lone 1.0.0' }).uncheck();
    await expect(sheet(page)).toContainText('501 kB comes back.');
    await expect(sheet(page)).toContainText('1 taken out: it stays.');
    // By keyboard in and out again, and all of them out: then there is nothing to clear.
    await list.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await expect(sheet(page)).toContainText('201 kB comes back.');
    await page.keyboard.press('Space');
    await expect(sheet(page)).toContainText('501 kB comes back.');
    await sheet(page).getByRole('button', { name: 'Clear 3 entries' }).click();

    const told = messages(page).getByRole('article', { name: '3 entries of npm/_cacache' });
    await expect(told).toContainText('set aside');
    const left = all.filter((one) => !['react 17.0.2', 'react 18.3.1', 'small 1.0.0'].includes(one));
    expect(await versions(at)).toEqual(left);
    await expect(said(page)).toContainText('1 of 5 entries');
    await told.getByRole('button', { name: 'Undo' }).click();
    await expect(told).toContainText('are back as they were');
    await expect(said(page)).toContainText('4 of 8 entries');
    expect(filesOf(cacache)).toEqual(before);

    await goTo(page, 'History');
    const row = the(await history(at));
    expect(row).toMatchObject({ state: 'undone', parts: { entries: 3 } });
    await historyRows(page).first().click();
    await expect(historyTable(page)).toContainText('react 17.0.2');
    await expect(historyTable(page)).not.toContainText('lone');
  });

  test.skipIf(needsNpm.skip)(`go by npm's own command, and the history has what it wrote${needsNpm.note}`, async () => {
    const at = home();
    const { page } = await open(at, {}, { env: { npm_config_update_notifier: 'false', npm_config_offline: 'true' } });
    const held = formatBytes(du(join(at, '.npm/_cacache')));
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText(held);
    await openCache(page, 'npm');
    await page.getByRole('tab', { name: 'About' }).click();
    await page.getByRole('button', { name: 'Run it…' }).click();
    await expect(sheet(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    expect(await history(at)).toEqual([]);
    await page.getByRole('button', { name: 'Run it…' }).click();
    await sheet(page).getByRole('button', { name: 'Run it', exact: true }).click();
    await expect(messages(page).getByRole('article', { name: 'npm cache clean --force' })).toContainText('came back', {
      timeout: 60_000,
    });
    expect((await versions(at)).filter((one) => !one.endsWith('.log null'))).toEqual([]);
    await goTo(page, 'Caches');
    await expect(await cellOf(page, 'npm', 'Size')).not.toHaveText(held);
    await goTo(page, 'History');
    await historyRows(page).first().click();
    await expect(historyTable(page)).toContainText('npm cache clean --force');
    await expect(historyTable(page)).toContainText('Recommended protections disabled');
    expect(the(await history(at))).toMatchObject({ kind: 'command', state: 'done', unit: 'npm cache clean --force' });
  });
});
