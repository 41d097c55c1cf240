import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { clear as clearThere, history, the } from '../support/answers.ts';
import { manyFiles, writeNpmCache } from '../support/caches.ts';
import { cacheRow, cellOf, goTo, historyRows, messages, setTimeForUndo, sheet, told } from '../support/on-page.ts';
import { expect, newPage, noBrowser, open, serve } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { siblings } from '../support/sandbox.ts';

/** One second is promised. */
const promisedMs = 1000;

describe.skipIf(noBrowser.skip)('a terminal beside the page', () => {
  test('a clear made there is seen here within a second', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const { page } = await open(home);
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await goTo(page, 'History');
    await expect(page.getByText('Nothing has been cleared yet')).toBeVisible();
    const seenAt = async (): Promise<number> => {
      const cleared = historyRows(page).filter({ hasText: 'Cleared' });
      await expect.poll(() => cleared.count(), { intervals: [20] }).toBe(1);
      return Date.now();
    };
    const [{ code, operations }, seen] = await Promise.all([clearThere(home, ['npm', '--yes']), seenAt()]);
    expect(code).toBe(0);
    expect(seen - Date.parse(the(operations).endedAt ?? '')).toBeLessThan(promisedMs);
    await expect(historyRows(page)).toHaveCount(1);
    await expect(historyRows(page)).toContainText('terminal');
    expect(existsSync(unit)).toBe(false);
    await goTo(page, 'Caches');
    await expect(await cellOf(page, 'npm', 'State')).toHaveText('not there');
    await expect(await cellOf(page, 'npm', 'Size')).toHaveText('0 B');
  });

  test('both clear at the same time: one of them does it, the other says so, nothing is left', async () => {
    const home = newHome();
    const unit = join(home, '.npm', '_cacache');
    manyFiles(unit);
    const { page } = await open(home);
    await setTimeForUndo(page, '0 s');
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    const here = sheet(page).getByRole('button', { name: /^Clear \d/ });
    await expect(here).toBeEnabled();
    const [there] = await Promise.all([clearThere(home, ['npm/_cacache', '--yes']), here.click()]);
    // The page has heard the end of both when its sheet is gone or says why not.
    await expect(sheet(page).getByRole('alert').or(messages(page).getByRole('article')).first()).toBeVisible();
    await expect.poll(() => siblings(unit)).toEqual([]);
    expect(existsSync(unit)).toBe(false);
    const all = await history(home);
    const did = all.filter(({ state }: Operation) => state === 'done');
    expect(did).toHaveLength(1);
    for (const { state } of all) expect(['done', 'refused', 'nothing-to-do', 'failed']).toContain(state);
    expect([0, 1, 3]).toContain(there.code);
  });

  test('two pages of one program show the same, and the second may undo what the first cleared', async () => {
    const home = newHome();
    writeNpmCache(home);
    const serving = await serve(home);
    const one = await newPage();
    await one.goto(serving.url.href);
    await expect(cacheRow(one, 'npm')).toContainText('idle');
    const two = await one.context().newPage();
    await two.goto(serving.url.origin);
    await cacheRow(one, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await sheet(one)
      .getByRole('button', { name: /^Clear \d/ })
      .click();
    await told(two, 'npm/_cacache').getByRole('button', { name: 'Undo' }).click();
    await expect(told(one, 'npm/_cacache')).toContainText('is back as it was');
    await expect(cacheRow(one, 'npm')).toContainText('idle');
  });
});
