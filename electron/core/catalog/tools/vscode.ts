import { join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import { programName } from '../command-line.ts';
import { vscodeEntries } from '../decode/vscode-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { literally } from '../named-setting.ts';
import { byPath, wholeStays } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** What Code and Chromium below it make again. All else in this folder is the person's, known or not. */
const folders: readonly string[] = [
  'CachedExtensionVSIXs',
  'CachedData',
  'CachedProfilesData',
  'CachedConfigurations',
  'Cache',
  'Code Cache',
  'GPUCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'Service Worker/CacheStorage',
  'Service Worker/ScriptCache',
  'logs',
];

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  folders
    .filter((name) => read.facts(join(root, ...name.split('/')))?.kind === 'directory')
    .map((name) => ({ name, kind: 'directory', rewritten: 'anything' }));

const reasons: Readonly<Record<string, string>> = {
  User: 'Your settings, snippets and key bindings, the local history of your files, and what extensions keep.',
  Backups: 'Files of yours that are not saved yet.',
  Workspaces: 'Workspaces of yours that are not saved yet.',
  'Local Storage': 'What you are signed in with, and what extensions keep.',
  'Session Storage': 'What extensions keep.',
  IndexedDB: 'What extensions keep.',
  databases: 'What extensions keep.',
  WebStorage: 'What extensions keep.',
  Cookies: 'What you are signed in with.',
  'Cookies-journal': 'What you are signed in with.',
  Network: 'What you are signed in with.',
  machineid: 'The number by which services know this installation.',
  clp: 'Translations of the program, which it reads while it runs.',
  Crashpad: 'Reports of crashes, and the process that waits for the next.',
};

const whyKept = (name: string): string => {
  if (reasons[name] !== undefined) return reasons[name];
  if (/^Singleton|\.lock$|\.sock$/.test(name)) return 'By it a running window is found. It must stay where it is.';
  return 'Not one of the folders that the program caches in.';
};

const keeps: Tool['keeps'] = (root, read) => [
  ...unknownNames(root, read, [...folders, 'Service Worker'], whyKept),
  ...unknownNames(join(root, 'Service Worker'), read, ['CacheStorage', 'ScriptCache'], () => 'What extensions keep.'),
];

/** `logs` and `Cache` may be anybody's: what stands beside them tells whose they are. */
const signs = (root: string, read: Reader): string | null => {
  const names = childrenOf(read, root)
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => name);
  const found = names.find((name) => /^Cached(?:Data|ExtensionVSIXs|ProfilesData)$/.test(name));
  return found !== undefined && names.includes('User') ? found : null;
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  if (children.length === 0) return null;
  const found = workingCopy(children);
  if (found !== null || signs(root, read) !== null) return found;
  return 'Beside it stand neither User nor CachedData, which Visual Studio Code and its kin make there.';
};

interface Kin {
  readonly id: string;
  readonly name: string;
  /** Its folder where programs keep their settings: `productName` of its product.json. */
  readonly folder: string;
  readonly program: RegExp;
}

/** environment/node/userDataPath.ts. `--user-data-dir` is known to one run only. */
const rootOf = ({ name, folder }: Kin, surroundings: Surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const setting = (variableName: string, ...below: readonly string[]) => {
    const value = variable(surroundings, variableName);
    return value === undefined
      ? null
      : {
          value: joined(literally(value, surroundings), ...below),
          because: `${variableName} is set`,
          where: variableName,
        };
  };
  const { home, platform } = surroundings;
  const settings = {
    linux: () => variable(surroundings, 'XDG_CONFIG_HOME') ?? joined(home, '.config'),
    darwin: () => joined(home, 'Library', 'Application Support'),
    win32: () => variable(surroundings, 'APPDATA') ?? joined(home, 'AppData', 'Roaming'),
  }[platform]();
  return rootFrom(
    name,
    // A portable program says where it is to itself only; of several, which one is meant is not known.
    folder === 'Code'
      ? (setting('VSCODE_PORTABLE', 'user-data') ?? setting('VSCODE_APPDATA', folder))
      : setting('VSCODE_APPDATA', folder),
    joined(settings, folder),
    surroundings,
  );
};

/** In all other folders Chromium keeps an index of what is in them. */
const parts = byPath({
  stays: ({ name }) => (/^(?:CachedExtensionVSIXs|CachedData|logs)$/.test(name) ? null : wholeStays),
});

const toolFor = (kin: Kin): Tool => ({
  id: kin.id,
  name: kin.name,
  sources: [
    'Visual Studio Code, environmentService.ts',
    'Visual Studio Code, environmentMainService.ts',
    'Visual Studio Code, extensionManagement',
  ],
  what: `Downloads, compiled code, pages and logs that ${kin.name} keeps to start faster. Your settings and unsaved files stand beside them and are no cache.`,
  cost: 'The next start is slower, and extensions are downloaded again when they are installed again. Settings, unsaved files, local history, sign-ins and extensions stay. Close all of its windows first.',
  command: null,
  root: (surroundings) => rootOf(kin, surroundings),
  units,
  keeps,
  recognise: (root, read) => {
    const found = signs(root, read);
    const isIts = kin.folder === 'Code' || root.endsWith(`/${kin.folder}`) || root.endsWith(`\\${kin.folder}`);
    return found !== null && isIts ? `It holds ${found} beside User, as Visual Studio Code and its kin do.` : null;
  },
  contradiction,
  // Electron's helpers have the same program; the command `code` ends once the window is there.
  works: ([first = '', ...words]) =>
    kin.program.test(programName(first).replace(/\.exe$/i, '')) &&
    !words.some((word) => /^(?:-v|--version|-h|--help)$/.test(word)),
  parts,
  entries: (root, unit, read) => vscodeEntries(unitPath(root, unit), unit.name, read),
});

const kinds: readonly Kin[] = [
  {
    id: 'vscode-insiders',
    name: 'Visual Studio Code Insiders',
    folder: 'Code - Insiders',
    program: /^code-insiders$/i,
  },
  { id: 'vscodium', name: 'VSCodium', folder: 'VSCodium', program: /^(?:vs)?codium$/i },
  { id: 'code-oss', name: 'Code - OSS', folder: 'Code - OSS', program: /^code-oss$/i },
  { id: 'cursor', name: 'Cursor', folder: 'Cursor', program: /^cursor$/i },
  { id: 'windsurf', name: 'Windsurf', folder: 'Windsurf', program: /^windsurf$/i },
  // Last, since it takes a folder of any name that a person adds.
  { id: 'vscode', name: 'Visual Studio Code', folder: 'Code', program: /^code$/i },
];

/** Visual Studio Code and those that are built from it, a tool each: one layout, a folder of settings for each. */
export const vscodeKin: readonly Tool[] = kinds.map(toolFor);
