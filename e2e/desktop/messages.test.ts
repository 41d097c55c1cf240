import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { FromPage } from '../../shared/wire.ts';
import { writeNpmCache } from '../support/caches.ts';
import { type Booted, boot } from '../support/electron/boot.ts';
import { sendFrom } from '../support/electron/page-side.ts';
import { FakeContents } from '../support/electron/windows.ts';
import { hostileMessages } from '../support/hostile.ts';
import { fingerprint } from '../support/sandbox.ts';

/** The built door for messages on a stand-in for Electron: who is listened to, and what hostile messages do. */
let booted: Booted;
beforeAll(async () => {
  booted = await boot((home) => {
    writeNpmCache(home);
    mkdirSync(join(home, 'precious'));
    writeFileSync(join(home, 'precious', 'letter'), 'dear');
  });
});

const questions = (): number => booted.electron.asked.filter(({ what }) => what === 'dialog.showMessageBox').length;

describe('the stand-in: senders', () => {
  it('listens to the main frame of its window at its own address, and to nobody else', async () => {
    const { electron, window } = booted;
    const contents = window.webContents;
    const page = booted.page();
    expect((await page.call('settings', {})).ok).toBe(true);
    contents.sent.length = 0;

    const { mainFrame } = contents;
    const say = { say: { id: 77, call: 'settings', args: { theme: 'dark' } } };
    const strangers = [
      [contents, null],
      [contents, { url: mainFrame.url, parent: mainFrame }],
      [contents, { url: 'https://example.com/', parent: null }],
      [contents, { url: 'app://cache-inspector.example.com/index.html', parent: null }],
      [contents, { url: 'app://other/index.html', parent: null }],
      [contents, { url: 'about:blank', parent: null }],
      [contents, { url: '', parent: null }],
      [new FakeContents(), mainFrame],
      [{}, mainFrame],
    ] as const;
    for (const [sender, frame] of strangers) {
      sendFrom(electron, sender, frame, say);
      sendFrom(electron, sender, frame, { connect: true });
    }
    // Whatever they had set in motion would have been answered before this.
    const settings = await page.call('settings', {});
    expect(settings.ok && settings.value.theme).toBe('system');
    expect(contents.sent.flatMap(([, message]) => JSON.stringify(message)).join()).not.toContain('"id":77');
    expect(electron.module.nativeTheme.themeSource).toBe('system');
    // A stranger cannot even end our page's session.
    expect(questions()).toBe(0);
  });

  it('ends the session of a page that says what is none of the contract, and offers to begin anew', async () => {
    const { electron, window } = booted;
    electron.person.presses = 0;
    for (const nonsense of [{ hear: ['no such event'] }, 'text', { id: -1, call: 'list', args: {} }, undefined]) {
      const page = booted.page();
      expect((await page.call('settings', {})).ok).toBe(true);
      const [asked, reloads] = [questions(), window.webContents.reloads];
      page.say(nonsense);
      await expect.poll(() => window.webContents.reloads).toBe(reloads + 1);
      expect(questions()).toBe(asked + 1);
      window.webContents.sent.length = 0;
      void page.call('settings', { theme: 'dark' });
      await (async () => expect((await booted.page().call('settings', {})).ok).toBe(true))();
      expect(window.webContents.sent).toHaveLength(1);
    }
    expect(electron.module.nativeTheme.themeSource).toBe('system');
  });
});

describe('the stand-in: hostile messages', () => {
  it('takes 10,000 of them without any effect on the disk, and answers calls with typed errors', async () => {
    const { home, window, electron } = booted;
    electron.person.presses = 1;
    const before = fingerprint(home);
    const contents = window.webContents;
    contents.sent.length = 0;
    const enemy = booted.page().bridge;
    let say = enemy.connect(() => undefined);
    let sent = 0;
    for (const message of hostileMessages(10_000, 20261123)) {
      say(message as FromPage);
      sent += 1;
      // A session that was ended hears nothing any more: the enemy connects again.
      if (!FromPage.safeParse(message).success) say = enemy.connect(() => undefined);
      // Time for an answer: a session that has been ended gives none.
      await nextTurn();
    }
    expect(sent).toBe(10_000);
    expect((await booted.page().call('settings', {})).ok).toBe(true);

    // The last of them may still be on their way.
    await sleep(500);
    const codes = new Map<string, number>();
    for (const [, message] of contents.sent) {
      const said = (message as { readonly said?: { readonly result?: { readonly error?: { readonly code: string } } } })
        .said;
      const code = said?.result === undefined ? null : (said.result.error?.code ?? 'ok');
      if (code !== null) codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.get('invalid-argument')).toBeGreaterThan(1000);
    expect([...codes.keys()]).not.toContain('internal');
    expect(fingerprint(home)).toBe(before);
    const history = await booted.page().call('history', {});
    expect(history.ok && history.value.operations).toEqual([]);
  });
});
