import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { formatBytes } from '../../shared/format.ts';
import { history, the } from '../support/answers.ts';
import { needs } from '../support/caches.ts';
import { type PythonIndex, somePackages, startIndex } from '../support/local-index.ts';
import {
  cacheRow,
  cellOf,
  clear,
  goTo,
  historyRows,
  openCache,
  setTimeForUndo,
  sheet,
  told,
} from '../support/on-page.ts';
import { expect, noBrowser, open } from '../support/page.ts';
import { newHome } from '../support/program.ts';
import { findPips, pipInstall } from '../support/real-pip.ts';
import { du, fingerprint, write } from '../support/sandbox.ts';

const [pip] = await findPips();
const needsPip = needs('pip', pip !== undefined);

describe.skipIf(noBrowser.skip || needsPip.skip)(`pip's real cache${needsPip.note}`, () => {
  let index: PythonIndex;
  beforeAll(async () => {
    index = await startIndex();
  });
  afterAll(() => index?.close());

  test('shows its packages, and one part of it is cleared alone', async () => {
    if (pip === undefined) return;
    const home = newHome();
    const ran = await pipInstall(pip, home, null, index.url, ['needs-all']);
    expect(ran).toMatchObject({ code: 0 });
    const [http, wheels] = [join(home, '.cache/pip', pip.format), join(home, '.cache/pip/wheels')];
    const kept = fingerprint(http);
    const held = du(wheels);
    const { page } = await open(home);
    await setTimeForUndo(page, '0 s');
    await expect(await cellOf(page, 'pip', 'Size')).toHaveText(formatBytes(du(http) + held));

    await openCache(page, 'pip');
    const rows = page.getByRole('grid', { name: 'Entries' }).getByRole('row');
    for (const { name, version } of somePackages) {
      const named = rows.filter({ hasText: new RegExp(name.replace(/[_-]/, '[_-]')) });
      await expect(named.filter({ hasText: version }).first()).toBeVisible();
    }
    await goTo(page, 'Caches');

    await page.getByRole('button', { name: 'Unfold pip', exact: true }).click();
    await page.getByRole('button', { name: 'Clear pip wheels…' }).click();
    await sheet(page)
      .getByRole('button', { name: `Clear ${formatBytes(held)}` })
      .click();
    await expect(told(page, 'pip/wheels')).toContainText('came back');
    expect([existsSync(wheels), fingerprint(http)]).toEqual([false, kept]);
    await expect(await cellOf(page, 'pip', 'Size')).toHaveText(formatBytes(du(http)));
    expect(the(await history(home))).toMatchObject({ tool: 'pip', unit: 'wheels', state: 'done', door: 'browser' });
  });
});

describe.skipIf(noBrowser.skip)('the cache of pip-tools', () => {
  test('is cleared, and what is not its own stays', async () => {
    const home = newHome();
    write(home, {
      '.cache/pip-tools/pkgs/requests-2.31.0-py3-none-any.whl': 'w'.repeat(50_000),
      '.cache/pip-tools/depcache-cp3.11.json': '{"__format__":1,"dependencies":{"requests":{"2.31.0":["idna"]}}}',
      '.cache/pip-tools/notes.txt': 'mine',
    });
    const root = join(home, '.cache/pip-tools');
    const { page } = await open(home);
    await setTimeForUndo(page, '0 s');
    await openCache(page, 'pip-tools');
    await expect(
      page.getByRole('grid', { name: 'Entries' }).getByRole('row').filter({ hasText: 'requests' }).first(),
    ).toBeVisible();
    await goTo(page, 'Caches');
    await cacheRow(page, 'pip-tools').getByRole('button', { name: 'Clear pip-tools…' }).click();
    await expect(sheet(page)).toContainText('notes.txt');
    await sheet(page).getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(join(root, 'pkgs'))).toBe(true);
    await clear(page, 'pip-tools');
    await expect(told(page, '2 parts of pip-tools')).toContainText('came back');
    expect([existsSync(join(root, 'pkgs')), existsSync(join(root, 'notes.txt'))]).toEqual([false, true]);
    await goTo(page, 'History');
    await expect(historyRows(page)).toHaveCount(2);
  });
});
