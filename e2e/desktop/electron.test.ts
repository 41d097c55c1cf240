import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpmCache } from '../support/caches.ts';
import { newFolder, removeFolder } from '../support/temporary.ts';

/**
 * The program in a REAL Electron, which Playwright drives. Needs a display, `npm run build`, and one of:
 *
 *   CACHE_INSPECTOR_EXECUTABLE   a packaged program, packed with enableNodeCliInspectArguments (Playwright needs it)
 *   Electron's own binary        from `npx install-electron`, or ELECTRON_OVERRIDE_DIST_PATH
 *
 * Without either it is skipped, loudly; with CACHE_INSPECTOR_NEEDS_ELECTRON it fails instead.
 */
const top = fileURLToPath(new URL('../..', import.meta.url));

const developmentBinary = (): string | null => {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const nameFile = join(folder, 'path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : 'electron';
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  return existsSync(join(dist, name)) ? join(dist, name) : null;
};

const named = process.env['CACHE_INSPECTOR_EXECUTABLE'];
const packaged = named === undefined ? undefined : resolve(top, named);
const executable = packaged ?? developmentBinary();
const must = process.env['CACHE_INSPECTOR_NEEDS_ELECTRON'] !== undefined;
if (executable === null && must) throw new Error('There is no Electron binary, and the tests were told to need one.');
if (executable === null)
  process.stdout.write('SKIPPED: e2e/desktop/electron.test.ts needs an Electron binary, and there is none.\n');

describe.skipIf(executable === null)('the desktop program in Electron', () => {
  let program: ElectronApplication;
  let box = '';
  let unit = '';

  beforeAll(async () => {
    box = newFolder();
    const home = join(box, 'home');
    mkdirSync(home);
    unit = writeNpmCache(home);
    program = await _electron.launch({
      executablePath: executable ?? '',
      args: [...(packaged === undefined ? [top] : []), `--user-data-dir=${join(box, 'electron')}`],
      env: {
        ...(process.env as Readonly<Record<string, string>>),
        HOME: home,
        USERPROFILE: home,
        CACHE_INSPECTOR_HOME: join(box, 'state'),
      },
    });
  });
  afterAll(async () => {
    await program?.close();
    if (box !== '') removeFolder(box);
  });

  it('shows the page at its own scheme, with no way out and no Node in it', async () => {
    const page = await program.firstWindow();
    expect(page.url()).toBe('app://cache-inspector/index.html');
    const seen = await page.evaluate(async () => ({
      node: typeof Reflect.get(globalThis, 'require') + typeof Reflect.get(globalThis, 'process'),
      bridge: typeof Reflect.get(globalThis, 'cacheInspector'),
      outside: await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
      missing: (await fetch('/../../package.json')).status,
    }));
    expect(seen).toEqual({ node: 'undefinedundefined', bridge: 'object', outside: 'refused', missing: 404 });
  });

  it('lists the caches that are there', async () => {
    const page = await program.firstWindow();
    await page.getByText('npm').first().waitFor();
  });

  it('asks the system for confirmation, with Cancel as the default, and clears nothing on no', async () => {
    const asked = await program.evaluate(async ({ dialog }) => {
      const { promise, resolve } = Promise.withResolvers<{
        defaultId?: number;
        cancelId?: number;
        buttons?: string[];
      }>();
      dialog.showMessageBox = async (...args: readonly unknown[]) => {
        resolve(args.at(-1) as { defaultId?: number });
        return { response: 1, checkboxChecked: false };
      };
      const { BrowserWindow } = await import('electron');
      const [window] = BrowserWindow.getAllWindows();
      void window?.webContents.executeJavaScript(`(() => {
        const answers = new Map();
        const send = cacheInspector.connect((said) => answers.get(said.id)?.(said.result));
        let id = 0;
        const call = (name, args) => new Promise((resolve) => {
          id += 1; answers.set(id, resolve); send({ id, call: name, args });
        });
        return call('list', { measure: false })
          .then(({ value }) => call('plan', { targets: [{ cache: value.caches.find((it) => it.tool === 'npm').id }], measure: true }))
          .then(({ value }) => call('clear', { plan: value.id, undoWindowMs: 0, evenIfInUse: true }));
      })()`);
      return promise;
    });
    expect(asked).toMatchObject({ defaultId: 1, cancelId: 1 });
    expect(asked.buttons?.[1]).toBe('Cancel');
    expect(existsSync(unit)).toBe(true);
  });
});
