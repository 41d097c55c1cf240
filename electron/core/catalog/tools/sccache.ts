import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { sccacheEntries } from '../decode/sccache-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable, literally } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom, type Setting } from '../root.ts';
import { tomlText } from '../settings-toml.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { localAppData, pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Surroundings, Tool } from '../tool.ts';
import { wholeOrParts } from '../whole.ts';

/** `0` to `f`, the first digit of a key (src/cache/disk.rs), and what preprocessors have told (docs/Local.md). */
const isShelf = ({ name, kind }: Child): boolean => kind === 'directory' && /^[0-9a-f]$/.test(name);
const isPreprocessor = ({ name, kind }: Child): boolean => kind === 'directory' && name === 'preprocessor';
const isTemporary = ({ name }: Child): boolean => name.startsWith('.sccachetmp');
const isOwn = (child: Child): boolean => isShelf(child) || isPreprocessor(child) || isTemporary(child);

const units: Tool['units'] = (root, read) =>
  wholeOrParts(root, read, isOwn, (child) => isShelf(child) || isPreprocessor(child), 'anything');

const keeps: Tool['keeps'] = (root, read) => {
  const found = units(root, read);
  if (found[0]?.name === '.') return [];
  return unknownNames(
    root,
    read,
    found.map(({ name }) => name),
    () => 'Not one of the folders that sccache caches in.',
  );
};

const isResult = (child: Child): boolean =>
  (child.kind === 'file' && /^[0-9a-f]{32,}$/.test(child.name)) || isTemporary(child) || litter(child);

/** `k0/k1/<key>`: the second level has one digit, the files are named by the whole key. */
const strangerOnShelf = (shelf: string, read: Reader): string | null => {
  const inside = childrenOf(read, shelf);
  const odd = stranger(inside, (child) => isShelf(child) || litter(child), 'a folder that sccache makes there');
  if (odd !== null) return odd;
  for (const { path } of inside) {
    const other = stranger(childrenOf(read, path), isResult, 'a result as sccache keeps them');
    if (other !== null) return other;
  }
  return null;
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const path = unitPath(root, unit);
  const children = childrenOf(read, path);
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  if (isShelf({ name: unit.name, path, kind: 'directory' })) return strangerOnShelf(path, read);
  const shelves = childrenOf(read, root).filter(isShelf);
  if (shelves.length === 0) return 'No folder 0 to f is there, which sccache keeps results in.';
  for (const shelf of shelves) {
    const odd = strangerOnShelf(shelf.path, read);
    if (odd !== null) return odd;
  }
  return unit.name === '.'
    ? stranger(children, (child) => isOwn(child) || litter(child), 'a folder that sccache makes there')
    : null;
};

/** A zip, under the name of a key that begins with the two folders it stands in. */
const recognise: Tool['recognise'] = (root, read) => {
  for (const first of childrenOf(read, root).filter(isShelf))
    for (const second of childrenOf(read, first.path).filter(isShelf)) {
      const found = childrenOf(read, second.path).find(
        ({ name, kind }) =>
          kind === 'file' && /^[0-9a-f]{32,}$/.test(name) && name.startsWith(first.name + second.name),
      );
      if (found !== undefined && read.bytes(found.path, 4)?.toString('latin1') === 'PK\x03\x04')
        return `It holds ${first.name}/${second.name}/${found.name}, a result as sccache keeps them.`;
    }
  return null;
};

/** Where its settings are (docs/Configuration.md). */
const settingsFile = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  const { home } = surroundings;
  const named = variable(surroundings, 'SCCACHE_CONF');
  if (named !== undefined) return named;
  switch (surroundings.platform) {
    case 'win32':
      return join(
        variable(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'),
        'Mozilla',
        'sccache',
        'config',
        'config',
      );
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Mozilla.sccache', 'config');
    default:
      return join(variable(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'sccache', 'config');
  }
};

/** `dir` in the table `[cache.disk]`. */
const fromFile = (surroundings: Surroundings): Setting | null => {
  const file = settingsFile(surroundings);
  const value = tomlText(surroundings.readText(file) ?? '', ['cache', 'disk', 'dir']);
  const where = `dir of cache.disk in ${withTilde(surroundings, file)}`;
  return value ? { value: literally(value, surroundings), because: where, where } : null;
};

const defaultPath = (surroundings: Surroundings): string => {
  const { join } = pathsOf(surroundings);
  switch (surroundings.platform) {
    case 'win32':
      return join(localAppData(surroundings), 'Mozilla', 'sccache');
    case 'darwin':
      return join(platformCacheDir(surroundings), 'Mozilla.sccache');
    default:
      return join(platformCacheDir(surroundings), 'sccache');
  }
};

/** `SCCACHE_DIR`, its settings, the platform's place (src/config.rs, docs/Local.md). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'sccache',
    fromVariable(surroundings, 'SCCACHE_DIR') ?? fromFile(surroundings),
    defaultPath(surroundings),
    surroundings,
  );

/** Its server keeps a list of what is there, and runs until it was idle for ten minutes. It is `sccache` without a word. */
const works: Tool['works'] = (argv) => {
  const [program, first] = programWords(argv);
  if (program?.replace(/\.exe$/, '') !== 'sccache') return false;
  return first === undefined || !first.startsWith('-') || first === '--start-server';
};

/** sccache, which remembers what compilers have made. Layout: src/cache/disk.rs, docs/Local.md. */
export const sccache: Tool = {
  id: 'sccache',
  name: 'sccache',
  sources: ['sccache, src/cache/disk.rs', 'sccache, docs/Local.md'],
  what: 'What compilers of Rust, C and C++ have made: sccache gives it again when the same source is compiled once more.',
  cost: 'The next builds compile everything again, which can take long for a large project. Nothing is downloaded, and nothing that was built changes. Stop its server first (sccache --stop-server): it remembers what was there.',
  command: null,
  root,
  units,
  keeps,
  recognise,
  contradiction,
  works,
  parts: byPath(),
  entries: (dir, unit, read: Reader) => sccacheEntries(unitPath(dir, unit), unit.name, read),
};
