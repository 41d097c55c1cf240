import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { history, the } from '../support/answers.ts';
import { writeBigCache } from '../support/caches.ts';
import { cacheRow, clear, goTo, historyRows, setTimeForUndo, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { siblings } from '../support/sandbox.ts';

describe.skipIf(noBrowser.skip)('a delete that a person stops', () => {
  test('leaves the rest as it is, says so, and goes on from the history', { timeout: 120_000 }, async () => {
    const home = newHome();
    const unit = writeBigCache(home, 150_000);
    const { page } = await open(home);
    await setTimeForUndo(page, '0 s');
    await expect(cacheRow(page, 'pip-tools')).toContainText('idle');
    await clear(page, 'pip-tools');
    await told(page, 'pip-tools/pkgs').getByRole('button', { name: 'Stop' }).click();
    await expect(told(page, 'pip-tools/pkgs')).toContainText('stopped, ');
    const [rest = ''] = siblings(unit);
    expect(rest).toContain('.deleting-');
    expect(fs.readdirSync(path.join(unit, '..', rest)).length).toBeGreaterThan(0);
    expect(the(await history(home)).state).toBe('partial');

    await goTo(page, 'History');
    await expect(historyRows(page)).toContainText('Stopped');
    await historyRows(page).getByRole('button', { name: 'Resume' }).click();
    await expect(historyRows(page)).toContainText('Cleared', { timeout: 60_000 });
    expect(siblings(unit)).toEqual([]);
    expect(the(await history(home))).toMatchObject({ state: 'done', left: [], asidePath: null });
  });
});
