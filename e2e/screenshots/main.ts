import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { findBrowser, launch } from '../support/browser.ts';
import { builtPage } from '../support/built.ts';
import { inspect, startProgram } from '../support/program.ts';
import { writeHistory } from './history.ts';
import { hugeHome, richHome } from './home.ts';
import { emptyViews, failing, hugeCache, mainViews, otherViews, recreated, undoable, visit } from './shots.ts';

/*
 * npm run screenshots: pictures of every view into docs/screenshots, of a home that is made for it.
 */

const pictures = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const entriesOfHuge = 120_000;

/** A home with a name that reads well in a picture, where one can be had. */
const newHome = (): string => {
  const wanted = '/home/mira';
  try {
    mkdirSync(wanted);
    return wanted;
  } catch {
    return mkdtempSync(join(realpathSync(tmpdir()), 'mira-'));
  }
};

const withProgram = async (home: string, work: (url: string) => Promise<void>): Promise<void> => {
  const child = startProgram(home, ['serve', '--no-open'], options(home));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').once('data', (text: string) => resolve(text.split('\n')[0] ?? ''));
  });
  try {
    await work(url);
  } finally {
    child.kill('SIGINT');
    await ended;
  }
};

const stateOf = (home: string): string => join(home, '.local/state/cache-inspector');
const options = (home: string) => ({ cwd: home, env: { CACHE_INSPECTOR_HOME: stateOf(home) } });

/** Makes a home, and takes it and all that uses it away again. */
const inHome = async (work: (home: string) => Promise<void>): Promise<void> => {
  const home = newHome();
  try {
    await work(home);
  } finally {
    spawnSync('chattr', ['-R', '-i', home]);
    rmSync(home, { recursive: true, force: true });
  }
};

const rich = (browser: Browser): Promise<void> =>
  inHome(async (home) => {
    const { users } = richHome(home);
    try {
      await inspect(home, ['add', join(home, 'game/build/objects')], options(home));
      writeHistory(stateOf(home), home);
      for (const [theme, width] of [
        ['light', 1200],
        ['dark', 1200],
        ['light', 720],
      ] as const) {
        const folder = join(pictures, width === 720 ? 'narrow' : theme);
        await withProgram(home, async (url) => {
          const { page, shoot, close } = await visit(browser, url, { theme, width, folder });
          await mainViews(page, shoot);
          if (theme === 'light' && width === 1200) await otherViews(page, shoot);
          await undoable(page, shoot);
          if (theme === 'light' && width === 1200) {
            await recreated(page, shoot, () => {
              const unit = join(home, '.cache/pip-tools/pkgs');
              mkdirSync(unit, { recursive: true });
              writeFileSync(join(unit, 'requests-2.32.3-py3-none-any.whl'), 'made anew');
            });
          }
          await close();
        });
      }
      const [wheel = ''] = spawnSync('find', [join(home, '.cache/pip-tools/pkgs'), '-name', '*.whl'])
        .stdout.toString()
        .split('\n');
      if (spawnSync('chattr', ['+i', wheel]).status !== 0) {
        process.stdout.write('Not made: failing, for want of a file that cannot be deleted (needs root and chattr)\n');
        return;
      }
      await withProgram(home, async (url) => {
        const { page, shoot, close } = await visit(browser, url, { theme: 'light', folder: join(pictures, 'failing') });
        await failing(page, shoot);
        await close();
      });
    } finally {
      for (const user of users) user.kill('SIGKILL');
    }
  });

const empty = (browser: Browser): Promise<void> =>
  inHome((home) =>
    withProgram(home, async (url) => {
      const { page, shoot, close } = await visit(browser, url, { theme: 'light', folder: join(pictures, 'empty') });
      await emptyViews(page, shoot);
      await close();
    }),
  );

const huge = (browser: Browser): Promise<void> =>
  inHome(async (home) => {
    hugeHome(home, entriesOfHuge);
    await withProgram(home, async (url) => {
      const { page, shoot, close } = await visit(browser, url, { theme: 'light', folder: join(pictures, 'huge') });
      await hugeCache(page, shoot);
      await close();
    });
  });

const parts = { rich, empty, huge } as const;
const isPart = (word: string): word is keyof typeof parts => Object.hasOwn(parts, word);
const chosen = process.argv.slice(2).filter(isPart);

await builtPage();
const found = await findBrowser();
if (found === null) throw new Error('There is no browser: npm ci brings one.');
process.stdout.write(`Browser: ${found.name}\n`);
const browser = await launch(found);
try {
  for (const part of chosen.length > 0 ? chosen : (['rich', 'empty', 'huge'] as const)) await parts[part](browser);
} finally {
  await browser.close();
}
const files = existsSync(pictures)
  ? readdirSync(pictures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'))
  : [];
const bytes = files.reduce((sum, name) => sum + statSync(join(pictures, name)).size, 0);
process.stdout.write(`${files.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in docs/screenshots\n`);
