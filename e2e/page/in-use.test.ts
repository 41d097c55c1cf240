import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { history, the } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, clear, setTimeForUndo, sheet, told } from '../support/on-page.ts';
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
  const { page, stop } = await open(home);
  await expect(cacheRow(page, 'npm')).toContainText(`in use by sleep 1000 (${pid})`);
  await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
  await expect(sheet(page)).toContainText(`sleep 1000 (${pid})`);
  await expect(clearIt(page)).toBeDisabled();
  expect(fingerprint(unit)).toBe(before);
  return { home, unit, pid, page, stop };
};

describe.skipIf(noBrowser.skip)('a cache that a process is using', () => {
  test('names it, and can be cleared as soon as it has ended', async () => {
    const { unit, pid, page } = await inUse();
    process.kill(pid, 'SIGKILL');
    await expect(clearIt(page)).toBeEnabled();
    expect(existsSync(unit)).toBe(true);
    await clearIt(page).click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(existsSync(unit)).toBe(false);
  });

  test('is waited for and then cleared, and the page says who is waited for meanwhile', async () => {
    const { home, unit, pid, page } = await inUse();
    const before = fingerprint(unit);
    await sheet(page).getByRole('button', { name: 'Clear when idle' }).click();
    await expect(sheet(page)).toHaveCount(0);
    await expect(told(page, 'npm/_cacache')).toContainText(`Waiting for sleep 1000 (${pid})`);
    await expect(cacheRow(page, 'npm')).toContainText('cleared when idle');
    expect(fingerprint(unit)).toBe(before);
    expect(the(await history(home))).toMatchObject({ state: 'waiting', isWaited: true, holders: [{ pid }] });
    process.kill(pid, 'SIGKILL');
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(existsSync(unit)).toBe(false);
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('is back as it was');
    expect(fingerprint(unit)).toBe(before);
  });

  test('is not cleared any more once a person stops waiting, even when it becomes idle', async () => {
    const { home, unit, pid, page } = await inUse();
    const before = fingerprint(unit);
    await sheet(page).getByRole('button', { name: 'Clear when idle' }).click();
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Stop waiting' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('you stopped waiting');
    process.kill(pid, 'SIGKILL');
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(fingerprint(unit)).toBe(before);
    expect(the(await history(home))).toMatchObject({ state: 'refused', errors: [{ code: 'cancelled' }] });
  });

  test('a wait whose door has closed is shown, clears nothing by itself, and goes on when a person says so', async () => {
    const first = await inUse();
    const before = fingerprint(first.unit);
    await sheet(first.page).getByRole('button', { name: 'Clear when idle' }).click();
    await expect(told(first.page, 'npm/_cacache')).toContainText('Waiting for');
    await first.page.close();
    await first.stop();
    process.kill(first.pid, 'SIGKILL');
    const { page } = await open(first.home);
    await expect(told(page, 'npm/_cacache')).toContainText('what waited for that has ended');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(fingerprint(first.unit)).toBe(before);
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Wait again' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    expect(existsSync(first.unit)).toBe(false);
  });

  test('a copy that somebody still has open is kept when its time is over, and the page says who has it', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const before = fingerprint(unit);
    const { page } = await open(home);
    await setTimeForUndo(page, '10 s');
    await clear(page, 'npm');
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    const aside = the(await history(home)).asidePath ?? '';
    const pid = await busyProcess('sleep', ['1000'], path.join(aside, 'tmp'));
    await expect(told(page, 'npm/_cacache')).toContainText(`still open in sleep 1000 (${pid})`, { timeout: 30_000 });
    expect(fingerprint(aside)).toBe(before);
    process.kill(pid, 'SIGKILL');
    await expect(told(page, 'npm/_cacache')).toContainText('came back', { timeout: 60_000 });
    expect(existsSync(aside)).toBe(false);
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
