import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CacheId } from '../../shared/ids.ts';
import { writeNpmCache } from '../support/caches.ts';
import { type Booted, boot } from '../support/electron/boot.ts';
import { FakeUtilityProcess } from '../support/electron/helpers.ts';
import type { Page } from '../support/electron/page-side.ts';
import { fingerprint, siblings } from '../support/sandbox.ts';

/** A cache cleared through the built main.js and preload.cjs on a stand-in for Electron: core, disk and helper are real. */
let booted: Booted;
let unit = '';
beforeAll(async () => {
  booted = await boot((home) => {
    unit = writeNpmCache(home);
    mkdirSync(join(home, '.cache/pip-tools/pkgs'), { recursive: true });
  });
});

const npm = async (page: Page): Promise<CacheId> => {
  const listed = await page.call('list', { measure: true });
  const cache = listed.ok ? listed.value.caches.find(({ tool, present }) => tool === 'npm' && present) : undefined;
  if (!cache) throw new Error('there is no npm cache');
  return cache.id;
};

const clear = async (page: Page, undoWindowMs: number) => {
  const plan = await page.call('plan', { targets: [{ cache: await npm(page) }], measure: true });
  if (!plan.ok) throw new Error(plan.error.message);
  return page.call('clear', { plan: plan.value.id, undoWindowMs, evenIfInUse: true });
};

interface Question {
  readonly type: string;
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly defaultId: number;
  readonly cancelId: number;
}
const lastQuestion = (): Question =>
  booted.electron.asked
    .filter(({ what }) => what === 'dialog.showMessageBox')
    .at(-1)
    ?.args.at(-1) as Question;

describe('the stand-in: a clear', () => {
  it('does nothing when the person says no, or just presses Enter or Escape', async () => {
    const before = fingerprint(unit);
    booted.electron.person.presses = 1;
    const answer = await clear(booted.page(), 0);
    expect(answer.ok ? null : answer.error.code).toBe('cancelled');
    expect(fingerprint(unit)).toBe(before);
    const { type, buttons, defaultId, cancelId, detail, message } = lastQuestion();
    expect({ type, defaultId, cancelId, cancel: buttons[1] }).toEqual({
      type: 'warning',
      defaultId: 1,
      cancelId: 1,
      cancel: 'Cancel',
    });
    expect(buttons[0]).toMatch(/^Clear .* k?B$/);
    expect(message).toMatch(/comes back\.$/);
    expect(detail).toContain(unit);
    expect(detail).toContain('cannot be undone');
  });

  it('sets it aside when they say yes, and undoes it', async () => {
    const before = fingerprint(unit);
    const page = booted.page();
    booted.electron.person.presses = 0;
    const answer = await clear(page, 60_000);
    expect(lastQuestion().detail).toContain('kept whole for 60 s');
    const [operation] = answer.ok ? answer.value.operations : [];
    expect(operation?.state).toBe('set-aside');
    expect(existsSync(unit)).toBe(false);

    // Quitting now says what it means, and no is no.
    booted.electron.person.presses = 1;
    booted.electron.module.app.quit();
    await expect.poll(() => lastQuestion().buttons[0]).toBe('Quit');
    expect(lastQuestion().detail).toContain('stays whole until the next start');
    expect(lastQuestion().defaultId).toBe(1);

    if (!operation) throw new Error('nothing was cleared');
    expect((await page.call('undo', { operation: operation.id })).ok).toBe(true);
    expect(fingerprint(unit)).toBe(before);
  });

  it('deletes it through a utility process, and remembers that the desktop did', async () => {
    const page = booted.page();
    booted.electron.person.presses = 0;
    page.say({ hear: ['operation'] });
    const answer = await clear(page, 0);
    expect(answer.ok ? answer.value.operations.map(({ state, door }) => [state, door]) : answer.error).toEqual([
      ['done', 'desktop'],
    ]);
    expect(existsSync(unit)).toBe(false);
    expect(siblings(unit)).toEqual([]);
    expect(FakeUtilityProcess.started.some((script) => script.endsWith('delete-helper.js'))).toBe(true);
    expect(booted.window.progress.at(-1)).toBe(-1);
    await expect.poll(() => page.news.some(([name]) => name === 'operation')).toBe(true);
  });
});

describe('the stand-in: what a desktop can do', () => {
  it('picks a folder in a dialog of the system, and begins there the next time', async () => {
    const page = booted.page();
    booted.electron.person.picks = ['/somewhere/else'];
    expect(await page.call('pickFolder', {})).toEqual({ ok: true, value: { path: '/somewhere/else' } });
    booted.electron.person.picks = [];
    expect(await page.call('pickFolder', {})).toEqual({ ok: true, value: { path: null } });
    const [, options] = booted.electron.asked.filter(({ what }) => what === 'dialog.showOpenDialog').at(-1)?.args ?? [];
    expect(options).toMatchObject({ defaultPath: '/somewhere/else', properties: ['openDirectory', 'dontAddToRecent'] });
  });

  it('shows things in the file manager', async () => {
    const page = booted.page();
    const answer = await page.call('reveal', { what: { cache: await npm(page) } });
    expect(answer.ok ? null : answer.error).toBe(null);
    expect(booted.electron.asked.filter(({ what }) => what === 'shell.showItemInFolder')).toHaveLength(1);
  });

  it('takes the theme from the settings, and tells the path of a folder that was dropped', async () => {
    const page = booted.page();
    expect((await page.call('settings', { theme: 'dark' })).ok).toBe(true);
    await expect.poll(() => booted.electron.module.nativeTheme.themeSource).toBe('dark');
    expect(page.bridge.pathOf({ path: '/dropped' })).toBe('/dropped');
  });

  it('notifies of something left behind while the person looks elsewhere', async () => {
    const { electron, home, window } = booted;
    window.focused = false;
    expect(electron.notifications).toEqual([]);
    const { pid } = spawnSync(process.execPath, ['--version']);
    mkdirSync(join(home, `.cache/pip-tools/pkgs.stale-${pid}`));
    await expect.poll(() => electron.notifications.length, { timeout: 20_000 }).toBe(1);
    const [notification] = electron.notifications;
    expect(notification).toMatchObject({ said: { title: 'Something was left behind' } });
    const chosen: string[] = [];
    booted.page().bridge.onCommand((command) => chosen.push(command));
    notification?.emit('failed', {}, 'not signed');
    notification?.emit('click');
    expect([chosen, window.focused]).toEqual([['view-leftovers'], true]);
  });
});
