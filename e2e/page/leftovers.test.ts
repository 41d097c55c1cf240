import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { history, leftovers, the } from '../support/answers.ts';
import { goTo, historyRows, sheet } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { busyProcess, deadPid } from '../support/processes.ts';
import { inspect, newHome } from '../support/program.ts';
import { write } from '../support/sandbox.ts';

/** Two seconds are promised. */
const promisedMs = 2000;

const row = (page: Page, place: string) =>
  page.getByRole('grid', { name: 'Leftovers' }).getByRole('row', { name: new RegExp(`^${place}\\. `) });

const watching = async () => {
  const home = newHome();
  const root = path.join(home, '.cache/pip-tools');
  write(root, { 'pkgs/x.whl': 'x' });
  const { page } = await open(home);
  await goTo(page, 'Leftovers');
  await expect(page.getByText('Nothing was left behind')).toBeVisible();
  return { home, root, page };
};

describe.skipIf(noBrowser.skip)('leftovers', () => {
  test('one of a dead process appears while one watches, says why, and one click cleans it', async () => {
    const { home, root, page } = await watching();
    const pid = deadPid();
    const planted = path.join(root, `pkgs.stale-${pid}`);
    const began = performance.now();
    write(planted, { 'a/b.whl': 'b'.repeat(20_000) });
    await row(page, planted).waitFor({ timeout: promisedMs });
    expect(performance.now() - began).toBeLessThan(promisedMs);
    await expect(row(page, planted)).toContainText(`Abandoned: its process ${pid} has ended`);
    await expect(page.getByRole('navigation').getByRole('button', { name: 'Leftovers' })).toContainText('1');

    await row(page, planted).getByRole('button', { name: 'Clean', exact: true }).click();
    await expect(page.getByText('Nothing was left behind')).toBeVisible();
    expect(fs.readdirSync(root)).toEqual(['pkgs']);
    expect(the(await history(home))).toMatchObject({ kind: 'sweep', state: 'done', path: planted, door: 'browser' });
    await goTo(page, 'History');
    await expect(historyRows(page)).toContainText('Cleaned');
  });

  test('one that a process still works on is left to it, and others of nobody are cleaned together', async () => {
    const { root, page } = await watching();
    const running = await busyProcess('sh', ['-c', 'while :; do sleep 0.1; done', 'pip-compile']);
    const ofIt = path.join(root, `pkgs.stale-${running}`);
    const [one, other] = [path.join(root, `pkgs.stale-${deadPid()}`), path.join(root, `pkgs.stale-${deadPid()}`)];
    for (const place of [ofIt, one, other]) write(place, { x: 'x' });
    for (const place of [ofIt, one, other]) await expect(row(page, place)).toBeVisible();
    const all = page.getByRole('button', { name: /^Clean all that are safe \(2/ });
    await expect(all).toBeVisible();
    await expect(row(page, ofIt).getByRole('button', { name: 'Clean', exact: true })).toHaveCount(0);
    await all.click();
    await expect(row(page, one)).toHaveCount(0);
    await expect(row(page, other)).toHaveCount(0);
    await expect(row(page, ofIt)).toBeVisible();
    // A row goes when its leftover is claimed, a moment before it is deleted.
    await expect.poll(() => fs.readdirSync(root).sort()).toEqual(['pkgs', path.basename(ofIt)].sort());
  });

  test('one of which nobody can tell is asked about, and Cancel leaves it', async () => {
    const { home, root, page } = await watching();
    // Set aside by a copy of this program whose history is gone.
    const planted = path.join(root, `pkgs.stale-${deadPid()}-0123456789abcdef`);
    write(planted, { x: 'x' });
    await expect(row(page, planted)).toBeVisible();
    expect(the(await leftovers(home)).cleaning).toBe('ask');
    await row(page, planted).getByRole('button', { name: 'Clean…' }).click();
    await expect(sheet(page)).toContainText(planted.replace(home, '~').split('/').at(-1) ?? '');
    await expect(sheet(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(sheet(page)).toHaveCount(0);
    expect(fs.existsSync(planted)).toBe(true);
    await row(page, planted).getByRole('button', { name: 'Clean…' }).click();
    await sheet(page)
      .getByRole('button', { name: /^Clean/ })
      .click();
    await expect(row(page, planted)).toHaveCount(0);
    expect(fs.existsSync(planted)).toBe(false);
  });

  test('what installers left in a project stands by tool, with what it is; where the tool alone may clean it, without a button', async () => {
    const home = newHome();
    const modules = path.join(home, 'shop', 'node_modules');
    write(modules, { 'a/package.json': '{}', '.gone.DELETE/x': 'the only copy', '.ignored_b/x': 'mine' });
    expect((await inspect(home, ['add', path.dirname(modules)])).code).toBe(0);
    const { page } = await open(home);
    await expect(page.getByRole('main')).toContainText('leftovers only');
    await goTo(page, 'Leftovers');
    const [asked, never] = [path.join(modules, '.gone.DELETE'), path.join(modules, '.ignored_b')];
    const group = (name: string) => page.getByRole('rowgroup', { name, exact: true });
    await expect(group('npm').getByRole('row', { name: asked })).toContainText(
      'A package that an old npm was removing: it was ~/shop/node_modules/gone.',
    );
    const rest = group('pnpm store').getByRole('row', { name: never });
    await expect(rest).toContainText('What helps: Look into it. If nothing in it is yours,');
    await expect(rest.getByRole('button', { name: /^Clean/ })).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Clean all/ })).toHaveCount(0);
    await row(page, asked).getByRole('button', { name: 'Clean…' }).click();
    await expect(sheet(page)).toContainText('What helps instead: Run npm install in the project again.');
    await sheet(page)
      .getByRole('button', { name: /^Clean/ })
      .click();
    await expect(row(page, asked)).toHaveCount(0);
    await expect(row(page, never)).toBeVisible();
    await expect.poll(() => fs.readdirSync(modules).sort()).toEqual(['.ignored_b', 'a']);
  });
});
