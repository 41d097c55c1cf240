import { basename, dirname, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { asText, entry, jsonObject, timestamp } from '../decode/entry.ts';
import { childrenOf, sizeOf } from '../decode/walk.ts';
import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, withTilde } from '../surroundings.ts';
import type { RawEntry, Surroundings, Tool, UnitDefinition } from '../tool.ts';

const browsers = ['chrome', 'chrome-headless-shell', 'chromium', 'firefox', 'chromedriver'];

/** `linux-131.0.6778.204`, `mac_arm-stable_133.0`: no more dashes than one (@puppeteer/browsers, Cache.ts). */
const build = /^((?:linux|mac)(?:_arm)?|win32|win64)-([^-]+)$/;
/** `131.0.6778.204-chrome-linux64.zip`: removed when it is unpacked. One that was cut off is taken for whole. */
const archive = /^([^-]+)-.+\.(?:zip|exe|dmg|tar\.(?:bz2|gz|xz))$/;

const isUnit = ({ kind, name }: Child): boolean =>
  kind === 'directory' ? build.test(name) : kind === 'file' && archive.test(name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  browsers.flatMap((browser) =>
    childrenOf(read, join(root, browser))
      .filter(isUnit)
      .map(({ name, kind }) => ({
        name: `${browser}/${name}`,
        kind: kind === 'directory' ? 'directory' : 'file',
        rewritten: 'nothing',
      })),
  );

const keeps: Tool['keeps'] = (root, read) => [
  ...unknownNames(root, read, browsers, () => 'Not one of the folders that Puppeteer makes.'),
  ...browsers.flatMap((browser) =>
    unknownNames(
      join(root, browser),
      read,
      childrenOf(read, join(root, browser))
        .filter(isUnit)
        .map(({ name }) => name),
      (name) =>
        name === '.metadata'
          ? 'Puppeteer’s notes of names and places of builds. They may name one that is gone.'
          : 'Not one of the builds that Puppeteer downloads.',
    ),
  ),
];

/** What stands on top of a build of each of them. */
const parts = /^(?:chrome|chromedriver|firefox|Firefox|core$|ABOUT$|LICENSE|installed-firefox)/;

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || unit.kind === 'file' || children.every(litter)) return found;
  return children.some(({ name }) => parts.test(name))
    ? null
    : 'It holds nothing of a browser as Puppeteer unpacks them.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = units(root, read).find(
    (unit) => unit.kind === 'directory' && childrenOf(read, unitPath(root, unit)).some(({ name }) => parts.test(name)),
  );
  return found === undefined ? null : `Its folder ${found.name} holds a browser as Puppeteer unpacks them.`;
};

/** A person's own settings, for all projects below the home. A project's count for that project; scripts cannot be asked. */
const fromFile = (surroundings: Surroundings): Setting | null => {
  for (const name of ['.puppeteerrc', '.puppeteerrc.json']) {
    const file = pathsOf(surroundings).join(surroundings.home, name);
    const text = surroundings.readText(file);
    const value = text === null ? null : asText(jsonObject(text)?.['cacheDirectory']);
    if (value === null || value === '') continue;
    const where = `cacheDirectory in ${withTilde(surroundings, file)}`;
    return { value: literally(value, surroundings), because: where, where };
  }
  return null;
};

/** `~/.cache/puppeteer` on every system (puppeteer, getConfiguration.ts). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Puppeteer',
    fromVariable(surroundings, 'PUPPETEER_CACHE_DIR') ?? fromFile(surroundings),
    pathsOf(surroundings).join(surroundings.home, '.cache', 'puppeteer'),
    surroundings,
  );

function* entries(path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  const facts = read.facts(path);
  if (facts === null || facts.kind === 'link') return;
  const [, platform = null, buildId = null] = build.exec(basename(path)) ?? [];
  yield entry('.', platform === null ? 'archive' : `browser, ${platform}`, {
    name: basename(dirname(path)),
    version: buildId ?? archive.exec(basename(path))?.[1] ?? null,
    bytes: sizeOf(read, path),
    created: timestamp(facts.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
    damaged:
      unit.kind === 'directory' && childrenOf(read, path).length === 0
        ? 'It is empty: the installation was cut off. Clear it, and Puppeteer downloads it again.'
        : null,
  });
}

/** Puppeteer, which drives browsers. Layout: @puppeteer/browsers, Cache.ts and install.ts. */
export const puppeteer: Tool = {
  id: 'puppeteer',
  name: 'Puppeteer',
  sources: ['@puppeteer/browsers, Cache.ts', '@puppeteer/browsers, install.ts'],
  what: 'Browsers that Puppeteer has downloaded, one folder for each build.',
  cost: 'Programs that use a cleared build fail until “npx puppeteer browsers install” has downloaded it again.',
  command: 'npx @puppeteer/browsers clear (it removes all of them)',
  root,
  units,
  keeps,
  recognise,
  contradiction,
  hasUnitPerEntry: true,
  works: (argv) => {
    const [program = '', ...words] = programWords(argv);
    return /^(?:puppeteer|browsers)$/.test(program) && words.includes('install');
  },
  entries: (place, unit, read) => entries(unitPath(place, unit), unit, read),
};
