import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page as ChromiumPage } from '@playwright/test';
import { afterAll } from 'vitest';
import { built } from '../built.ts';
import { showIn } from './chromium.ts';
import { openPage, type Page } from './page-side.ts';
import { type StandIn, standIn } from './stand-in.ts';
import type { FakeWindow } from './windows.ts';

export interface Booted {
  readonly home: string;
  readonly electron: StandIn;
  readonly window: FakeWindow;
  /** The page's side of the preload script, with a client of the contract. */
  page(): Page;
  /** The same with the program's own page, in Chromium. */
  show(page: ChromiumPage): Promise<void>;
}

/** What would lead the program to the caches and settings of whoever runs the tests. */
const ofThisMachine = /^(npm_|PIP_|XDG_|PYTHON|VIRTUAL_ENV$|CACHE_INSPECTOR_|INIT_CWD$)/i;

/** Gives this process a home of its own, until it ends: main.js is loaded into it. */
const moveHome = (): string => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cache-inspector-desktop-')));
  const home = join(dir, 'home');
  mkdirSync(home);
  for (const name of Object.keys(process.env)) if (ofThisMachine.test(name)) delete process.env[name];
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    CACHE_INSPECTOR_HOME: join(dir, 'state'),
    PIP_CONFIG_FILE: '/dev/null',
    npm_config_globalconfig: join(home, 'global-npmrc'),
    // Else Yarn, started by root, has its cache outside of every home.
    FAKEROOTKEY: 'sandbox',
  });
  afterAll(() => {
    spawnSync('chmod', ['-R', 'u+rwX', dir]);
    spawnSync('rm', ['-rf', '--one-file-system', dir]);
  });
  return home;
};

/** Whoever imports `electron` from now on, in this process, is given the stand-in. */
const putInPlace = (electron: StandIn): void => {
  const key = Symbol.for('cache-inspector: the stand-in for electron');
  Reflect.set(globalThis, key, electron.module);
  const source = [
    `const it = globalThis[Symbol.for(${JSON.stringify(key.description)})];`,
    ...Object.keys(electron.module).map((name) => `export const ${name} = it.${name};`),
  ].join('\n');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron' ? { url: 'stand-in:electron', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === 'stand-in:electron' ? { format: 'module', source, shortCircuit: true } : next(url, context),
  });
};

const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('main.js did not get there');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/**
 * Starts the BUILT program, out/electron/desktop/main.js, on a stand-in for Electron, in this process and once in it.
 * `prepare` fills its home before.
 */
export const boot = async (prepare: (home: string) => void = () => undefined): Promise<Booted> => {
  const desktop = join(await built(), 'electron', 'desktop');
  const home = moveHome();
  prepare(home);
  const electron = standIn(join(home, '..'));
  putInPlace(electron);
  // Not `import()`, which the test runner would take for one of its own files.
  createRequire(import.meta.url)(join(desktop, 'main.js'));
  electron.begin();
  await until(() => electron.windows[0]?.visible === true);
  const [window] = electron.windows;
  if (!window) throw new Error('there is no window');
  afterAll(async () => {
    electron.person.presses = 0;
    electron.module.app.quit();
    await electron.ended;
  });
  const preload = join(desktop, 'preload.cjs');
  return {
    home,
    electron,
    window,
    page: () => openPage(preload, electron, window),
    show: (page) => showIn(page, preload, electron, window),
  };
};
