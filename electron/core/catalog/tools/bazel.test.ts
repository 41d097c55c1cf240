import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { bazel } from './bazel.ts';

const base = '0123456789abcdef0123456789abcdef';
const install = 'fedcba9876543210fedcba9876543210';
/** By bazel.build, output directory layout; not made by a real Bazel. */
const made = [
  ...[
    `${base}/DO_NOT_BUILD_HERE`,
    `${base}/README`,
    `${base}/action_cache/action_cache.blaze`,
    `${base}/command.log`,
    `${base}/lock`,
  ],
  ...[
    `${base}/execroot/_main/x`,
    `${base}/external/rules_go/x`,
    `${base}/server/server.pid.txt`,
    `${base}/java.log.host.ada.log.java.1`,
  ],
  ...[`install/${install}/A-server.jar`, `cache/repos/v1/content_addressable/sha256/${'ab'.repeat(32)}/file`],
];

test('workspaces, programs and downloads are units; a workspace is told by its path', async () => {
  const root = layout([...made, 'mine/thesis.doc', `${'c'.repeat(32)}/thesis.doc`]);
  writeFileSync(join(root, base, 'DO_NOT_BUILD_HERE'), '/home/ada/project');
  expect(unitNames(bazel, root)).toEqual([base, `install/${install}`, 'cache/repos']);
  expect(Object.values(contradictions(bazel, root))).toEqual([null, null, null]);
  expect(Object.keys(keptBelow(bazel, root))).toEqual(['c'.repeat(32), 'mine']);
  expect(bazel.recognise(root, reader)).toContain(base);
  expect(bazel.locks?.files(root, reader)).toEqual([join(root, base, 'lock')]);
  const entries = await entriesIn(bazel, root);
  expect(new Set(entries.filter((it) => it.in === base).map(({ usedBy }) => usedBy?.[0]))).toEqual(
    new Set(['/home/ada/project']),
  );
  expect(entries.filter((it) => it.in === 'cache/repos').map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    `download ${'ab'.repeat(32)}`,
  ]);
});

test('a folder of a person among its own contradicts', () => {
  expect(contradictions(bazel, layout([...made, `${base}/thesis/x`]))[base]).toContain('“thesis”');
  expect(contradictions(bazel, layout([`install/${install}/thesis.doc`]))[`install/${install}`]).not.toBeNull();
});

const user = { USER: 'ada' };
test.each<[string, Parameters<typeof placeOf>[1], string]>([
  ['Linux', { env: user }, '/home/ada/.cache/bazel/_bazel_ada'],
  ['no name', {}, '/home/ada/.cache/bazel/_bazel_ada'],
  ['XDG', { env: { ...user, XDG_CACHE_HOME: '/x' } }, '/x/bazel/_bazel_ada'],
  ['macOS', { platform: 'darwin', env: user }, '/Users/ada/Library/Caches/bazel/_bazel_ada'],
  ['Windows', { platform: 'win32', env: { USERNAME: 'ada' } }, 'C:\\Users\\ada\\_bazel_ada'],
  ['a test', { env: { ...user, TEST_TMPDIR: '/t' } }, '/t/_bazel_ada'],
  [
    'its file',
    {
      env: user,
      files: {
        '/home/ada/.bazelrc': '# x\nbuild --jobs=2\nstartup --host_jvm_args=-Xmx1g --output_user_root=/o # y\n',
      },
    },
    '/o',
  ],
  ["the system's file", { env: user, files: { '/etc/bazel.bazelrc': 'startup --output_user_root "/o o"\n' } }, '/o o'],
  [
    "another command's option",
    { env: user, files: { '/home/ada/.bazelrc': 'build --output_user_root=/o\n' } },
    '/home/ada/.cache/bazel/_bazel_ada',
  ],
])('its place by %s', (_, given, path) => {
  expect(placeOf(bazel, given).path).toBe(path);
});

test.each<[string, boolean]>([
  ['bazel build //...', true],
  ['/usr/local/bin/bazelisk test //x', true],
  ['bazel(project) --add-opens=java.base/java.nio=ALL-UNNAMED -jar A-server.jar', true],
  ['/jdk/bin/java -jar /home/ada/.cache/bazel/_bazel_ada/install/x/A-server.jar', true],
  ['bazel version', false],
  ['vim BUILD.bazel', false],
])('%s works with it: %s', (line, expected) => {
  expect(bazel.works?.(line.split(' '))).toBe(expected);
});
