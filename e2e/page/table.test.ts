import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { history } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, cachesTable, cellOf, goTo, openCache, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { write } from '../support/sandbox.ts';

const both = /^2 parts of (?:npm and pip-tools|pip-tools and npm)$/;

/** Those of `three`, in their order: tools that have no cache here have a line too. */
const tools = async (page: Page) => {
  const all = await cachesTable(page)
    .getByRole('button', { name: /^Unfold / })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')?.replace('Unfold ', '')));
  return all.filter((name) => /^(?:npm|pip|pip-tools)$/.test(name ?? ''));
};

/** npm's is the largest, pip's the one that was used last. */
const three = (): string => {
  const home = newHome();
  writeNpmCache(home);
  write(home, {
    '.cache/pip-tools/pkgs/x-1.0-py3-none-any.whl': 'x'.repeat(60_000),
    '.cache/pip/http-v2/a/b/c/d/e/abcde': 'y'.repeat(3000),
  });
  return home;
};

describe.skipIf(noBrowser.skip)('the table of caches', () => {
  test('is sorted by what a person clicks, and searched by what they type', async () => {
    const { page } = await open(three());
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await expect.poll(() => tools(page)).toEqual(['npm', 'pip-tools', 'pip']);
    const size = page.getByRole('columnheader', { name: /^Size/ });
    await expect(size).toHaveAttribute('aria-sort', 'descending');
    await size.getByRole('button').click();
    await expect.poll(() => tools(page)).toEqual(['pip', 'pip-tools', 'npm']);
    await page
      .getByRole('button', { name: /^Cache/ })
      .and(cachesTable(page).getByRole('button'))
      .click();
    await expect.poll(() => tools(page)).toEqual(['npm', 'pip', 'pip-tools']);

    const search = page.getByRole('searchbox', { name: 'Search caches' });
    await search.fill('.cache pip-t');
    await expect.poll(() => tools(page)).toEqual(['pip-tools']);
    await search.fill('nothing like that');
    await expect(page.getByText('No cache matches “nothing like that”')).toBeVisible();
    await page.getByRole('button', { name: 'Show all caches' }).click();
    await expect.poll(() => tools(page)).toEqual(['npm', 'pip', 'pip-tools']);
  });

  test('several are chosen by mouse and keys, and cleared with one button', async () => {
    const home = three();
    const { page } = await open(home);
    // While sizes are measured for the first time, lines find their places.
    for (const name of ['npm', 'pip', 'pip-tools']) await expect(await cellOf(page, name, 'Size')).toContainText('kB');
    await expect.poll(() => tools(page)).toEqual(['npm', 'pip-tools', 'pip']);
    await cacheRow(page, 'pip').click({ modifiers: ['Control'] });
    await cacheRow(page, 'npm').click({ modifiers: ['Control'] });
    await expect(page.getByRole('status').filter({ hasText: '2 selected' })).toBeVisible();
    await expect(cacheRow(page, 'pip')).toHaveAttribute('aria-selected', 'true');
    await cachesTable(page).press('Control+a');
    await expect(page.getByRole('status').filter({ hasText: '3 selected' })).toBeVisible();
    await page.getByRole('button', { name: 'Select none' }).click();
    await cachesTable(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByRole('status').filter({ hasText: '2 selected' })).toBeVisible();
    await page.getByRole('button', { name: 'Clear selected…' }).click();
    await expect(sheet(page).getByRole('heading', { name: 'Clear 2 caches?' })).toBeVisible();
    await sheet(page)
      .getByRole('button', { name: /^Clear \d/ })
      .click();
    await expect(told(page, both)).toContainText('set aside');
    const there = ['.npm/_cacache', '.cache/pip-tools/pkgs', '.cache/pip/http-v2'].map((it) =>
      existsSync(path.join(home, it)),
    );
    expect(there).toEqual([false, false, true]);
    await told(page, both).getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, both)).toContainText('are back');
    expect(existsSync(path.join(home, '.npm/_cacache'))).toBe(true);
    expect((await history(home)).map(({ state }) => state)).toEqual(['undone', 'undone']);
  });

  test.each([
    ['a page', 1200],
    ['a narrow window', 720],
  ])('nothing is cut off or out of reach in %s', async (_, width) => {
    const { page } = await open(three(), { viewport: { width, height: 600 } });
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    const fits = async (): Promise<void> => {
      const wide = await page.locator(':root').evaluate((root) => root.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      // All at one moment: lines come and go while caches are measured.
      const boxes = await page.getByRole('button').evaluateAll((buttons) =>
        buttons.map((button) => {
          const { left, right, top } = button.getBoundingClientRect();
          return { name: button.ariaLabel ?? button.textContent, left, right, top };
        }),
      );
      expect(boxes.filter(({ left, right, top }) => top < 600 && (left < 0 || right > width))).toEqual([]);
    };
    await fits();
    for (const view of ['Leftovers', 'History', 'Settings', 'Caches'] as const) {
      await goTo(page, view);
      await fits();
    }
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(sheet(page).getByRole('button', { name: /^Clear \d/ })).toBeEnabled();
    const box = await sheet(page).boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(600);
    await page.keyboard.press('Escape');
    await openCache(page, 'npm');
    for (const tab of ['Folders', 'Map', 'About', 'Entries']) {
      await page.getByRole('tab', { name: tab }).click();
      await fits();
    }
  });
});
