import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { history, the } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { busyProcess } from '../support/processes.ts';
import { newHome } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const clearIt = (page: Page) => sheet(page).getByRole('button', { name: /^Clear \d/ });

const inUse = async () => {
  const home = newHome();
  const unit = writeNpmCache(home);
  const pid = await busyProcess('sleep', ['1000'], path.join(unit, 'tmp'));
  const before = fingerprint(unit);
  const { page } = await open(home);
  await expect(cacheRow(page, 'npm')).toContainText(`in use by sleep 1000 (${pid})`);
  await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
  await expect(sheet(page)).toContainText(`sleep 1000 (${pid})`);
  await expect(clearIt(page)).toBeDisabled();
  expect(fingerprint(unit)).toBe(before);
  return { home, unit, pid, page };
};

describe.skipIf(noBrowser.skip)('a cache that a process is using', () => {
  test('names it, waits for it, and can be cleared when it has ended', async () => {
    const { unit, pid, page } = await inUse();
    await sheet(page).getByRole('button', { name: 'Wait until idle' }).click();
    await expect(sheet(page)).toContainText('Looking every 2 seconds');
    await expect(clearIt(page)).toBeDisabled();
    process.kill(pid, 'SIGKILL');
    await expect(clearIt(page)).toBeEnabled();
    expect(existsSync(unit)).toBe(true);
    await clearIt(page).click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(existsSync(unit)).toBe(false);
  });

  test('is cleared all the same after a second explicit step, and the process goes on', async () => {
    const { home, unit, pid, page } = await inUse();
    const anyway = sheet(page).getByRole('checkbox', { name: /Clear anyway/ });
    await anyway.check();
    await expect(clearIt(page)).toBeEnabled();
    await anyway.uncheck();
    await expect(clearIt(page)).toBeDisabled();
    await anyway.check();
    await clearIt(page).click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(existsSync(unit)).toBe(false);
    expect(process.kill(pid, 0)).toBe(true);
    expect(the(await history(home))).toMatchObject({ state: 'set-aside' });
  });

  test('that begins to use it while the sheet is open is noticed, and nothing is touched', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const { page } = await open(home);
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(clearIt(page)).toBeEnabled();
    const shown = performance.now();
    const pid = await busyProcess('sleep', ['1000'], path.join(unit, 'tmp'));
    const before = fingerprint(unit);
    // A plan of this very second is carried out as it was shown.
    await expect.poll(() => performance.now() - shown).toBeGreaterThan(1000);
    await clearIt(page).click();
    await expect(sheet(page).getByRole('alert')).toContainText(String(pid));
    expect(fingerprint(unit)).toBe(before);
  });
});
