import { existsSync } from 'node:fs';
import { beforeAll, describe, test } from 'vitest';
import { writeNpmCache } from '../support/caches.ts';
import { type Booted, boot } from '../support/electron/boot.ts';
import { cacheRow, goTo, historyRows, messages, sheet, told } from '../support/on-page.ts';
import { expect, newPage, noBrowser } from '../support/page.ts';
import { fingerprint, siblings } from '../support/sandbox.ts';

/** The built main.js on a stand-in for Electron; the built preload.cjs and the page in Chromium; core and disk are real. */
describe.skipIf(noBrowser.skip)('the stand-in, with the page in Chromium', () => {
  let booted: Booted;
  let unit = '';
  beforeAll(async () => {
    booted = await boot((home) => {
      unit = writeNpmCache(home);
    });
  });
  const questions = () => booted.electron.asked.filter(({ what }) => what === 'dialog.showMessageBox');

  test('a cache is cleared when the person says yes to the system, and not before; undone; and told of', async () => {
    const { electron, show, window } = booted;
    const before = fingerprint(unit);
    const page = await newPage();
    await show(page);
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    const clear = cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' });

    electron.person.presses = 1;
    await clear.click();
    await expect.poll(() => questions().length).toBe(1);
    // The system asks: the page does not ask as well, and Cancel is nothing to complain of.
    await expect(sheet(page)).toHaveCount(0);
    await expect(messages(page).getByRole('alert')).toHaveCount(0);
    expect(fingerprint(unit)).toBe(before);

    electron.person.presses = 0;
    await clear.click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(questions()).toHaveLength(2);
    expect(existsSync(unit)).toBe(false);
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('is back as it was');
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);

    // A command of the native menu reaches the page.
    window.webContents.send('cache-inspector:to-page', { command: 'view-history' });
    await expect(historyRows(page)).toHaveCount(1);
    await expect(historyRows(page)).toContainText('desktop');
    await goTo(page, 'Caches');
  });
});
