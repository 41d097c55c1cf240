import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, onTestFinished, test } from 'vitest';
import { history, the } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { clear, goTo, historyRows, setTimeForUndo, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { isRoot, missing, siblings } from '../support/sandbox.ts';

const chattr = (flag: string, file: string): boolean => spawnSync('chattr', [flag, file]).status === 0;

/** Whether a file can be made immutable here: by root, on a file system that knows of it. */
const canPin = (): boolean => {
  if (!isRoot) return false;
  const file = path.join(fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'pin-')), 'file');
  fs.writeFileSync(file, '');
  const pinned = chattr('+i', file);
  chattr('-i', file);
  fs.rmSync(path.dirname(file), { recursive: true });
  return pinned;
};
const noPin = !canPin();

describe.skipIf(noBrowser.skip || missing(noPin))(
  `a delete that fails${noPin ? ' (SKIPPED: nothing can be pinned here)' : ''}`,
  () => {
    test('says which path, why, and what can be done, and that works', async () => {
      const home = newHome();
      const unit = writeNpmCache(home);
      const pinned = path.join(unit, 'index-v5/aa/bb/one');
      expect(chattr('+i', pinned)).toBe(true);
      onTestFinished(() => {
        spawnSync('chattr', ['-R', '-i', home]);
      });
      const { page } = await open(home);
      await setTimeForUndo(page, '0 s');
      await clear(page, 'npm');
      const message = told(page, 'npm/_cacache');
      await expect(message).toContainText('not all could be deleted');
      await expect(message).toContainText('index-v5/aa/bb/one');
      await expect(message).toContainText(/not permitted|immutable/i);
      const [rest = ''] = siblings(unit);
      const left = path.join(unit, '..', rest);

      await goTo(page, 'History');
      await expect(historyRows(page)).toContainText('In part, ');
      await historyRows(page).click();
      await expect(historyRows(page)).toContainText('errno 1');
      await expect(historyRows(page).getByRole('button', { name: 'Resume' })).toBeVisible();
      await goTo(page, 'Leftovers');
      await expect(page.getByRole('grid', { name: 'Leftovers' })).toContainText(rest);

      // Once more without anything changed: it is said again, and nothing is lost of it.
      const tries = async () => the(await history(home)).steps.filter(({ step }) => step === 'partial').length;
      expect(await tries()).toBe(1);
      await message.getByRole('button', { name: 'Try again' }).click();
      await expect.poll(tries).toBe(2);
      await expect(message).toContainText('not all could be deleted');
      expect(fs.existsSync(path.join(left, 'index-v5/aa/bb/one'))).toBe(true);

      spawnSync('chattr', ['-R', '-i', left]);
      await message.getByRole('button', { name: 'Try again' }).click();
      await expect(message).toHaveText(/^npm\/_cacache: [\d.]+ k?B came back\./);
      await expect(message.getByRole('button', { name: 'Try again' })).toHaveCount(0);
      expect(siblings(unit)).toEqual([]);
      expect(the(await history(home))).toMatchObject({ state: 'done', left: [] });
      await expect(page.getByText('Nothing was left behind')).toBeVisible();
    });
  },
);
