import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programName } from '../command-line.ts';
import { homebrewEntries } from '../decode/homebrew-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable, literally } from '../named-setting.ts';
import { byPath, wholeStays } from '../parts/by-path.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** The lists of all formulae, sources of some, and what builds of formulae have cached (cleanup.rb, nested_cache?). */
const folders: readonly string[] = [
  ...['downloads', 'api', 'api-source', 'bootsnap', 'cargo_cache', 'gclient_cache', 'glide_home', 'go_cache'],
  ...['go_mod_cache', 'java_cache', 'npm_cache', 'pip_cache'],
];

/** `wget--git`, `wget--svn`: a clone that brew itself keeps (download_strategy.rb, cache_tag). */
const isClone = ({ kind, name }: Child): boolean =>
  kind === 'directory' && /^[^.].*--(?:git|svn|hg|bzr|cvs|fossil)$/.test(name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root).flatMap((child): readonly UnitDefinition[] => {
    const { kind, name } = child;
    if (isClone(child)) return [{ name, kind: 'directory', rewritten: 'anything', hasGit: true }];
    return kind === 'directory' && folders.includes(name) ? [{ name, kind, rewritten: 'anything' }] : [];
  });

const whyKept = (name: string): string => {
  if (name === 'Cask' || name.includes('--'))
    return 'Links to downloads by the names of what they are, and older downloads. brew cleanup takes away those that lead nowhere.';
  if (name === '.cleaned') return 'brew’s note of when it last cleaned up.';
  return name.endsWith('.json') || name.endsWith('.db')
    ? 'What brew notes about formulae and their users.'
    : 'Not one of the folders that brew caches in.';
};

/** `<64 hex digits of the address>--wget-1.21.tar.gz` (download_strategy.rb, cached_location). */
const isDownload = ({ name }: Child): boolean => /^[0-9a-f]{64}--/.test(name);

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit)).filter((child) => !litter(child));
  if (unit.hasGit === true || children.length === 0) return null;
  const found = workingCopy(children);
  if (found !== null || unit.name === 'downloads' ? children.some(isDownload) : recognise(root, read) !== null)
    return found;
  return 'Neither it nor what stands beside it holds a download as brew names them.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, join(root, 'downloads')).find(isDownload);
  return found === undefined
    ? null
    : 'Its folder downloads holds files as brew names them, by the hash of their address.';
};

/** `HOMEBREW_CACHE=…` in a brew.env; the last line counts, and what stands there beats the environment (bin/brew). */
const fromFile = (surroundings: Surroundings, file: string): Setting | null => {
  const lines = (surroundings.readText(file) ?? '').split(/\r?\n/);
  const value = lines.map((line) => /^HOMEBREW_CACHE=(.+)$/.exec(line)?.[1]).findLast((it) => it !== undefined);
  if (value === undefined) return null;
  const where = `HOMEBREW_CACHE in ${withTilde(surroundings, file)}`;
  return { value: literally(value.trim(), surroundings), because: where, where };
};

const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const { home } = surroundings;
  const config = variable(surroundings, 'XDG_CONFIG_HOME');
  const prefix = variable(surroundings, 'HOMEBREW_PREFIX');
  const files = [
    config === undefined ? joined(home, '.homebrew', 'brew.env') : joined(config, 'homebrew', 'brew.env'),
    ...(prefix === undefined ? [] : [joined(prefix, 'etc', 'homebrew', 'brew.env')]),
    '/etc/homebrew/brew.env',
  ];
  return rootFrom(
    'Homebrew',
    files.reduce<Setting | null>((found, file) => found ?? fromFile(surroundings, file), null) ??
      fromVariable(surroundings, 'HOMEBREW_CACHE'),
    joined(platformCacheDir(surroundings), 'Homebrew'),
    surroundings,
  );
};

const working =
  /^(?:install|reinstall|upgrade|update|fetch|cleanup|bundle|tap|uninstall|remove|rm|autoremove|test|audit|livecheck|search|info|outdated)$/;

/** A download alone; links to it that lead nowhere then brew takes away when it cleans up. */
const parts = byPath({ stays: ({ name }) => (name === 'downloads' ? null : wholeStays) });

/** Homebrew. Layout: Library/Homebrew/download_strategy.rb, cleanup.rb, brew.sh. Its locks are in its prefix, not here. */
export const homebrew: Tool = {
  id: 'homebrew',
  name: 'Homebrew',
  sources: [
    'Homebrew, Library/Homebrew/download_strategy.rb',
    'Homebrew, Library/Homebrew/cleanup.rb',
    'Homebrew, Library/Homebrew/brew.sh',
  ],
  what: 'Packages and sources that brew has downloaded, its lists of all formulae and casks, and what builds have cached.',
  cost: 'brew downloads again what it needs next. What is installed stays.',
  command: 'brew cleanup -s --prune=all',
  own: {
    argv: ['brew', 'cleanup', '-s', '--prune=all'],
    does: 'It deletes all downloads, also of what is installed, and old versions of what is installed. The lists stay.',
    better: 'It holds brew’s own locks meanwhile, and takes the links to the downloads along.',
  },
  root,
  units,
  keeps: (its, read) =>
    unknownNames(
      its,
      read,
      units(its, read).map(({ name }) => name),
      whyKept,
    ),
  recognise,
  contradiction,
  works: (argv) => {
    const at = argv.slice(0, 12).findIndex((word) => /^brew(?:\.sh|\.rb)?$/.test(programName(word)));
    return at !== -1 && argv.slice(at + 1).some((word) => working.test(word));
  },
  parts,
  entries: (its, unit, read) => homebrewEntries(unitPath(its, unit), unit, read),
};
