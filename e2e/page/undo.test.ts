import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { clear as clearThere, history, the } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, clear, goTo, historyRows, messages, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { fingerprint, siblings } from '../support/sandbox.ts';

describe.skipIf(noBrowser.skip)('undo', () => {
  test('is refused in words while the tool has written anew, keeps both whole, and works after that', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const before = fingerprint(unit);
    const { page } = await open(home);
    await clear(page, 'npm');
    const undo = told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' });
    await expect(undo).toBeVisible();
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    await undo.click();
    await expect(messages(page).getByRole('alert').filter({ hasText: unit })).toBeVisible();
    expect(fingerprint(unit)).toBe(made);
    const aside = the(await history(home)).asidePath ?? '';
    expect(fingerprint(aside)).toBe(before);

    fs.rmSync(unit, { recursive: true });
    await undo.click();
    await expect(told(page, 'npm/_cacache')).toContainText('is back as it was');
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
  });

  test('is offered in the history as well, for a clear made in a terminal', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const before = fingerprint(unit);
    expect((await clearThere(home, ['npm', '--undo-window', '600'])).code).toBe(0);
    const { page } = await open(home);
    await expect(cacheRow(page, 'npm')).toContainText('set aside');
    await goTo(page, 'History');
    await historyRows(page).getByRole('button', { name: 'Undo' }).click();
    await expect(historyRows(page)).toContainText('Put back');
    await expect(historyRows(page).getByRole('button', { name: 'Undo' })).toHaveCount(0);
    expect(fingerprint(unit)).toBe(before);
    expect(the(await history(home))).toMatchObject({ state: 'undone', asidePath: null });
  });

  test('is over when its time is over: the button goes, the bytes come back', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    expect((await clearThere(home, ['npm', '--undo-window', '4'])).code).toBe(0);
    const { page } = await open(home);
    const undo = told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' });
    await expect(undo).toBeVisible();
    await expect(told(page, 'npm/_cacache')).toContainText('came back');
    await expect(undo).toHaveCount(0);
    expect(siblings(unit)).toEqual([]);
  });
});
