import { dirname, join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { rubyEntries } from '../decode/ruby-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

const named = (root: string, read: Reader, belongs: (child: Child) => boolean): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter((child) => child.kind === 'directory' && belongs(child))
    .map(({ name }) => ({ name, kind: 'directory', rewritten: 'anything' }));

const rest = (tool: Tool, root: string, read: Reader, why: string): readonly Kept[] =>
  unknownNames(
    root,
    read,
    tool.units(root, read).map(({ name }) => name),
    () => why,
  );

/** Of Bundler: the answers of sources, clones, and gems and extensions where a person wants them shared (global_gem_cache). */
const isPart = ({ name }: Child): boolean => /^(?:compact_index|git|gems|extensions)$/.test(name);

/** `rubygems.org.443.29b0360b937aa4d161703e6160654e47`: host, port, and a hash of the address (Source::Rubygems::Remote). */
const isSlug = ({ kind, name }: Child): boolean => kind === 'directory' && /\.\d+\.[0-9a-f]{32}$/.test(name);
/** `rails-0123…`: a clone's name, and the hash of where it came from (Source::Git, uri_hash). */
const isClone = ({ kind, name }: Child): boolean => kind === 'directory' && /-[0-9a-f]{40}$/.test(name);

const bundlerBelongs: Readonly<Record<string, (child: Child) => boolean>> = {
  compact_index: isSlug,
  git: isClone,
  gems: (child) => isSlug(child) || (child.kind === 'file' && child.name.endsWith('.gem')),
  extensions: ({ kind }) => kind === 'directory',
};

const quietBundle =
  /^(?:exec|e|config|help|version|platform|env|console|open|show|info|list|licenses|viz|plugin|doctor|gem|init)$/;

/**
 * What a source said goes with the note of which answer it was: with that note alone Bundler 2.5 and later are told that nothing
 * has changed (CompactIndexClient::Updater).
 */
const parts = byPath({
  paths: (key, _, dir, read) => {
    const [, source, gem] = /^(.*)\/info(?:-special-characters)?\/([^/]+)$/.exec(key) ?? [];
    if (source === undefined || gem === undefined) return [`${key}.etag`, key];
    const bare = gem.replace(/-[0-9a-f]{32}$/, '');
    const notes = childrenOf(read, join(dir, ...source.split('/'), 'info-etags'))
      .map(({ name }) => name)
      .filter((name) => name === gem || name.replace(/-[0-9a-f]{32}$/, '') === bare);
    return [...notes.map((name) => `${source}/info-etags/${name}`), key];
  },
});

/** Bundler. `~/.bundle/cache`: lib/bundler.rb, user_bundle_path; Fetcher::CompactIndex. */
export const bundler: Tool = {
  id: 'bundler',
  name: 'Bundler',
  sources: ['Bundler, lib/bundler.rb (user_bundle_path)', 'Bundler, Fetcher::CompactIndex'],
  what: 'Lists of gems that Bundler has downloaded, clones of repositories, and gems where you chose to share them.',
  cost: 'Bundler downloads again what it needs next. Installed gems and your settings stay.',
  command: null,
  root: (surroundings) => {
    const { join: joined } = pathsOf(surroundings);
    const home = fromVariable(surroundings, 'BUNDLE_USER_HOME');
    return rootFrom(
      'Bundler',
      fromVariable(surroundings, 'BUNDLE_USER_CACHE') ?? (home && { ...home, value: joined(home.value, 'cache') }),
      joined(surroundings.home, '.bundle', 'cache'),
      surroundings,
    );
  },
  units: (root, read) => named(root, read, isPart),
  keeps: (root, read) => [
    ...['config', 'plugin']
      .map((name) => ({
        path: join(dirname(root), name),
        why: 'Your settings and plugins of Bundler, often with passwords.',
      }))
      .filter(({ path }) => dirname(root).endsWith('.bundle') && read.facts(path) !== null),
    ...rest(bundler, root, read, 'Not one of the folders that Bundler caches in.'),
  ],
  recognise: (root, read) => {
    const found = childrenOf(read, join(root, 'compact_index')).find(isSlug);
    return found === undefined
      ? null
      : `Its folder compact_index holds ${found.name}, as Bundler names a source of gems.`;
  },
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    const fits = bundlerBelongs[unit.name] ?? (() => false);
    return (
      workingCopy(children) ??
      stranger(children, (child) => fits(child) || litter(child), 'a name that Bundler gives there')
    );
  },
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    if (!/^bundler?$/.test(program ?? '')) return false;
    const command = words.find((word) => !/^[-_]/.test(word)) ?? 'install';
    return !quietBundle.test(command) && !words.includes('--version');
  },
  parts,
  entries: (root, unit, read) => rubyEntries(unitPath(root, unit), unit.name, read),
};

/** `rubygems.org%443` (Gem::Source, cache_dir). */
const isSource = ({ kind, name }: Child): boolean => kind === 'directory' && /^[^%]+%\d+$/.test(name);

/** Since RubyGems 3.5.5 (rubygems/defaults.rb). */
const specsOf = ({ platform, home, env }: Surroundings): string => {
  const { join: joined } = pathsOf({ platform });
  return joined(variable({ platform, env }, 'XDG_CACHE_HOME') ?? joined(home, '.cache'), 'gem', 'specs');
};

/** Of older ones (rubygems/defaults.rb, spec_cache_dir): an old folder of gem's where there is one, else the data folder. */
const olderSpecs = ({ platform, home, env }: Surroundings): readonly string[] => {
  const { join: joined } = pathsOf({ platform });
  const data = variable({ platform, env }, 'XDG_DATA_HOME') ?? joined(home, '.local', 'share');
  return [joined(home, '.gem', 'specs'), joined(data, 'gem', 'specs')];
};

/** RubyGems' lists of what there is. Installed gems, and the downloads beside them (`<gem folder>/cache`), are not here. */
export const rubygems: Tool = {
  id: 'rubygems',
  name: 'RubyGems',
  sources: ['RubyGems, rubygems/defaults.rb', 'RubyGems, Gem::Source (cache_dir)'],
  what: 'Lists of gems, and descriptions of single ones, as gem has downloaded them from each source.',
  cost: 'gem downloads them again when it is used next. Installed gems stay.',
  command: 'gem sources --clear-all',
  own: {
    argv: ['gem', 'sources', '--clear-all'],
    does: 'It deletes the whole folder, with copies set aside in it that could still be undone.',
    better: null,
  },
  root: (surroundings) =>
    rootFrom('RubyGems', fromVariable(surroundings, 'GEM_SPEC_CACHE'), specsOf(surroundings), surroundings),
  places: (surroundings, read) => {
    const now = rubygems.root(surroundings);
    if (!now.isDefault) return [now];
    const older = olderSpecs(surroundings).filter((path) => read.facts(path)?.kind === 'directory');
    const found = older.map((path) => ({
      path,
      because: 'the default place of RubyGems before 3.5.5',
      isDefault: true as const,
    }));
    return read.facts(now.path) === null && found.length > 0 ? found : [now, ...found];
  },
  units: (root, read) => named(root, read, isSource),
  keeps: (root, read) => [
    ...[join(dirname(root), 'credentials')]
      .filter((path) => read.facts(path) !== null)
      .map((path) => ({ path, why: 'The tokens you publish gems with.' })),
    ...rest(rubygems, root, read, 'Not a source of gems.'),
  ],
  recognise: (root, read) => {
    const found = childrenOf(read, root)
      .filter(isSource)
      .find(({ path }) => childrenOf(read, path).some(({ name }) => /specs\.4\.8(?:\.gz)?$|^quick$/.test(name)));
    return found === undefined ? null : `It holds ${found.name} with lists of gems, as RubyGems keeps them.`;
  },
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    const fits = ({ kind, name }: Child): boolean =>
      kind === 'directory'
        ? name === 'quick' || name === 'info'
        : /specs\.4\.8(?:\.gz)?$|^(?:versions|names)(?:\.list)?$/.test(name);
    return workingCopy(children) ?? stranger(children, (child) => fits(child) || litter(child), 'a list of gems');
  },
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    const command = words.find((word) => !word.startsWith('-')) ?? '';
    return (
      /^gem[\d.]*$/.test(program ?? '') &&
      /^(?:install|i|update|fetch|search|outdated|sources|list|query|specification|info|exec)$/.test(command)
    );
  },
  parts,
  entries: (root, unit, read) => rubyEntries(unitPath(root, unit), unit.name, read),
};
