import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { clear as clearThere } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, cellOf, clear, goTo, messages, openCache, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { fingerprint, write } from '../support/sandbox.ts';

const field = (page: Page) => sheet(page).getByRole('textbox', { name: 'Folder' });
const button = (page: Page, name: string) => sheet(page).getByRole('button', { name, exact: true });
const tag = 'Signature: 8a477f597d28d172789f06886806bc55\n';

describe.skipIf(noBrowser.skip)('a folder that a person adds', () => {
  test('with the mark of a cache is listed at once, cleared, and forgotten', async () => {
    const home = newHome();
    writeNpmCache(home);
    write(home, { 'build/objects/CACHEDIR.TAG': tag, 'build/objects/a.o': 'a'.repeat(9000) });
    const { page } = await open(home);
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    await expect(field(page)).toBeFocused();
    await field(page).fill('~/build/objects');
    await page.keyboard.press('Enter');
    await expect(sheet(page)).toHaveCount(0);
    await expect(messages(page)).toContainText('is in the list now');
    await expect(cacheRow(page, 'objects')).toContainText('idle');
    await clear(page, 'objects');
    await expect(told(page, 'objects')).toContainText('set aside');
    expect(fs.existsSync(path.join(home, 'build/objects'))).toBe(false);
    await told(page, 'objects').getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, 'objects')).toContainText('is back as it was');

    await goTo(page, 'Settings');
    await page.getByRole('button', { name: `Forget ${path.join(home, 'build/objects')}` }).click();
    await expect(page.getByRole('button', { name: /^Forget / })).toHaveCount(0);
    await goTo(page, 'Caches');
    await expect(cacheRow(page, 'npm')).toBeVisible();
    await expect(cacheRow(page, 'objects')).toHaveCount(0);
    expect(fs.readdirSync(path.join(home, 'build/objects')).sort()).toEqual(['CACHEDIR.TAG', 'a.o']);
  });

  test('with nothing that shows it to be a cache needs their explicit word', async () => {
    const home = newHome();
    write(home, { 'work/thesis.txt': 'mine' });
    const { page } = await open(home);
    const ask = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Add a folder…' }).click();
      await field(page).fill(path.join(home, 'work'));
      await button(page, 'Add').click();
      await expect(sheet(page).getByRole('alert')).toContainText('Nothing shows that ~/work is a cache');
      await expect(button(page, 'Add')).toBeDisabled();
    };
    await ask();
    await button(page, 'Cancel').click();
    await expect(cacheRow(page, 'work')).toHaveCount(0);
    await ask();
    await sheet(page)
      .getByRole('checkbox', { name: /^This is a cache/ })
      .check();
    await button(page, 'Add').click();
    await expect(cacheRow(page, 'work')).toBeVisible();
    expect(fs.readFileSync(path.join(home, 'work/thesis.txt'), 'utf8')).toBe('mine');
  });

  test.each([
    ['work', 'whole path'],
    ['~', 'home'],
    ['~/nowhere', 'nowhere'],
    ['/', 'root'],
  ])('%s is refused in words', async (typed, word) => {
    const home = newHome();
    const { page } = await open(home);
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    await field(page).fill(typed);
    await button(page, 'Add').click();
    await expect(sheet(page).getByRole('alert')).toContainText(word);
    await page.keyboard.press('Escape');
    await expect(sheet(page)).toHaveCount(0);
  });
});

describe.skipIf(noBrowser.skip)('a folder that a person protects', () => {
  test('keeps what is in it from being cleared, here and in a terminal, until it is taken off the list', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const before = fingerprint(unit);
    const { page } = await open(home);
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Protect a folder…' }).click();
    await field(page).fill('~/.npm');
    await button(page, 'Protect').click();
    const remove = page.getByRole('button', { name: `Remove ${path.join(home, '.npm')}` });
    await expect(remove).toBeVisible();

    await goTo(page, 'Caches');
    await expect(await cellOf(page, 'npm', 'State')).toHaveText('protected');
    await expect(cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' })).toHaveCount(0);
    await openCache(page, 'npm');
    await expect(page.getByRole('button', { name: 'Clear npm…' })).toBeDisabled();
    await expect(page.getByRole('tabpanel')).toContainText('protected');
    const there = await clearThere(home, ['npm', '--yes']);
    expect(there).toMatchObject({ code: 3, error: { code: 'protected-place' }, operations: [] });
    expect(fingerprint(unit)).toBe(before);

    await goTo(page, 'Settings');
    await remove.click();
    await expect(remove).toHaveCount(0);
    await goTo(page, 'Caches');
    await clear(page, 'npm');
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
  });
});
