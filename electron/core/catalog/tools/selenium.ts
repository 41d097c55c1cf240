import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programName } from '../command-line.ts';
import { entry, timestamp } from '../decode/entry.ts';
import { childrenOf, sizeOf } from '../decode/walk.ts';
import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { tomlText } from '../settings-toml.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, withTilde } from '../surroundings.ts';
import type { RawEntry, Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** What it downloads, by its folder (rust/src/chrome.rs, firefox.rs, edge.rs, grid.rs). */
const programs: Readonly<Record<string, string>> = {
  chrome: 'Chrome',
  firefox: 'Firefox',
  edge: 'Edge',
  chromedriver: 'ChromeDriver',
  geckodriver: 'GeckoDriver',
  msedgedriver: 'Edge WebDriver',
  IEDriverServer: 'IE driver',
  grid: 'Selenium Grid',
};

const isVersion = ({ kind, name }: Child): boolean => kind === 'directory' && /^\d+(?:\.\d+)*[\w.-]*$/.test(name);

/** `chromedriver/linux64/131.0.6778.85`; Grid runs anywhere: `grid/4.27.0` (rust/src/files.rs, lib.rs). */
const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter(({ kind, name }) => kind === 'directory' && Object.hasOwn(programs, name))
    .flatMap((program) =>
      childrenOf(read, program.path).flatMap((child): readonly UnitDefinition[] => {
        if (isVersion(child))
          return [{ name: `${program.name}/${child.name}`, kind: 'directory', rewritten: 'nothing' }];
        if (child.kind !== 'directory') return [];
        return childrenOf(read, child.path)
          .filter(isVersion)
          .map(({ name }) => ({
            name: `${program.name}/${child.name}/${name}`,
            kind: 'directory',
            rewritten: 'nothing',
          }));
      }),
    );

const whyKept = (name: string): string => {
  if (name === 'se-config.toml') return 'Settings of Selenium Manager that you wrote.';
  if (name === 'se-metadata.json') return 'What Selenium Manager noted of versions, for an hour at most.';
  return 'Not one of the programs that Selenium Manager downloads.';
};

/** `cache-path` in the settings file, which stands at the default place, beats the variable (rust/src/config.rs). */
const fromFile = (surroundings: Surroundings, file: string): Setting | null => {
  const value = tomlText(surroundings.readText(file) ?? '', ['cache-path']);
  const where = `cache-path in ${withTilde(surroundings, file)}`;
  return value ? { value: literally(value, surroundings), because: where, where } : null;
};

const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const place = joined(surroundings.home, '.cache', 'selenium');
  const setting =
    fromFile(surroundings, joined(place, 'se-config.toml')) ?? fromVariable(surroundings, 'SE_CACHE_PATH');
  return rootFrom('Selenium Manager', setting, place, surroundings);
};

const recognise: Tool['recognise'] = (place, read) => {
  const [first] = units(place, read).filter(({ name }) => /driver/i.test(name));
  return first === undefined ? null : `It holds ${first.name}, as Selenium Manager keeps what it downloads.`;
};

const contradiction: Tool['contradiction'] = (place, unit, read) => {
  const children = childrenOf(read, unitPath(place, unit)).filter((child) => !litter(child));
  const isMade = children.some(({ name }) => /driver|chrome|firefox|edge|selenium|\.lock$/i.test(name));
  return (
    workingCopy(children) ?? (children.length === 0 || isMade ? null : 'It holds none of the programs of its name.')
  );
};

function* entries(path: string, unit: UnitDefinition, read: Reader): Generator<RawEntry> {
  if (read.facts(path)?.kind !== 'directory') return;
  const [program = '', ...rest] = unit.name.split('/');
  yield entry('.', /driver/i.test(program) ? 'driver' : 'program', {
    name: programs[program] ?? program,
    version: rest.at(-1) ?? null,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    lastUsed: timestamp(read.lastUse(path)),
  });
}

/** Selenium Manager, which gets browsers and their drivers for tests with Selenium. The same place on every system. */
export const selenium: Tool = {
  id: 'selenium',
  name: 'Selenium Manager',
  sources: [
    'Selenium, rust/src/config.rs',
    'Selenium, rust/src/files.rs',
    'Selenium, documentation of Selenium Manager',
  ],
  what: 'Browsers and the drivers that steer them, in each version that your tests with Selenium have asked for.',
  cost: 'The next test that needs one downloads it again: about 10 MB for a driver, 150 MB and more for a browser.',
  command: 'selenium-manager --clear-cache (it is part of each language’s Selenium, and removes the whole folder)',
  root,
  units,
  keeps: (place, read) => unknownNames(place, read, Object.keys(programs), whyKept),
  recognise,
  contradiction,
  hasUnitPerEntry: true,
  works: ([program = '']) => /^selenium-manager(?:-\w+)?(?:\.exe)?$/.test(programName(program)),
  locks: {
    kind: 'flock',
    files: (place, read) =>
      units(place, read)
        .map(({ name }) => join(place, name, 'sm.lock'))
        .filter((path) => read.facts(path)?.kind === 'file'),
    taken: [],
  },
  entries: (place, unit, read) => entries(unitPath(place, unit), unit, read),
};
