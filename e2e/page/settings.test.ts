import { existsSync } from 'node:fs';
import { describe, test } from 'vitest';
import { formatBytes } from '../../shared/format.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, cellOf, goTo, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { du } from '../support/sandbox.ts';

describe.skipIf(noBrowser.skip)('settings', () => {
  test('hold at once, in every page, and after the program was started again', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const first = await open(home, { colorScheme: 'light' });
    const theme = (page: typeof first.page) => page.locator(':root').getAttribute('data-theme');
    await expect(await cellOf(first.page, 'npm', 'Size')).toHaveText(formatBytes(du(unit)));
    expect(await theme(first.page)).toBe('light');
    await goTo(first.page, 'Settings');
    const other = await first.page.context().newPage();
    await other.goto(first.url.origin);
    for (const name of ['Dark', 'KiB, MiB, GiB', '5 min']) {
      await first.page.getByRole('radio', { name, exact: true }).click();
      await expect(first.page.getByRole('radio', { name, exact: true })).toBeChecked();
    }
    await first.page.getByRole('switch', { name: /^Clear with one click/ }).click();
    await expect(await cellOf(other, 'npm', 'Size')).toHaveText(formatBytes(du(unit), 'binary'));
    await expect.poll(() => theme(other)).toBe('dark');
    await first.page.context().close();
    await first.stop();

    const { page } = await open(home, { colorScheme: 'light' });
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText(formatBytes(du(unit), 'binary'));
    expect(await theme(page)).toBe('dark');
    await goTo(page, 'Settings');
    for (const name of ['Dark', 'KiB, MiB, GiB', '5 min']) {
      await expect(page.getByRole('radio', { name, exact: true })).toBeChecked();
    }
    await expect(page.getByRole('switch', { name: /^Clear with one click/ })).toBeChecked();

    // Idle, can be had again, can be undone: one click, no question.
    await goTo(page, 'Caches');
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    await expect(sheet(page)).toHaveCount(0);
    expect(existsSync(unit)).toBe(false);
  });

  test('what a clear relies on is tried on this machine when a person asks for it', { timeout: 300_000 }, async () => {
    const { page } = await open(newHome());
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Try it' }).click();
    const tried = page.getByRole('list', { name: 'What was tried' }).getByRole('listitem');
    await expect(tried.first()).toBeVisible({ timeout: 240_000 });
    expect(await tried.count()).toBeGreaterThan(5);
    await expect(tried.filter({ hasText: 'does not hold here' })).toHaveCount(0);
    await expect(tried.filter({ hasText: 'A clear that is killed leaves all or nothing – holds' })).toBeVisible();
  });
});
