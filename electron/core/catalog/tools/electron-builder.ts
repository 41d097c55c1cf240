import type { Child, Reader } from '../../fs/reader.ts';
import { cacheFolder } from '../cache-folder.ts';
import { programWords } from '../command-line.ts';
import { builderEntries } from '../decode/electron-builder-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath, lockStays } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/**
 * A release of a tool: `appimage@1.0.3`, `winCodeSign-2.6.0`, `snap-template-4.0-2`, `nodejs-v22.1.0`, `v1.2.3`; older
 * ones have a folder of that tool for all releases (app-builder-lib, toolsets).
 */
const release =
  /^(?:[\w.-]+@\d[\w.-]*|v\d+\.\d+\.\d+|(?:7zip|appimage|dmg-builder|fpm|icons|linux-tools(?:-mac)?|nodejs|nsis(?:-resources)?|[sS]quirrel\.[wW]indows|snap(?:-template)?|winCodeSign|win-codesign|wine|wix|zstd)(?:-v?\d[\w.-]*)?)$/;

const isRelease = (child: Child): boolean =>
  child.kind === 'directory' && (release.test(child.name) || child.name === 'downloads');

/** It extracts in place, and writes its notes of that again. */
const units: Tool['units'] = (root, read) =>
  childrenOf(read, root)
    .filter(isRelease)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'anything' }));

const whyKept = (name: string): string =>
  name.includes('keychain')
    ? 'A keychain that electron-builder signs with.'
    : 'Not one of the folders that electron-builder keeps tools in.';

/** `fpm-1.17.0-ruby-3.4.3-linux-amd64-1nk0v`: the archive's name and a hash of its URL (util/electronGet.ts). */
const isExtracted = ({ kind, name }: Child): boolean => kind === 'directory' && /-[0-9a-z]{5}$/.test(name);

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root).find(
    (child) =>
      isRelease(child) &&
      childrenOf(read, child.path).some(
        (inner) => isExtracted(inner) && read.facts(`${inner.path}.state`)?.kind === 'file',
      ),
  );
  return found === undefined
    ? null
    : `Its folder ${found.name} holds a tool with the note of electron-builder beside it.`;
};

/** A relative one is taken by parts of electron-builder and not by others, so it is told as what must be corrected. */
const root = (surroundings: Surroundings) => {
  const xdg = variable(surroundings, 'XDG_CACHE_HOME');
  const { isAbsolute, join } = pathsOf(surroundings);
  const place =
    surroundings.platform === 'linux' && xdg !== undefined && !isAbsolute(xdg)
      ? join(surroundings.home, '.cache', 'electron-builder')
      : cacheFolder(surroundings, 'electron-builder');
  return rootFrom('electron-builder', fromVariable(surroundings, 'ELECTRON_BUILDER_CACHE'), place, surroundings);
};

/** The note that something is whole goes before it (app-builder-lib, util/cacheState.ts). */
const parts = byPath({
  stays: (_, key) => (key.endsWith('.lock') ? lockStays : null),
  paths: (key) => [`${key}.state`, key],
});

/** electron-builder. Layout: app-builder-lib, util/electronGet.ts, util/cacheState.ts and toolsets. */
export const electronBuilder: Tool = {
  id: 'electron-builder',
  name: 'electron-builder',
  sources: ['app-builder-lib, util/electronGet.ts', 'app-builder-lib, util/cacheState.ts', 'app-builder-lib, toolsets'],
  what: 'Tools that electron-builder has downloaded to make installers with: NSIS, AppImage, fpm, signing tools and such.',
  cost: 'The next build downloads the tools it needs again, and fails without a network.',
  command: 'electron-builder clear-cache (it removes the whole folder at its default place, and asks)',
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
  contradiction: (place, unit, read) => workingCopy(childrenOf(read, unitPath(place, unit))),
  works: (argv) => /^(?:electron-builder|install-app-deps)(?:\.c?js)?$/.test(programWords(argv)[0] ?? ''),
  parts,
  entries: (place, unit, read: Reader) => builderEntries(unitPath(place, unit), unit.name, read),
};
