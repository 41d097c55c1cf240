import { dirname, join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Child, Reader } from '../../fs/reader.ts';
import { mavenEntries, type Origin, originOf, trackingNames } from '../decode/maven-folder.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, unitPath, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { mavenRoot } from './maven-root.ts';

/** No group is named by more parts; and folders beyond it are somebody else's. */
const deepest = 24;
/** Ten times what a large repository holds: what lies beyond is neither cleared nor told. */
const mostFolders = 200_000;

const whyKept: Readonly<Record<Exclude<Origin, 'downloaded'>, string>> = {
  installed: 'Built on this machine and put here by mvn install: no repository has it.',
  unknown: 'Maven has not noted which repository it came from, so this may be the only copy.',
};

interface Found {
  readonly units: readonly UnitDefinition[];
  readonly kept: readonly Kept[];
}

const isNote = ({ name, kind }: Child): boolean => kind === 'file' && trackingNames.includes(name);
/** What stands in the folders of groups and artifacts. */
const isAbout = ({ name }: Child): boolean => /^(?:maven-metadata|resolver-status\.|archetype-catalog)/.test(name);

/** A version's folder has a note, or holds files and no folders; all others lead to versions. */
const isVersion = (children: readonly Child[]): boolean =>
  children.some(isNote) ||
  (children.some((child) => child.kind === 'file' && !isAbout(child) && !litter(child)) &&
    !children.some(({ kind }) => kind === 'directory'));

/** What lies below one folder. Where nothing can be cleared for one reason, the topmost folder says it for all. */
const search = (root: string, read: Reader): Found => {
  let left = mostFolders;
  const look = (dir: string, name: string, depth: number): Found => {
    left -= 1;
    if (left < 0) return { units: [], kept: [] };
    const children = read.list(dir);
    if (name !== '' && isVersion(children)) {
      const origin = originOf(children, read);
      return origin === 'downloaded'
        ? { units: [{ name, kind: 'directory', rewritten: 'anything' }], kept: [] }
        : { units: [], kept: [{ path: dir, why: whyKept[origin] }] };
    }
    const units: UnitDefinition[] = [];
    const kept: Kept[] = [];
    for (const child of children) {
      if (child.kind !== 'directory' || child.name.startsWith('.') || depth >= deepest) continue;
      if (/\.(?:stale|deleting)-\d/.test(child.name)) continue;
      const below = look(child.path, name === '' ? child.name : `${name}/${child.name}`, depth + 1);
      units.push(...below.units);
      kept.push(...below.kept);
    }
    const [first] = kept;
    const same =
      name !== '' && units.length === 0 && first?.why === whyKept.unknown && kept.every(({ why }) => why === first.why);
    return { units, kept: same && first ? [{ path: dir, why: first.why }] : kept };
  };
  return read.facts(root)?.kind === 'directory' ? look(root, '', 0) : { units: [], kept: [] };
};

/** With the default place, a person's settings stand right beside the repository. */
const beside: readonly (readonly [name: string, why: string])[] = [
  ['settings.xml', 'Your settings of Maven, often with passwords.'],
  ['settings-security.xml', 'The master password of your settings of Maven.'],
  ['toolchains.xml', 'Your settings of Maven: which Java is where.'],
  ['extensions.xml', 'Your settings of Maven: its extensions.'],
];

const keeps: Tool['keeps'] = (root, read) => [
  ...beside
    .map(([name, why]) => ({ path: join(dirname(root), name), why }))
    .filter(({ path }) => read.facts(path)?.kind === 'file'),
  ...search(root, read).kept,
];

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  const origin = originOf(
    children.filter((child) => !litter(child)),
    read,
  );
  return origin === 'downloaded' ? null : whyKept[origin];
};

/** Looks at the first few folders of each level only: a folder that a person picked may hold anything. */
const recognise: Tool['recognise'] = (root, read) => {
  let left = 200;
  const look = (dir: string, name: string): string | null => {
    left -= 1;
    const children = left < 0 ? [] : childrenOf(read, dir);
    if (name.split('/').length >= 3 && children.some(isNote) && originOf(children, read) !== 'unknown')
      return `Its folder ${name} holds ${trackingNames[0]}, in which Maven notes where files came from.`;
    for (const child of children) {
      if (child.kind !== 'directory' || child.name.startsWith('.')) continue;
      const found = look(child.path, name === '' ? child.name : `${name}/${child.name}`);
      if (found !== null) return found;
    }
    return null;
  };
  return look(root, '');
};

const checksums = ['.sha1', '.md5', '.sha256', '.sha512'];

/** A file goes with its checksums. Maven looks for it before it reads where it is from (EnhancedLocalRepositoryManager). */
const parts = byPath({
  stays: (_, key) =>
    trackingNames.includes(key)
      ? 'it says where the other files of this version came from. Without it they could be your own.'
      : null,
  paths: (key) => [key, ...checksums.map((ending) => key + ending)],
});

/** Maven, the build tool of Java. Layout: maven-resolver, local-repository.md, EnhancedLocalRepositoryManager, LocalPathComposer. */
export const maven: Tool = {
  id: 'maven',
  name: 'Maven',
  sources: [
    'maven-resolver, local-repository.md',
    'maven-resolver, EnhancedLocalRepositoryManager',
    'maven-resolver, LocalPathComposer',
  ],
  what: 'Libraries and plugins that Maven has downloaded from repositories, a folder for each version. What you built yourself stands among them and is no cache.',
  cost: 'Maven downloads again what it needs next, and without a network builds stop until it can. A version that its repository no longer offers is gone. What you installed here with mvn install stays.',
  command: 'mvn dependency:purge-local-repository (what one project uses, and it downloads that again at once)',
  root: mavenRoot,
  isSlow: true,
  units: (root, read) => search(root, read).units,
  keeps,
  recognise,
  contradiction,
  // Only where a person chose them (aether.syncContext.named.factory=file-lock): by default Maven locks nothing for others.
  locks: {
    kind: 'posix',
    files: (root, read) =>
      childrenOf(read, join(root, '.locks'))
        .filter(({ kind }) => kind === 'file')
        .map(({ path }) => path),
    taken: [],
  },
  works: (argv) =>
    argv.some((word) => /^org\.codehaus\.plexus\.classworlds\.launcher\.Launcher$|^org\.mvndaemon\.mvnd\./.test(word)),
  parts,
  entries: (root, unit, read) => mavenEntries(unitPath(root, unit), unit.name, read),
};
