import { dead, type Example, hash, uuid } from './tool-look.ts';

/** What compilers, programs and cleaners leave, beside what only looks so. */
export const otherExamples: readonly Example[] = [
  {
    grammar: 'ccache-tmp',
    tool: 'ccache',
    files: [
      'a/b/0123R.tmp.AbC123',
      'a/stats.tmp.AbC123',
      'a/b/0123R',
      'a/b/0123.ccache.tmp.remove',
      'ccache.conf.tmp.AbC123',
    ],
    found: { 'a/b/0123.ccache.tmp.remove': 'safe', 'a/b/0123R.tmp.AbC123': 'safe', 'a/stats.tmp.AbC123': 'safe' },
  },
  {
    grammar: 'ccache-temporary',
    tool: 'ccache',
    files: ['tmp/cpp_stdout.tmp.AbC123.i', 'tmp/.cleaned', 'tmp/dir/x'],
    found: { 'tmp/cpp_stdout.tmp.AbC123.i': 'safe' },
  },
  {
    grammar: 'sccache-tmp',
    tool: 'sccache',
    files: ['.sccachetmpAbC123', 'a/b/.sccachetmpAbC124/x', 'a/b/abc', 'x.sccachetmp'],
    found: { '.sccachetmpAbC123': 'safe', 'a/b/.sccachetmpAbC124': 'safe' },
  },
  {
    grammar: 'go-module-tmp',
    tool: 'go-mod',
    files: [
      'cache/download/golang.org/x/mod/@v/v0.1.0.lock',
      'golang.org/x/mod@v0.1.0/go.mod',
      'golang.org/x/mod@v0.1.0.tmp-123456/go.mod',
      'golang.org/x/mod@v0.2.0.tmp-123456/go.mod',
      'golang.org/x/mod.tmp-123456/go.mod',
    ],
    found: { 'golang.org/x/mod@v0.1.0.tmp-123456': 'safe', 'golang.org/x/mod@v0.2.0.tmp-123456': 'ask' },
  },
  {
    grammar: 'go-module-partial',
    tool: 'go-mod',
    files: [
      'cache/download/golang.org/x/mod/@v/v0.1.0.partial',
      'cache/download/x/v0.1.0.partial',
      'x/@v/v0.1.0.partial',
    ],
    found: { 'cache/download/golang.org/x/mod/@v/v0.1.0.partial': 'never' },
  },
  {
    grammar: 'go-build-temporary',
    temporary: true,
    files: ['go-build123456/b001/x', 'go-build/x', 'go-builder1/x'],
    found: { 'go-build123456': 'ask' },
  },
  {
    grammar: 'bazel-tmp',
    tool: 'bazel',
    files: [
      `_bazel_me/${'d'.repeat(32)}/execroot/x`,
      `_bazel_me/${'d'.repeat(32)}/execroot_tmp_${dead}_${uuid}/x`,
      `_bazel_me/install/${'e'.repeat(32)}_tmp_${dead}/x`,
      `_bazel_me/mine_tmp_${dead}/x`,
    ],
    found: {
      [`_bazel_me/${'d'.repeat(32)}/execroot_tmp_${dead}_${uuid}`]: 'safe',
      [`_bazel_me/install/${'e'.repeat(32)}_tmp_${dead}`]: 'ask',
    },
  },
  {
    grammar: 'bazel-sandbox-trash',
    tool: 'bazel',
    files: [
      `_bazel_me/${'d'.repeat(32)}/sandbox/_moved_trash_dir/1/x`,
      `_bazel_me/${'d'.repeat(32)}/sandbox/sandbox_stash/x`,
      `_bazel_me/${'e'.repeat(32)}/sandbox/_moved_trash_dir/`,
      '_moved_trash_dir/x',
    ],
    found: { [`_bazel_me/${'d'.repeat(32)}/sandbox/_moved_trash_dir`]: 'safe' },
  },
  {
    grammar: 'maven-tmp',
    tool: 'maven',
    files: [
      'org/a/b/1/b-1.jar.12345678901234567890.tmp',
      'org/a/b/1/b-1.jar',
      'org/a/b/1/b-1.2.3.tmp',
      'org/a/b/1/b-1.jar.lastUpdated',
    ],
    found: { 'org/a/b/1/b-1.jar.12345678901234567890.tmp': 'safe' },
  },
  {
    grammar: 'gradle-part',
    tool: 'gradle',
    files: ['wrapper/dists/g-8/abc/g-8.zip.part', 'wrapper/dists/g-8/abc/g-8.zip.ok', 'caches/g.zip.part'],
    found: { 'wrapper/dists/g-8/abc/g-8.zip.part': 'ask' },
  },
  {
    grammar: 'homebrew-incomplete',
    tool: 'homebrew',
    files: ['downloads/abc--x.tar.gz.incomplete', 'downloads/abc--x.tar.gz', 'x.incomplete'],
    found: { 'downloads/abc--x.tar.gz.incomplete': 'ask' },
  },
  {
    grammar: 'docker-removing',
    files: [`image/overlay2/layerdb/sha256/${hash}-0a1b-removing/x`, `${hash}-0a1b-removing/x`, 'bulk-removing/x'],
    found: { [`image/overlay2/layerdb/sha256/${hash}-0a1b-removing`]: 'never', [`${hash}-0a1b-removing`]: 'never' },
  },
  {
    grammar: 'mangodisk-delete',
    files: [`.mangodisk-delete-${dead}-1/target/x`, `.mangodisk-delete-${dead}-2/`, '.mangodisk-delete-x-1/target/x'],
    found: { [`.mangodisk-delete-${dead}-1`]: 'ask', [`.mangodisk-delete-${dead}-2`]: 'safe' },
  },
  {
    grammar: 'rimraf-moved',
    files: ['a/x', '.a.0.4821736459182736/x', '.b.0.4821736459182736', '.a.0.1/x', 'a.0.4821736459182736/x'],
    found: { '.a.0.4821736459182736': 'safe', '.b.0.4821736459182736': 'ask' },
  },
  {
    grammar: 'cache-kill-backup',
    files: ['.cachekill-backup/x', 'a/.cachekill-backup/x'],
    found: { '.cachekill-backup': 'ask' },
  },
  {
    grammar: 'webpack-pack',
    files: [
      'node_modules/.cache/webpack/default-production/0.pack',
      'node_modules/.cache/webpack/default-production/0.pack_',
      'node_modules/.cache/webpack/default-production/index.pack.old',
      'src/0.pack_',
    ],
    found: { 'node_modules/.cache/webpack/default-production/0.pack_': 'safe' },
  },
  {
    grammar: 'vscode-deleted',
    files: [
      'extensions.json',
      'a.b-1.0.0/x',
      'a.b-1.0.0.-1f2e3d.vsctmp/x',
      'a.c-1.0.0.1f2e3d.vsctmp/x',
      'storage.json.vsctmp',
    ],
    found: { 'a.b-1.0.0.-1f2e3d.vsctmp': 'safe', 'a.c-1.0.0.1f2e3d.vsctmp': 'ask' },
  },
  { grammar: 'vscode-deleted', files: ['a/x', 'a.1f2e3d.vsctmp/x'], found: {} },
  {
    grammar: 'vscode-unpacking',
    files: ['extensions.json', `.${uuid}/x`, '.0f8fad5b/x'],
    found: { [`.${uuid}`]: 'safe' },
  },
  {
    grammar: 'chromium-old',
    tool: 'vscode',
    files: [
      'Cache/index',
      'old_Cache_000/index',
      'old_GPUCache_099/data_1',
      'old_Cache_100/index',
      'old_Cache_001/notes',
      'old_Photos_001/index',
    ],
    found: { old_Cache_000: 'safe', old_GPUCache_099: 'ask' },
  },
  {
    grammar: 'git-tmp',
    files: ['.git/objects/pack/tmp_pack_AbC123', '.git/objects/0a/tmp_obj_AbC123', 'tmp_pack_AbC123'],
    found: { '.git/objects/0a/tmp_obj_AbC123': 'never', '.git/objects/pack/tmp_pack_AbC123': 'never' },
  },
  {
    grammar: 'git-tmp',
    tool: 'cargo',
    files: ['git/db/x-1/objects/pack/tmp_pack_AbC123'],
    found: { 'git/db/x-1/objects/pack/tmp_pack_AbC123': 'ask' },
  },
  {
    grammar: 'rustc-working',
    files: ['target/debug/incremental/x-1/s-h1-0abc-working/x', 'target/debug/incremental/x-1/s-h1-0abc-2def/x'],
    found: { 'target/debug/incremental/x-1/s-h1-0abc-working': 'ask' },
  },
];
