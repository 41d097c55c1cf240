import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { zip } from '../../../../e2e/support/archives.ts';
import { startServer } from '../../../../e2e/support/http-server.ts';
import { contradictions, entriesIn, keptIn, unitNames } from '../../../../e2e/support/made-cache.ts';
import { environmentWithout, run } from '../../../../e2e/support/run.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { playwright } from './playwright.ts';

const core = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'));

/** Its smallest download, from a server of ours: the archive holds the name of the program and nothing else. */
describe.skipIf(process.platform !== 'linux')('the real Playwright', () => {
  test('installs where we look, with us as its user, again after a clear, and removes what nobody uses', async () => {
    const program = zip([
      { name: process.arch === 'arm64' ? 'ffmpeg-linux-arm64' : 'ffmpeg-linux', data: '#!/bin/sh\n' },
    ]);
    const server = await startServer(() => ({ body: program }));
    onTestFinished(() => server.close());
    const home = folderForTest();
    const env = environmentWithout(/^(npm_|PLAYWRIGHT_|XDG_|CI$|NODE_OPTIONS$)|proxy/i, {
      HOME: home,
      PLAYWRIGHT_DOWNLOAD_HOST: server.url,
    });
    const playwrightCli = (...words: readonly string[]) =>
      run(process.execPath, [join(core, 'cli.js'), ...words], { cwd: home, env });
    const installed = await playwrightCli('install', 'ffmpeg');
    expect(installed.code, installed.stdout + installed.stderr).toBe(0);

    const root = playwright.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
    const [unit = '', ...others] = unitNames(playwright, root);
    expect([unit, others]).toEqual([expect.stringMatching(/^ffmpeg-\d+$/), []]);
    expect(contradictions(playwright, root)).toEqual({});
    expect(playwright.recognise(root, reader)).toContain(unit);
    expect(Object.keys(keptIn(playwright, root))).toEqual(['.links']);
    const [entry] = await entriesIn(playwright, root);
    expect(entry).toMatchObject({ name: 'ffmpeg', usedBy: [dirname(dirname(core))], damaged: null });

    rmSync(join(root, unit), { recursive: true });
    expect((await playwrightCli('install', 'ffmpeg')).code).toBe(0);
    expect(await entriesIn(playwright, root)).toMatchObject([{ name: 'ffmpeg', damaged: null }]);
    expect((await playwrightCli('uninstall')).code).toBe(0);
    expect(unitNames(playwright, root)).toEqual([]);
  });
});
