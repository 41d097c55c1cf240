import type { Child, Reader } from '../../fs/reader.ts';
import { cacheFolder } from '../cache-folder.ts';
import { programWords, withoutInterpreter } from '../command-line.ts';
import { electronDownloads } from '../decode/electron-downloads.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';

/** The sha256 of the URL's folder (@electron/get, src/Cache.ts). Many releases have one folder: that of the mirror and version. */
const isDownload = (child: Child): boolean => child.kind === 'directory' && /^[0-9a-f]{64}$/.test(child.name);

const units: Tool['units'] = (root, read) =>
  childrenOf(read, root)
    .filter(isDownload)
    .map(({ name }): UnitDefinition => ({ name, kind: 'directory', rewritten: 'nothing' }));

/** Files, and folders never: it downloads elsewhere and renames into place. */
const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  return workingCopy(children) ?? stranger(children, (child) => child.kind === 'file', 'a download of Electron’s');
};

const isElectrons = (child: Child): boolean =>
  child.kind === 'file' && /^(?:SHASUMS256\.txt.*|[a-z-]+-v\d+\.\d+\.\d+.*\.zip)$/.test(child.name);

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isDownload)
    .flatMap(({ path }) => childrenOf(read, path))
    .find((child) => isElectrons(child) && !litter(child));
  return found === undefined
    ? null
    : `It holds ${found.name} in a folder with the name that Electron’s downloads have.`;
};

const programs = /^electron-(?:builder|forge|packager|rebuild)(?:\.c?js)?$/;

/** Electron's own downloads, which its package unpacks. Layout: @electron/get, Cache.ts; electron, install.js. */
export const electron: Tool = {
  id: 'electron',
  name: 'Electron',
  sources: ['@electron/get, Cache.ts', 'electron, install.js'],
  what: 'Archives of Electron versions that npm packages have downloaded, kept to unpack them in the next project.',
  cost: 'The next npm install or packaging of an Electron program downloads its version again, about 100 MB each, and fails without a network. What is in node_modules already goes on working.',
  command: null,
  root: (surroundings) =>
    rootFrom(
      'Electron',
      fromVariable(surroundings, 'electron_config_cache'),
      cacheFolder(surroundings, 'electron'),
      surroundings,
    ),
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      (name) =>
        name.endsWith('.zip') || name.startsWith('SHASUMS256')
          ? 'A download from before 2019: no Electron that is installed today looks for it here. It can be removed by hand.'
          : 'Not one of the folders that Electron downloads into.',
    ),
  recognise,
  contradiction,
  works: (argv) =>
    /[/\\]electron[/\\]install\.js$/.test(withoutInterpreter(argv)[0] ?? '') ||
    programs.test(programWords(argv)[0] ?? ''),
  parts: byPath(),
  entries: (root, unit, read: Reader) => electronDownloads(unitPath(root, unit), read),
};
