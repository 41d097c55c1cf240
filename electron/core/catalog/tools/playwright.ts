import { join } from 'node:path';
import type { Child } from '../../fs/reader.ts';
import { playwrightEntries } from '../decode/playwright-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { rootFrom } from '../root.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { playwrightWorks } from './playwright-works.ts';

/** Every browser that Playwright has ever downloaded, with `_` for `-`, and some for one system alone. */
const browser =
  /^(?:android|chromium|chromium_headless_shell|chromium_tip_of_tree|chromium_tip_of_tree_headless_shell|ffmpeg|firefox|firefox_beta|webkit|winldd)(?:_[a-z0-9._]+_special)?-\d+$/;
const isBrowser = (child: Child): boolean => child.kind === 'directory' && browser.test(child.name);

/** A file that tells of the last look whether it can run is written again; the browser is not. */
const units: Tool['units'] = (root, read) =>
  childrenOf(read, root)
    .filter(isBrowser)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: [''] }));

const whyKept = (name: string): string => {
  if (name === '.links')
    return 'Playwright’s list of the projects that use its browsers. Without it, its next installation would remove all the others.';
  if (name === '__dirlock') return 'The lock that Playwright has while it installs.';
  if (name === '.settings') return 'Your settings of Playwright’s own windows.';
  if (/^mcp-/.test(name)) return 'A browser profile with what you are logged in to: no cache.';
  if (name === 'b' || name === 'daemon') return 'What running browsers and helpers of Playwright tell each other.';
  return 'Not one of the folders that Playwright installs browsers in.';
};

/** What stands on top of its browsers, when the mark of a whole one is not there. */
const parts =
  /^(?:chrome|firefox|ffmpeg|minibrowser|pw_run|Playwright|PrintDeps|android-driver|DEPENDENCIES_VALIDATED)/;

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.every(litter)) return found;
  return children.some(({ name }) => name === 'INSTALLATION_COMPLETE' || parts.test(name))
    ? null
    : 'It holds nothing of a browser as Playwright installs them.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isBrowser)
    .find(({ path }) => read.facts(join(path, 'INSTALLATION_COMPLETE'))?.kind === 'file');
  if (found !== undefined) return `Its folder ${found.name} holds a browser that Playwright has installed.`;
  const links = childrenOf(read, join(root, '.links'));
  return links.length > 0 && links.every(({ name }) => /^[0-9a-f]{40}$/.test(name))
    ? 'Its folder .links is the list of projects that Playwright keeps.'
    : null;
};

/** Where the browsers are, by `PLAYWRIGHT_BROWSERS_PATH` (also as npm hands it on) and the platform (registry/index.ts). */
const root: Tool['root'] = (surroundings) => {
  const name = 'PLAYWRIGHT_BROWSERS_PATH';
  const setting = fromVariable(surroundings, name) ?? fromVariable(surroundings, `npm_config_${name.toLowerCase()}`);
  const place = pathsOf(surroundings).join(platformCacheDir(surroundings), 'ms-playwright');
  if (setting?.value !== '0') return rootFrom('Playwright', setting, place, surroundings);
  const message = `${setting.where} is 0: each project has browsers of its own, in node_modules/playwright-core/.local-browsers. Add such a folder by its path.`;
  return { path: place, because: setting.because, isDefault: false, problem: { code: 'unusable-path', message } };
};

/**
 * Playwright’s browsers. Layout: packages/playwright-core/src/server/registry/index.ts. There is no command of its own
 * here to run: `npx playwright` is that of a project, and from elsewhere it would download another one.
 */
export const playwright: Tool = {
  id: 'playwright',
  name: 'Playwright',
  sources: ['playwright-core, src/server/registry/index.ts'],
  what: 'Browsers that Playwright has downloaded to run tests in, one folder for each browser and revision.',
  cost: 'Tests that use a cleared browser fail until “npx playwright install” has downloaded it again. What no project uses any more costs nothing.',
  command: 'npx playwright uninstall --all (in a project; without --all only what no other project uses)',
  root,
  units,
  keeps: (place, read) =>
    unknownNames(
      place,
      read,
      units(place, read).map(({ name }) => name),
      whyKept,
    ),
  recognise,
  contradiction,
  hasUnitPerEntry: true,
  works: playwrightWorks,
  entries: (place, unit, read) => playwrightEntries(place, unit.name, read),
};
