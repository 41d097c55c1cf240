import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { clear as clearThere, history, the } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { cacheRow, clear, goTo, historyRows, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { fingerprint, siblings } from '../support/sandbox.ts';

describe.skipIf(noBrowser.skip)('undo', () => {
  test('asks first when the tool has written anew, keeps both whole, and works after that', async () => {
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
    await expect(sheet(page)).toContainText('Something new stands at its place');
    expect(fingerprint(unit)).toBe(made);
    const aside = the(await history(home)).asidePath ?? '';
    expect(fingerprint(aside)).toBe(before);
    await sheet(page).getByRole('button', { name: 'Keep the new one' }).click();
    await expect(sheet(page)).toHaveCount(0);
    expect(fingerprint(unit)).toBe(made);
    expect(fingerprint(aside)).toBe(before);

    fs.rmSync(unit, { recursive: true });
    await undo.click();
    await expect(told(page, 'npm/_cacache')).toContainText('is back as it was');
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
  });

  test.each([
    ['beside', 'Put the old one beside it'],
    ['swap', 'Swap them'],
  ] as const)('with something new at the place: %s', async (way, label) => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const before = fingerprint(unit);
    const { page } = await open(home);
    await clear(page, 'npm');
    await expect(told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' })).toBeVisible();
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' }).click();
    await sheet(page)
      .getByRole('radio', { name: new RegExp(label) })
      .check();
    await sheet(page).getByRole('button', { name: label }).click();
    await expect(sheet(page)).toHaveCount(0);
    const operations = await history(home);
    if (way === 'beside') {
      expect(fingerprint(unit)).toBe(made);
      expect(fingerprint(the(operations).restoredTo ?? '')).toBe(before);
    } else {
      expect(fingerprint(unit)).toBe(before);
      expect(fingerprint(the(operations, ({ state }) => state === 'set-aside').asidePath ?? '')).toBe(made);
      expect(the(operations, ({ state }) => state === 'undone').restoredTo).toBeNull();
    }
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
