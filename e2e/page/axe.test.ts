import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { clear as clearThere } from '../support/answers.ts';
import { writeNpmCache } from '../support/caches.ts';
import { writePackages } from '../support/npm-index.ts';
import { cacheRow, cachesTable, clear, goTo, historyRows, openCache, sheet, told } from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { busyProcess, deadPid } from '../support/processes.ts';
import { newHome } from '../support/program.ts';
import { write } from '../support/sandbox.ts';

/** Something of every kind: caches, one in use, one unusable, leftovers with each verdict, clears that went well and not. */
const home = async (): Promise<string> => {
  const at = newHome();
  writeNpmCache(at);
  expect((await clearThere(at, ['npm', '--yes'])).code).toBe(0);
  writePackages(path.join(at, '.npm'), [
    { name: 'react', version: '19.3.1', bytes: 40_000 },
    { name: 'react-dom', version: '19.3.1', bytes: 90_000 },
    { name: 'lost', version: '1.0.0' },
  ]);
  write(at, {
    '.cache/pip-tools/pkgs/requests-2.31.0-py3-none-any.whl': 'w'.repeat(9000),
    [`.cache/pip-tools/pkgs.stale-${deadPid()}/x`]: 'x',
    [`.cache/pip-tools/pkgs.stale-${deadPid()}-0123456789abcdef/x`]: 'x',
    '.cache/pip-tools/pkgs.stale-zero/x': 'x',
    '.cache/pip/http-v2/a/b/c/d/e/abcde': 'y',
  });
  const user = await busyProcess('sleep', ['1000'], path.join(at, '.cache/pip/http-v2'));
  expect((await clearThere(at, ['pip', '--yes'])).code).toBe(3);
  write(path.join(at, '.cache/pip-tools', `pkgs.stale-${user}`), { x: 'x' });
  return at;
};

/** Looks at one view after the other; tells at the end what was found in any. */
const axe = (page: Page) => {
  const found: string[] = [];
  return {
    look: async (where: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, help, nodes } of violations) {
        for (const { html, failureSummary } of nodes)
          found.push(`${where}: ${id}: ${help}\n${html}\n${failureSummary}`);
      }
    },
    nothing: () => expect(found.join('\n\n')).toBe(''),
  };
};

describe.skipIf(noBrowser.skip)('axe finds nothing', () => {
  test.each(['light', 'dark'] as const)('in any view, %s', { timeout: 240_000 }, async (colorScheme) => {
    // What axe injects is not of the page: its policy is left out here, and only here.
    const { page } = await open(await home(), { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
    const { keyboard } = page;
    const { look, nothing } = axe(page);
    await expect(cacheRow(page, 'pip')).toContainText('in use');
    await page.getByRole('button', { name: 'Unfold npm', exact: true }).click();
    await cacheRow(page, 'npm').click({ modifiers: ['Control'] });
    await look('caches');

    await cacheRow(page, 'npm').getByRole('button', { name: 'Clear npm…' }).click();
    await expect(sheet(page).getByRole('button', { name: /^Clear \d/ })).toBeEnabled();
    await sheet(page).getByRole('button', { name: 'Details' }).click();
    await look('clear');
    await keyboard.press('Escape');
    await cacheRow(page, 'pip').getByRole('button', { name: 'Clear pip…' }).click();
    await expect(sheet(page).getByRole('checkbox', { name: /Clear anyway/ })).toBeVisible();
    await look('clear in use');
    await keyboard.press('Escape');
    await cachesTable(page).focus();
    await keyboard.press('Control+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await look('commands');
    await keyboard.press('Escape');
    await cachesTable(page).focus();
    await keyboard.press('?');
    await expect(sheet(page)).toBeVisible();
    await look('keys');
    await keyboard.press('Escape');

    await openCache(page, 'npm');
    for (const tab of ['Entries', 'Folders', 'Map', 'About']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
      await expect(page.getByText(/^Reading/)).toHaveCount(0);
      await look(`contents, ${tab}`);
    }
    await page.getByRole('tab', { name: 'About' }).click();
    await page.getByRole('button', { name: 'Run it…' }).click();
    await expect(sheet(page).getByRole('button', { name: 'Run it', exact: true })).toBeVisible();
    await look('own command');
    await keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Entries' }).click();
    await page.getByRole('button', { name: 'larger than', exact: true }).click();
    await sheet(page).getByRole('textbox').fill('1 kB');
    await look('filter, one part');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'group by name' }).click();
    await expect(page.getByRole('treegrid', { name: 'Entries' })).toBeVisible();
    await look('filter');
    await page.getByRole('button', { name: 'Clear 2 entries…' }).click();
    await sheet(page).getByRole('checkbox').first().uncheck();
    await expect(sheet(page).getByRole('button', { name: 'Clear 1 entry', exact: true })).toBeEnabled();
    await look('clear entries');
    await keyboard.press('Escape');

    await goTo(page, 'Leftovers');
    const leftovers = page.getByRole('grid', { name: 'Leftovers' });
    await expect(leftovers.getByText(/^Abandoned/)).toBeVisible();
    await look('leftovers');
    await leftovers.getByRole('button', { name: 'Clean…' }).first().click();
    await expect(sheet(page)).toBeVisible();
    await look('look first');
    await keyboard.press('Escape');

    await goTo(page, 'History');
    await historyRows(page).first().click();
    await look('history');
    await page.getByRole('searchbox').fill('nothing like that');
    await expect(page.getByText('Nothing in the history matches')).toBeVisible();
    await look('history empty');

    await goTo(page, 'Settings');
    await expect(page.getByText('What this system guarantees')).toBeVisible();
    await look('settings');
    await page.getByRole('button', { name: 'Protect a folder…' }).click();
    await sheet(page).getByRole('textbox').fill('no whole path');
    await sheet(page).getByRole('button', { name: 'Protect', exact: true }).click();
    await expect(sheet(page).getByRole('alert')).not.toBeEmpty();
    await look('protect');
    await keyboard.press('Escape');

    await goTo(page, 'Caches');
    await clear(page, 'npm');
    await expect(told(page, 'npm/_cacache')).toContainText('set aside');
    await look('message');
    await page.setViewportSize({ width: 720, height: 560 });
    await look('narrow');
    nothing();
  });

  test.each(['light', 'dark'] as const)('where there is nothing, %s', async (colorScheme) => {
    const { page } = await open(newHome(), { colorScheme, bypassCSP: true });
    const { look, nothing } = axe(page);
    for (const view of ['Caches', 'Leftovers', 'History'] as const) {
      await goTo(page, view);
      await look(view);
    }
    nothing();
  });
});
