import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { formatBytes } from '../../shared/format.ts';
import { history } from '../support/answers.ts';
import { needs } from '../support/caches.ts';
import { type Registry, startRegistry } from '../support/local-registry.ts';
import { dozen } from '../support/npm-packages.ts';
import { cacheRow, cellOf, clear, goTo, historyRows, openCache, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { inspect, newHome } from '../support/program.ts';
import { npmInstall, npmVersion } from '../support/real-npm.ts';
import { du, fingerprint, siblings } from '../support/sandbox.ts';

/** What a clear of all of it is called: `_cacache` and `_logs`. */
const both = '2 parts of npm';

const npm = needs('npm', (await npmVersion()) !== null);

describe.skipIf(noBrowser.skip || npm.skip)(`npm's real cache${npm.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  const installed = async () => {
    const home = newHome();
    await npmInstall(home, null, registry.url, dozen);
    const units = ['_cacache', '_logs'].map((name) => join(home, '.npm', name));
    return {
      home,
      cacache: units[0] ?? '',
      bytes: () => units.reduce((sum, unit) => sum + du(unit), 0),
      print: () => units.map(fingerprint).join('\n'),
      gone: () => units.every((unit) => !existsSync(unit)),
    };
  };

  /** The page and the terminal tell the same of both clears. */
  const sameHistory = async (page: Page, home: string): Promise<void> => {
    const operations = await history(home);
    expect(operations.map(({ state, unit }) => `${unit} ${state}`).sort()).toEqual(
      ['_cacache', '_logs'].flatMap((unit) => [`${unit} done`, `${unit} undone`]),
    );
    await expect(historyRows(page)).toHaveCount(operations.length);
    for (const { unit, state, bytes, door } of operations) {
      expect(door).toBe('browser');
      const words = `npm ${unit}, ${formatBytes(bytes.freed)} came back, ${state === 'done' ? 'Cleared' : 'Put back'}`;
      await expect(historyRows(page).and(page.getByRole('row', { name: words }))).toHaveCount(1);
    }
  };

  test('is found, looked into, cleared with two clicks, put back whole, and cleared for good', {
    timeout: 120_000,
  }, async () => {
    const { home, bytes, cacache, print, gone } = await installed();
    const { page } = await open(home);
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText(formatBytes(bytes()));

    await openCache(page, 'npm');
    const search = page.getByRole('searchbox');
    for (const { name, version } of dozen) {
      await search.fill(`${name} ${version}`);
      const entry = page.getByRole('grid', { name: 'Entries' }).getByRole('row').filter({ hasText: name });
      await expect(entry.filter({ hasText: version }).first()).toBeVisible();
    }
    await search.fill('no-such-package');
    await expect(page.getByText('matches “no-such-package”')).toBeVisible();
    await goTo(page, 'Caches');

    const before = print();
    const held = bytes();
    await clear(page, 'npm');
    await expect(cacheRow(page, 'npm')).toContainText('set aside');
    expect(gone()).toBe(true);
    await told(page, both).getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, both)).toContainText('are back as they were');
    expect(print()).toBe(before);
    expect(siblings(cacache).filter((name) => name.includes('stale'))).toEqual([]);
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText(formatBytes(held));

    await clear(page, 'npm');
    await expect(told(page, both).filter({ hasText: 'came back' })).toBeVisible({ timeout: 40_000 });
    expect(gone()).toBe(true);
    expect(siblings(cacache).filter((name) => /stale|deleting/.test(name))).toEqual([]);
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText('0 B');

    await goTo(page, 'History');
    await sameHistory(page, home);
    const freed = (await history(home)).reduce((sum, operation) => sum + operation.bytes.freed, 0);
    expect(Math.abs(freed - held)).toBeLessThanOrEqual(held / 100);
    const { stdout } = await inspect(home, ['history']);
    expect(stdout.match(/npm\/_cacache/g)).toHaveLength(2);
  });

  test('the same by keyboard alone', { timeout: 120_000 }, async () => {
    const { home, print, gone } = await installed();
    const { page } = await open(home);
    const { keyboard } = page;
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await keyboard.press('/');
    await keyboard.type('npm');
    await expect(cacheRow(page, 'pip')).toHaveCount(0);
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'npm' })).toBeVisible();
    await keyboard.press('/');
    await keyboard.type('is-3-odd 3.1.4');
    const entries = page.getByRole('grid', { name: 'Entries' });
    await expect(entries.getByRole('row').filter({ hasText: '3.1.4' }).first()).toBeVisible();
    await keyboard.press('Enter');
    await expect(entries).toBeFocused();
    await keyboard.press('Backspace');
    await expect(cacheRow(page, 'npm')).toBeVisible();

    const before = print();
    const clearByKeys = async (): Promise<void> => {
      await keyboard.press('/');
      await keyboard.type('npm');
      await keyboard.press('Enter');
      await keyboard.press('c');
      const clearIt = sheet(page).getByRole('button', { name: /^Clear \d/ });
      await expect(clearIt).toBeEnabled();
      await expect(sheet(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
      await keyboard.press('Tab');
      await expect(clearIt).toBeFocused();
      await keyboard.press('Enter');
      await expect(sheet(page)).toHaveCount(0);
      expect(gone()).toBe(true);
    };
    await clearByKeys();
    await expect(told(page, both)).toContainText('set aside');
    await keyboard.press('u');
    await expect(told(page, both)).toContainText('are back as they were');
    expect(print()).toBe(before);

    await clearByKeys();
    await expect(told(page, both).filter({ hasText: 'came back' })).toBeVisible({ timeout: 40_000 });
    await keyboard.press('3');
    await sameHistory(page, home);
    for (let tabs = 0; tabs < 20 && (await historyRows(page).and(page.locator(':focus')).count()) === 0; tabs += 1) {
      await keyboard.press('Tab');
    }
    await keyboard.press('End');
    await keyboard.press('Enter');
    await expect(page.getByText('Put back, whole as it was')).toBeVisible();
  });
});
