import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { writePackages } from '../support/npm-index.ts';
import { cacheRow, goTo, openCache, sheet } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { busyProcess, deadPid } from '../support/processes.ts';
import { newHome } from '../support/program.ts';
import { write } from '../support/sandbox.ts';

const image = '<img src=x onerror=alert(1)>';
const script = '"><script>alert(1)<';
const colours = '\u001b[31mred\u0007';
const backwards = 'gnp.\u202eexe';
/** What would act on a screen or turn the writing around is shown by its number. */
const shown = ['\\u{1b}[31mred\\u{7}', 'gnp.\\u{202e}exe'] as const;

describe.skipIf(noBrowser.skip)('names that are meant to do harm', () => {
  test('are shown as text wherever they stand', async () => {
    const home = newHome();
    const root = path.join(home, '.npm');
    writePackages(
      root,
      [image, script, backwards].map((name) => ({ name, version: '1.0.0', bytes: 5000 })),
    );
    write(path.join(root, '_cacache', 'tmp'), { [image]: 'x', [colours]: 'x', [backwards]: 'x' });
    write(path.join(home, '.cache/pip-tools', `pkgs.stale-${deadPid()}`), { x: 'x' });
    fs.mkdirSync(path.join(home, '.cache/pip-tools', `${image}.stale-1`));
    write(home, { [`odd/${image}/CACHEDIR.TAG`]: 'Signature: 8a477f597d28d172789f06886806bc55\n' });
    await busyProcess('bash', ['-c', `exec -a '${image}' sleep 1000`], path.join(root, '_cacache', 'tmp'));

    const { page } = await open(home);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    const harmless = async (): Promise<void> => {
      expect(asked).toEqual([]);
      await expect(page.locator('body').locator('img, script, b:empty')).toHaveCount(0);
    };
    await expect(cacheRow(page, 'npm')).toContainText(`in use by ${image}`);
    await harmless();
    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(sheet(page)).toContainText(image);
    await harmless();
    await page.keyboard.press('Escape');

    await openCache(page, 'npm');
    const entries = page.getByRole('grid', { name: 'Entries' });
    for (const name of [image, script, ...shown]) await expect(entries.getByText(name).first()).toBeVisible();
    await expect(entries).not.toContainText('\u202e');
    await harmless();
    await page.getByRole('tab', { name: 'Folders' }).click();
    const folders = page.getByRole('treegrid');
    await expect(folders).toBeVisible();
    await folders.focus();
    for (const key of ['Home', 'ArrowRight']) await page.keyboard.press(key);
    await harmless();
    await page.getByRole('tab', { name: 'Map' }).click();
    await harmless();

    await goTo(page, 'Caches');
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    await sheet(page)
      .getByRole('textbox')
      .fill(path.join(home, 'odd', image));
    await page.keyboard.press('Enter');
    await expect(cacheRow(page, image)).toBeVisible();
    await harmless();
    await goTo(page, 'Leftovers');
    await expect(page.getByRole('grid', { name: 'Leftovers' })).toBeVisible();
    await harmless();
    await page.getByRole('searchbox').fill(image);
    await harmless();
  });
});
