import { basename, dirname, join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Child, Reader } from '../../fs/reader.ts';
import { programName } from '../command-line.ts';
import { composerEntries } from '../decode/composer-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { composerRoot } from './composer-root.ts';

/** Downloads are copied into place, answers renamed into place, clones fetched into (Cache.php, Util/Git). */
const folders: readonly UnitDefinition[] = [
  { name: 'files', kind: 'directory', rewritten: 'anything' },
  { name: 'repo', kind: 'directory', rewritten: 'nothing' },
  { name: 'vcs', kind: 'directory', rewritten: 'anything' },
];

/** Before the cache is there, none of them is worth a line. */
const units: Tool['units'] = (root, read) => (read.facts(root) === null ? [] : folders);

const secrets = 'Your tokens and passwords for repositories of packages.';
const beside: readonly (readonly [name: string, why: string])[] = [
  ['auth.json', secrets],
  ['config.json', 'Your settings of Composer.'],
  ['composer.json', 'The list of packages that you installed for all projects.'],
  ['composer.lock', 'The list of packages that you installed for all projects.'],
  ['vendor', 'Packages and programs that you installed for all projects.'],
];

/** `COMPOSER_HOME/cache` stands right beside a person's settings. */
const settingsBeside = (root: string, read: Reader): readonly Kept[] =>
  basename(root) !== 'cache'
    ? []
    : beside
        .map(([name, why]) => ({ path: join(dirname(root), name), why }))
        .filter(({ path }) => read.facts(path) !== null);

const whyKept = (name: string): string => {
  const known = beside.find(([its]) => its === name);
  if (known !== undefined) return known[1];
  return name === '.htaccess'
    ? 'Composer’s word to web servers that nothing here is to be read by others.'
    : 'Not one of the folders that Composer caches in.';
};

/** `https---repo.packagist.org` */
const isRepository = ({ kind, name }: Child): boolean => kind === 'directory' && /^(?:https?|file|ftp)---/.test(name);
/** An address in which all but letters, digits and dots have become `-`; one of a folder on disk begins with it. */
const isAddress = ({ kind, name }: Child): boolean => kind === 'directory' && /^[a-z0-9.]*-[a-z0-9.-]*$/i.test(name);
/** A bare clone of such an address: one with a working copy is a person's. */
const isClone = (child: Child, read: Reader): boolean =>
  isAddress(child) && read.facts(join(child.path, 'HEAD'))?.kind === 'file';
/** A vendor's name, by the rule of Composer's package names (Package/Loader/ValidatingArrayLoader). */
const isVendor = ({ kind, name }: Child): boolean =>
  kind === 'directory' && /^[a-z0-9](?:[_.-]?[a-z0-9]+)*$/i.test(name);

const belongs: Readonly<Record<string, (child: Child, read: Reader) => boolean>> = {
  files: isVendor,
  repo: isAddress,
  vcs: isClone,
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const fits = belongs[unit.name] ?? (() => false);
  return (
    workingCopy(children) ??
    stranger(
      children,
      (child) => fits(child, read) || litter(child) || child.name === '.htaccess',
      'a name that Composer gives there',
    )
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, join(root, 'repo')).find(isRepository);
  return found === undefined
    ? null
    : `Its folder repo holds ${found.name}, in which Composer keeps a repository’s answers.`;
};

/** Commands that read or fill the cache (Composer/Command). What scripts and servers run under does not. */
const working =
  /^(?:install|i|update|u|upgrade|require|r|remove|rm|uninstall|create-project|global|reinstall|outdated|show|info|search|why|depends|why-not|prohibits|archive|init|bump|audit|clear-?cache|cc|self-?update|fund|home|browse|suggests|status|validate)$/;

const isComposer = (word: string): boolean => /^composer(?:\.phar|\.bat)?$/.test(programName(word));

/** `php -d memory_limit=-1 composer.phar install` */
const works: Tool['works'] = (argv) => {
  const [first = ''] = argv;
  const isPhp = /^php[\d.]*(?:\.exe)?$/.test(programName(first));
  const at = argv.findIndex(
    (word, place) => place >= (isPhp ? 1 : 0) && !word.startsWith('-') && !/^-[cd]$/.test(argv[place - 1] ?? ''),
  );
  if (!isComposer(argv[at] ?? '')) return false;
  const command = argv.slice(at + 1).find((word) => !word.startsWith('-'));
  return command !== undefined && working.test(command);
};

/** Composer, the package manager of PHP. Layout: Factory.php, Cache.php, Downloader/FileDownloader.php, Util/Git.php. */
export const composer: Tool = {
  id: 'composer',
  name: 'Composer',
  sources: [
    'Composer, Factory.php',
    'Composer, Cache.php',
    'Composer, Downloader/FileDownloader.php',
    'Composer, Util/Git.php',
  ],
  what: 'PHP packages that Composer has downloaded, answers of repositories, and clones of repositories.',
  cost: 'Composer downloads again what it needs next, and without a network installs stop until it can. The vendor folders of your projects stay as they are.',
  command: 'composer clear-cache',
  own: {
    argv: ['composer', 'clear-cache'],
    does: 'It empties the whole folder: also what is not Composer’s, and copies set aside in it that could still be undone.',
    better: null,
  },
  root: composerRoot,
  units,
  keeps: (root, read) => [
    ...settingsBeside(root, read),
    ...unknownNames(
      root,
      read,
      folders.map(({ name }) => name),
      whyKept,
    ),
  ],
  recognise,
  contradiction,
  works,
  parts: byPath(),
  entries: (root, unit, read) => composerEntries(unitPath(root, unit), unit.name, read),
};
