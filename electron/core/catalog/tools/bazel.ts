import { basename, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { bazelEntries } from '../decode/bazel-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { literally } from '../named-setting.ts';
import { byPath, wholeStays } from '../parts/by-path.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, platformCacheDir, variable, withTilde } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

/** What stands in the folder of a workspace (bazel.build, output directory layout). One of the first three always does. */
const parts =
  /^(?:DO_NOT_BUILD_HERE|server|execroot|README|action_cache|external|command(?:-\d+)?\.(?:log|profile\.gz)|java\.log.*|lock|install|bazel-workers|sandbox|sandbox_stash|action_outs|modextwd|_tmp|internal|build_event_json_file|persistent_metadata|jvm\.out|.+\.(?:log|profile(?:\.gz)?|exec\.log))$/;
const isBase = (children: readonly Child[]): boolean =>
  children.some(({ name }) => /^(?:DO_NOT_BUILD_HERE|server|execroot)$/.test(name));

const isHash = ({ kind, name }: Child): boolean => kind === 'directory' && /^[0-9a-f]{32}$/.test(name);

/** `<hash of the workspace's path>`, `install/<hash of the program>`, `cache/repos`. */
const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  [
    ...childrenOf(read, root)
      .filter((child) => isHash(child) && isBase(childrenOf(read, child.path)))
      .map(({ name }) => name),
    ...childrenOf(read, join(root, 'install'))
      .filter(isHash)
      .map(({ name }) => `install/${name}`),
    ...(read.facts(join(root, 'cache', 'repos'))?.kind === 'directory' ? ['cache/repos'] : []),
  ].map((name) => ({ name, kind: 'directory', rewritten: name.startsWith('install/') ? 'nothing' : 'anything' }));

const keeps: Tool['keeps'] = (root, read) => {
  const known = units(root, read).map(({ name }) => name);
  const why = () => 'Not one of the folders that Bazel is known to make again.';
  return [
    ...unknownNames(root, read, [...known, 'install', 'cache'], why),
    ...['install', 'cache'].flatMap((dir) =>
      unknownNames(
        join(root, dir),
        read,
        known.filter((name) => name.startsWith(`${dir}/`)).map((name) => basename(name)),
        why,
      ),
    ),
  ];
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  if (unit.name.startsWith('install/'))
    return children.some(({ name }) => /^(?:A-server\.jar|build-label\.txt|install_base_key)$/.test(name))
      ? null
      : 'It holds none of the parts of Bazel that Bazel unpacks there.';
  if (unit.name === 'cache/repos')
    return stranger(
      children,
      (child) => /^(?:v\d+|content_addressable|contents)$/.test(child.name) || litter(child),
      'a folder that Bazel makes there',
    );
  return isBase(children)
    ? stranger(children, ({ name }) => parts.test(name), 'a name that Bazel gives there')
    : 'It holds none of DO_NOT_BUILD_HERE, server and execroot, which Bazel makes there.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isHash)
    .find(({ path }) => childrenOf(read, path).some(({ name }) => name === 'DO_NOT_BUILD_HERE'));
  return found === undefined
    ? null
    : `It holds ${found.name} with DO_NOT_BUILD_HERE in it, as Bazel makes it for a workspace.`;
};

const userOf = (surroundings: Surroundings): string =>
  variable(surroundings, 'USER') ??
  variable(surroundings, 'USERNAME') ??
  variable(surroundings, 'LOGNAME') ??
  pathsOf(surroundings).basename(surroundings.home);

/** `startup --output_user_root=…` in a .bazelrc; the last one counts. A workspace's own file holds for that one only. */
const fromFile = (surroundings: Surroundings, file: string): Setting | null => {
  const lines = (surroundings.readText(file) ?? '').replaceAll(/\\\r?\n/g, '').split(/\r?\n/);
  const found = lines
    .map((line) => /^\s*startup\s+(?:.*\s)?--output_user_root(?:=|\s+)(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(line))
    .findLast((it) => it !== null);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  if (value === undefined || value === '') return null;
  const where = `output_user_root in ${withTilde(surroundings, file)}`;
  return { value: literally(value, surroundings), because: where, where };
};

/** bazel.build, output directories: .bazelrc of the person, of the system, TEST_TMPDIR, the platform's place. */
const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const { home, platform } = surroundings;
  const own = `_bazel_${userOf(surroundings)}`;
  const system = platform === 'win32' ? 'C:\\ProgramData\\bazel.bazelrc' : '/etc/bazel.bazelrc';
  const test = variable(surroundings, 'TEST_TMPDIR');
  const setting =
    fromFile(surroundings, joined(home, '.bazelrc')) ??
    fromFile(surroundings, system) ??
    (test === undefined
      ? null
      : { value: joined(literally(test, surroundings), own), because: 'TEST_TMPDIR is set', where: 'TEST_TMPDIR' });
  const top =
    platform === 'win32' ? (variable(surroundings, 'HOME') ?? home) : joined(platformCacheDir(surroundings), 'bazel');
  return rootFrom('Bazel', setting, joined(top, own), surroundings);
};

/** Downloads stand by the hash of what they are; what is in a workspace's folder hangs together. */
const alone = byPath({
  stays: ({ name }, key) => (name === 'cache/repos' && key.includes('/content_addressable/') ? null : wholeStays),
});

/** Bazel, a build tool. Layout: bazel.build, output directories. */
export const bazel: Tool = {
  id: 'bazel',
  name: 'Bazel',
  sources: ['bazel.build, output directory layout'],
  what: 'Results of builds, a folder for each workspace, with what Bazel downloaded for them; and Bazel itself, unpacked.',
  cost: 'Bazel downloads and builds everything again, which can take hours. Stop its servers first (bazel shutdown, in each workspace).',
  command: 'bazel clean --expunge (in a workspace: that one’s folder, after stopping its server)',
  links:
    'bazel-bin, bazel-out and their kin in your workspaces lead here. After a clear they lead nowhere until the next build.',
  root,
  units,
  keeps,
  recognise,
  contradiction,
  // A client holds it for the length of a command.
  locks: {
    kind: 'posix',
    files: (its, read) =>
      childrenOf(read, its)
        .filter(isHash)
        .map(({ path }) => join(path, 'lock'))
        .filter((path) => read.facts(path)?.kind === 'file'),
    taken: [],
  },
  // The server stays for hours after a command, and calls itself bazel(workspace).
  works: ([first = '', ...words]) =>
    /(?:^|[/\\])bazel(?:isk)?(?:-[\w.]+)?(?:\.exe)?$/.test(first)
      ? words.some((word) =>
          /^(?:build|test|run|fetch|query|cquery|aquery|coverage|sync|mod|vendor|clean|info|mobile-install)$/.test(
            word,
          ),
        )
      : /^bazel\(/.test(first) || words.some((word) => /[/\\]A-server\.jar$/.test(word)),
  parts: alone,
  entries: (its, unit, read) => bazelEntries(unitPath(its, unit), unit.name, read),
};
