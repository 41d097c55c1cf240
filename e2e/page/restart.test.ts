import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { clear as clearThere, history, the } from '../support/answers.ts';
import { writeBigCache, writeNpmCache } from '../support/caches.ts';
import { cacheRow, cellOf, clear, goTo, historyRows, setTimeForUndo, sheet, told } from '../support/on-page.ts';
import { expect, newPage, noBrowser, open, serve } from '../support/page.ts';
import { killGroup } from '../support/processes.ts';
import { newHome, stateOf } from '../support/program.ts';
import { siblings, write } from '../support/sandbox.ts';

/** What a browser writes to its console when the other side has gone, or does not let it in. */
const cut = /WebSocket|failed: .*\/socket/;

describe.skipIf(noBrowser.skip)('the program stops', () => {
  test('killed in the middle of a delete: the next start finishes it, and the history says so', {
    timeout: 120_000,
  }, async () => {
    const home = newHome();
    const unit = writeBigCache(home, 60_000);
    const { page, child } = await open(home, { expected: cut });
    await setTimeForUndo(page, '0 s');
    await cacheRow(page, 'pip-tools').getByRole('button', { name: 'Clear pip-tools…' }).click();
    await sheet(page)
      .getByRole('button', { name: /^Clear \d/ })
      .click();
    await expect.poll(() => siblings(unit), { intervals: [5] }).toEqual([expect.stringContaining('.deleting-')]);
    await killGroup(child);
    const [rest = ''] = siblings(unit);
    expect(fs.readdirSync(path.join(unit, '..', rest)).length).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alert').filter({ hasText: 'connection to Cache Inspector is lost' })).toBeVisible();

    const again = await serve(home);
    await page.goto(again.url.href);
    await expect.poll(() => siblings(unit), { timeout: 30_000 }).toEqual([]);
    await goTo(page, 'History');
    await expect(historyRows(page)).toHaveCount(1);
    await expect(historyRows(page)).toContainText('Cleared');
    await historyRows(page).click();
    await expect(historyRows(page)).toContainText('Deleting began');
    expect(the(await history(home))).toMatchObject({ state: 'done', asidePath: null, left: [], errors: [] });
  });

  test('and starts again on the same port: the page says what to do, and does it with the new address', async () => {
    const home = newHome();
    writeNpmCache(home);
    const { page, url, stop } = await open(home, { expected: new RegExp(`${cut.source}|403`) });
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await stop();
    const lost = page.getByRole('alert').filter({ hasText: 'lost' });
    await expect(lost).toContainText('open the address that it prints');
    // What was known stays to be read, and nothing can be done with it.
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(sheet(page).getByRole('alert')).toContainText('connection');
    await page.keyboard.press('Escape');

    const again = await serve(home, ['--port', url.port]);
    await expect(lost).toBeVisible();
    const refused = await page.goto(again.url.origin);
    expect(refused?.status()).toBe(403);
    await expect(page.getByText('Open the whole address that Cache Inspector printed')).toBeVisible();
    await page.goto(again.url.href);
    await expect(cacheRow(page, 'npm')).toContainText('idle');
    await expect(lost).toHaveCount(0);
  });
});

describe.skipIf(noBrowser.skip)('the connection is cut', () => {
  test('and comes back: nothing of what happened meanwhile is lost or told twice', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const serving = await serve(home);
    const page = await newPage();
    const lines: { cut(): void }[] = [];
    let broken = false;
    await page.routeWebSocket('**/socket', (here) => {
      if (broken) {
        void here.close();
        return;
      }
      const there = here.connectToServer();
      lines.push({
        cut: () => {
          void here.close();
          void there.close();
        },
      });
    });
    await page.goto(serving.url.href);
    await clear(page, 'npm');
    await told(page, 'npm/_cacache').getByRole('button', { name: 'Undo' }).click();
    await expect(told(page, 'npm/_cacache')).toContainText('is back as it was');

    broken = true;
    for (const line of lines) line.cut();
    const lost = page.getByRole('alert').filter({ hasText: 'lost' });
    await expect(lost).toBeVisible();
    expect((await clearThere(home, ['npm', '--yes'])).code).toBe(0);
    write(home, { '.cache/pip-tools/pkgs/x.whl': 'x'.repeat(5000) });
    broken = false;
    await expect(lost).toHaveCount(0);
    await expect(await cellOf(page, 'npm', 'State')).toHaveText('not there');
    await expect(cacheRow(page, 'pip-tools')).toContainText('idle');
    await goTo(page, 'History');
    await expect(historyRows(page)).toHaveCount(2);
    await expect(historyRows(page).filter({ hasText: 'Cleared' })).toHaveCount(1);
    await expect(historyRows(page).filter({ hasText: 'Put back' })).toHaveCount(1);
    expect(fs.existsSync(unit)).toBe(false);
    expect(await history(home)).toHaveLength(2);
  });
});

describe.skipIf(noBrowser.skip)('a history that was damaged', () => {
  test('is said on the page, with the place where it is kept, and begun anew', async () => {
    const home = newHome();
    writeNpmCache(home);
    expect((await clearThere(home, ['npm', '--yes'])).code).toBe(0);
    fs.writeFileSync(path.join(stateOf(home), 'history.db'), 'not a database\n'.repeat(1000));
    writeNpmCache(home);
    const { page } = await open(home);
    const notice = page.getByRole('status').filter({ hasText: 'The history was damaged' });
    const kept = () => fs.readdirSync(stateOf(home)).filter((name) => /^history\.db\.damaged-[^.]+\.?\w*$/.test(name));
    await expect(notice).toContainText(the(kept()));
    await goTo(page, 'History');
    await expect(page.getByText('Nothing has been cleared yet')).toBeVisible();
    await goTo(page, 'Caches');
    await setTimeForUndo(page, '0 s');
    await clear(page, 'npm');
    await expect(told(page, 'npm/_cacache')).toContainText('came back');
    expect(await history(home)).toHaveLength(1);
  });
});
