import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { gradleEntries } from '../decode/gradle-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { byPath, lockStays, wholeStays } from '../parts/by-path.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf } from '../surroundings.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { gradleLocks } from './gradle-locks.ts';

/** Folders of caches/: one for each version of Gradle, and those that versions share, with the number of their format. */
const isCache = (child: Child): boolean =>
  child.kind === 'directory' &&
  /^(?:\d+\.\d[\w.+-]*|(?:modules|jars|transforms|build-cache|journal)-\d+)$/.test(child.name);

/** `gradle-8.5-bin` */
const isDistribution = (child: Child): boolean =>
  child.kind === 'directory' && /^gradle-.+-(?:bin|all|src|docs)$/.test(child.name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  [
    ...childrenOf(read, join(root, 'caches'))
      .filter(isCache)
      .map(({ name }) => `caches/${name}`),
    ...childrenOf(read, join(root, 'wrapper', 'dists'))
      .filter(isDistribution)
      .map(({ name }) => `wrapper/dists/${name}`),
  ].map((name) => ({ name, kind: 'directory', rewritten: name.startsWith('wrapper/') ? 'nothing' : 'anything' }));

const whyKept = (name: string): string => {
  if (name === 'gradle.properties') return 'Your settings of Gradle, often with passwords.';
  if (/^init\.(?:d|gradle)/.test(name)) return 'Scripts of yours that Gradle runs before every build.';
  if (name === 'jdks') return 'Java installations that Gradle has downloaded and builds use.';
  if (name === 'develocity' || name === 'enterprise') return 'Your access keys to Develocity.';
  if (name === 'daemon') return 'The list of Gradle’s daemons, and their logs.';
  if (name === 'native') return 'Libraries that running daemons have loaded.';
  if (name.endsWith('.lock')) return 'A lock of Gradle’s. It must stay where it is.';
  return 'Not one of the folders that Gradle caches in.';
};

const keeps: Tool['keeps'] = (root, read) => {
  const known = units(root, read).map(({ name }) => name);
  const below = (dir: string) =>
    unknownNames(
      join(root, ...dir.split('/')),
      read,
      known.filter((name) => name.startsWith(`${dir}/`)).map((name) => name.slice(dir.length + 1)),
      whyKept,
    ).filter(({ path }) => !path.endsWith('CACHEDIR.TAG'));
  return [...unknownNames(root, read, ['caches', 'wrapper'], whyKept), ...below('caches'), ...below('wrapper/dists')];
};

/** What stands on top of its folders, by their kind. */
const inside: readonly (readonly [unit: RegExp, child: RegExp])[] = [
  [/^wrapper\//, /^[0-9a-z]{20,32}$/],
  [/^caches\/modules-/, /^(?:files-|metadata-|resources-|modules-\d+\.lock$|gc\.properties$)/],
  [/^caches\/journal-/, /^(?:journal-\d+\.lock|file-access\.(?:bin|properties))$/],
  [/^caches\/build-cache-/, /^(?:[0-9a-f]{32}(?:\.part|-\d+)?|build-cache-\d+\.lock|gc\.properties|.*\.failed)$/],
  [
    /^caches\/(?:jars|transforms)-/,
    /^(?:[0-9a-f]{32}|o_[0-9a-f]{32}|(?:jars|transforms)-\d+\.lock|files-.*|metadata.*|gc\.properties)$/,
  ],
];

/** One of these is in every folder of a version that Gradle has ever worked in. */
const versionParts =
  /^(?:file(?:Hashes|Changes|Content)|executionHistory|javaCompile|compileAvoidance|generated-gradle-jars|scripts(?:-remapped)?|kotlin-dsl|groovy-dsl|transforms|workerMain|md-(?:rule|supplier)|gc\.properties)$/;

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  const rule = inside.find(([pattern]) => pattern.test(unit.name));
  if (rule !== undefined)
    return stranger(children, (child) => rule[1].test(child.name) || litter(child), 'a name that Gradle gives there');
  return children.some(({ name }) => versionParts.test(name))
    ? null
    : 'It holds none of the folders that Gradle makes for one of its versions.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const shared = childrenOf(read, join(root, 'caches')).find(
    (child) =>
      /^modules-\d+$/.test(child.name) && childrenOf(read, child.path).some(({ name }) => name.startsWith('files-')),
  );
  if (shared !== undefined) return `Its folder caches/${shared.name} holds dependencies as Gradle keeps them.`;
  const found = childrenOf(read, join(root, 'wrapper', 'dists')).find(isDistribution);
  return found === undefined ? null : `It holds wrapper/dists/${found.name}, which the Gradle wrapper makes.`;
};

/** `-g` and gradle.user.home are known to one run only (docs: directory_layout). */
const root: Tool['root'] = (surroundings) =>
  rootFrom(
    'Gradle',
    fromVariable(surroundings, 'GRADLE_USER_HOME'),
    pathsOf(surroundings).join(surroundings.home, '.gradle'),
    surroundings,
  );

/**
 * Versions of modules, distributions and results of builds. What is gone of a module's files Gradle drops from its index
 * (AbstractCachedIndex, lookup), and it cleans up among those files itself.
 */
const parts = byPath({
  stays: ({ name }, key) => {
    if (key.endsWith('.lock')) return lockStays;
    if (name.startsWith('wrapper/')) return null;
    if (name.startsWith('caches/build-cache-')) return /^[0-9a-f]{32}$/.test(key) ? null : wholeStays;
    return name.startsWith('caches/modules-') && key.startsWith('files-') ? null : wholeStays;
  },
});

/** Gradle, the build tool of Java, Kotlin and Android. Layout: docs.gradle.org, directory_layout. */
export const gradle: Tool = {
  id: 'gradle',
  name: 'Gradle',
  sources: ['docs.gradle.org, directory_layout'],
  what: 'Dependencies that Gradle has downloaded, results of builds, what each of its versions has worked out, and the Gradle versions that wrappers downloaded.',
  cost: 'Gradle downloads and builds again what it needs next: the first build of each project is slow. Stop its daemons first (gradle --stop). Settings, keys and Java installations stay.',
  command: null,
  root,
  units,
  keeps,
  recognise,
  contradiction,
  locks: { kind: 'posix', files: gradleLocks, taken: [] },
  // A daemon keeps what it has read in memory, and its locks until somebody else asks for them.
  works: (argv) =>
    argv.some((word) =>
      /^org\.gradle\.(?:launcher\.(?:daemon\.bootstrap\.GradleDaemon|GradleMain)|wrapper\.GradleWrapperMain)$|[/\\]gradle-wrapper\.jar$/.test(
        word,
      ),
    ),
  parts,
  entries: (home, unit, read) => gradleEntries(unitPath(home, unit), unit.name, read),
};
