import { programWords } from '../../catalog/command-line.ts';
import { any, hours, inside, minutes, type Seen, type ToolGrammar, uuid, type Workers } from './tool-grammar.ts';

const codes = ['vscode', 'vscode-insiders', 'vscodium', 'code-oss', 'cursor', 'windsurf'];
const workers: Workers = {
  works: (argv) =>
    /^(?:code|code-insiders|code-oss|codium|vscodium|cursor|windsurf)(?:\.exe)?$/i.test(programWords(argv)[0] ?? ''),
  reach: 'anywhere',
};

/** A folder of extensions has this list in it. */
const isExtensions = ({ dir, eye }: Seen): boolean => eye.facts(inside(dir, 'extensions.json')) !== null;

const remedy = 'Close Code and start it again: it removes such folders when it starts.';

/** VS Code (extensionManagementService.ts, DELETED_FOLDER_POSTFIX): an extension that was removed or replaced. */
export const codeDeleted: ToolGrammar = {
  id: 'vscode-deleted',
  tool: 'vscode',
  what: 'An extension that VS Code was removing',
  pattern: /^(?<base>.+)\.-?[0-9a-f]{1,16}\.vsctmp$/s,
  kinds: ['directory'],
  spots: [
    { from: 'project', steps: [] },
    { from: 'project', steps: [/^extensions$/] },
  ],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: minutes(10),
  workers,
  remedy,
  judge: (seen) => (isExtensions(seen) ? { cleaning: 'safe', why: ['VS Code removes it when it starts'] } : null),
};

export const codeUnpacking: ToolGrammar = {
  id: 'vscode-unpacking',
  tool: 'vscode',
  what: 'An extension that VS Code had not finished unpacking',
  pattern: new RegExp(`^\\.${uuid}$`),
  kinds: ['directory'],
  spots: codeDeleted.spots,
  quietMs: hours(1),
  workers,
  remedy,
  judge: codeDeleted.judge,
};

/** Names of caches that Chromium puts aside as a whole when they cannot be used (net/disk_cache/cache_util.cc). */
const caches =
  /^(?:Cache|Cache_Data|Code Cache|GPUCache|DawnCache|DawnGraphiteCache|DawnWebGPUCache|ShaderCache|Media Cache)$/;

/** What such a cache holds, of either format, on top. */
const content = /^(?:index|index-dir|data_[0-3]|f_[0-9a-f]{6}|[0-9a-f]{16}_[0s01]|Cache_Data|js|wasm)$/;

/** Below a person's folder for caches: Chrome and its kin on Linux, macOS and Windows, each with its profiles. */
const browsers =
  /^(?:google-chrome(?:-\w+)?|chromium|microsoft-edge(?:-\w+)?|BraveSoftware|vivaldi|opera|Google|Chromium)$/;

/** At most a hundred of them for each cache; the program removes them by itself, unless it is killed meanwhile. */
export const chromiumOld: ToolGrammar = {
  id: 'chromium-old',
  tool: 'chromium',
  what: 'A cache that a program made with Chromium had put aside to remove it',
  pattern: /^old_(?<base>.+)_0\d\d$/s,
  kinds: ['directory'],
  spots: [
    { from: 'cache', tools: [...codes, 'jetbrains', 'electron-app', 'chromium'], steps: [], deeper: 1 },
    { from: 'beside', steps: [] },
    { from: 'beside', steps: [browsers], deeper: 2 },
    { from: 'project', steps: [], deeper: 1 },
  ],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: minutes(10),
  wholeFolder: true,
  remedy: 'Start the program and close it again: it removes such folders a while after it starts.',
  judge: ({ parts, dir, name, eye }) =>
    caches.test(parts['base'] ?? '') && eye.names(inside(dir, name)).some((child) => content.test(child))
      ? { cleaning: 'safe', why: ['Chromium had condemned it before it made a new one'] }
      : null,
};

/**
 * Firefox (netwerk/cache2/CacheFileIOManager.cpp, TrashDirectory): renamed within `cache2` and emptied in the
 * background; what was left is gone on with at the next start. The folder's name ends with a random number.
 */
export const firefoxTrash: ToolGrammar = {
  id: 'firefox-trash',
  tool: 'firefox',
  what: 'A cache that Firefox had put aside to remove it',
  pattern: /^trash\d{1,10}$/,
  kinds: ['directory'],
  spots: [
    { from: 'beside', steps: [/^mozilla$/, /^firefox$/, any, /^cache2$/] },
    { from: 'beside', steps: [/^(?:Firefox|Mozilla)$/, /^(?:Profiles|Firefox)$/, any, /^cache2$/] },
    { from: 'beside', steps: [/^Mozilla$/, /^Firefox$/, /^Profiles$/, any, /^cache2$/] },
  ],
  quietMs: minutes(10),
  workers: { works: (argv) => /^firefox(?:-\w+)?(?:\.exe)?$/i.test(programWords(argv)[0] ?? ''), reach: 'anywhere' },
  remedy: 'Start Firefox: it removes such folders a while after it starts.',
  judge: ({ dir, name, eye }) =>
    eye.names(inside(dir, name)).every((child) => /^(?:[0-9A-F]{40}|index(?:\.\w+)?|entries|doomed)$/.test(child))
      ? { cleaning: 'safe', why: ['Firefox had condemned it, and all in it is named as in its cache'] }
      : null,
};
