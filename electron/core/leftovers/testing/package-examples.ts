import { dead, type Example, entry, hash, sha, uuid } from './tool-look.ts';

/** What installers of packages leave, beside what only looks so. */
export const packageExamples: readonly Example[] = [
  {
    grammar: 'npm-delete',
    files: [
      'node_modules/a/package.json',
      'node_modules/.a.DELETE/x',
      'node_modules/.b.DELETE/x',
      'node_modules/c.DELETE/x',
    ],
    found: { 'node_modules/.a.DELETE': 'safe', 'node_modules/.b.DELETE': 'ask' },
  },
  {
    grammar: 'npm-staging',
    files: ['node_modules/.staging/a-0123abcd/x', 'node_modules/.staging/@s/b-0123abcd/x', 'staging/x'],
    found: { 'node_modules/.staging': 'safe' },
  },
  {
    grammar: 'npm-staging',
    files: ['node_modules/.staging/mine/x'],
    found: { 'node_modules/.staging': 'ask' },
  },
  {
    grammar: 'npm-cacache-tmp',
    tool: 'npm',
    files: [
      `_cacache/tmp/${uuid}`,
      '_cacache/tmp/0a1b2c3d',
      '_cacache/tmp/notes of mine',
      '_cacache/content-v2/0a1b2c3d',
    ],
    found: { [`_cacache/tmp/${uuid}`]: 'safe', '_cacache/tmp/0a1b2c3d': 'safe' },
  },
  {
    grammar: 'uv-tmp',
    tool: 'uv',
    files: ['.lock', '.tmp56ZHLz/x', 'builds-v0/.tmpMXOwQn/x', '.tmp', '.tmp1234567', 'archive-v0/abc/.tmpABCDEF'],
    found: { '.tmp56ZHLz': 'safe', 'builds-v0/.tmpMXOwQn': 'safe' },
  },
  { grammar: 'uv-tmp', tool: 'uv', files: ['.tmp56ZHLz/x'], found: { '.tmp56ZHLz': 'ask' } },
  {
    grammar: 'pip-tilde',
    files: [
      'lib/python3.12/site-packages/requests/api.py',
      'lib/python3.12/site-packages/~equests/api.py',
      'lib/python3.12/site-packages/~-quests/api.py',
      'lib/python3.12/site-packages/zip/zipper.py',
      'lib/python3.12/site-packages/~ip/_internal.py',
      'lib/python3.12/site-packages/~/x',
      'lib/python3.12/site-packages/requests-2.dist-info/RECORD',
      'lib/python3.12/site-packages/requests-2.dist-info/INSTALLER',
      'lib/python3.12/site-packages/halves/one.py',
      'lib/python3.12/site-packages/~alves/one.py',
      'lib/~equests/api.py',
    ],
    found: {
      'lib/python3.12/site-packages/~equests': 'safe',
      'lib/python3.12/site-packages/~-quests': 'safe',
      'lib/python3.12/site-packages/~ip': 'ask',
      'lib/python3.12/site-packages/~alves': 'ask',
    },
  },
  {
    grammar: 'pip-http-tmp',
    tool: 'pip',
    files: [
      `http-v2/a/b/c/d/e/${entry}abcd_123.tmp`,
      `http-v2/a/b/c/d/e/${entry}.bodyabcd_123.tmp`,
      `http-v2/a/b/c/d/e/${entry}`,
      `http-v2/a/b/c/d/e/${entry}.tmp`,
      `wheels/${entry}abcd_123.tmp`,
    ],
    found: {
      [`http-v2/a/b/c/d/e/${entry}abcd_123.tmp`]: 'safe',
      [`http-v2/a/b/c/d/e/${entry}.bodyabcd_123.tmp`]: 'safe',
    },
  },
  {
    grammar: 'pip-temporary',
    temporary: true,
    files: ['pip-build-env-abcd_123/x', 'pip-uninstall-abcd_123/x', 'pip-abcd_123/x', 'sub/pip-unpack-abcd_123/x'],
    found: { 'pip-build-env-abcd_123': 'safe', 'pip-uninstall-abcd_123': 'ask' },
  },
  {
    grammar: 'pnpm-tmp',
    files: [
      'node_modules/a/x',
      `node_modules/a_tmp_${dead}_1/x`,
      `node_modules/.pnpm/b@1/node_modules/@s/b_tmp_${dead}_2/x`,
      'node_modules/a_tmp_0_1/x',
      'node_modules/a_tmp_99999999_1/x',
      'src/a_tmp_1_1/x',
    ],
    found: {
      [`node_modules/.pnpm/b@1/node_modules/@s/b_tmp_${dead}_2`]: 'ask',
      [`node_modules/a_tmp_${dead}_1`]: 'safe',
    },
  },
  {
    grammar: 'pnpm-stage',
    files: [
      'node_modules/a/x',
      `node_modules/a_pacquet-stage_${dead}_1700000000000000000_3/x`,
      'node_modules/a_pacquet-stage_/x',
    ],
    found: { [`node_modules/a_pacquet-stage_${dead}_1700000000000000000_3`]: 'safe' },
  },
  {
    grammar: 'pnpm-try',
    files: [
      `_tmp_${dead}_${'0a'.repeat(16)}`,
      `_tmp_${dead}_20240512`,
      `_tmp_${dead}_nothex`,
      '_tmp_x_0123456789abcdef',
    ],
    found: { [`_tmp_${dead}_${'0a'.repeat(16)}`]: 'safe', [`_tmp_${dead}_20240512`]: 'ask' },
  },
  {
    grammar: 'pnpm-ignored',
    files: ['node_modules/.ignored_a/x', 'node_modules/@s/.ignored_b/x', 'node_modules/.ignored/x', '.ignored_a/x'],
    found: { 'node_modules/.ignored_a': 'never', 'node_modules/@s/.ignored_b': 'never' },
  },
  {
    grammar: 'huggingface-incomplete',
    tool: 'huggingface',
    files: [
      `.locks/models--a--b/${hash}.lock`,
      `models--a--b/blobs/${hash}.incomplete`,
      `models--a--b/blobs/${hash}.0123abcd.incomplete`,
      `models--a--b/blobs/${sha}.incomplete`,
      `models--a--b/blobs/${hash}`,
      'models--a--b/blobs/x.incomplete',
      `mine/blobs/${hash}.incomplete`,
    ],
    found: {
      [`models--a--b/blobs/${hash}.0123abcd.incomplete`]: 'safe',
      [`models--a--b/blobs/${hash}.incomplete`]: 'safe',
      [`models--a--b/blobs/${sha}.incomplete`]: 'ask',
    },
  },
  {
    grammar: 'huggingface-ref',
    tool: 'huggingface',
    files: ['models--a--b/refs/main.0123abcd.tmp', 'models--a--b/refs/pr/1.0123abcd.tmp', 'models--a--b/refs/main.tmp'],
    found: { 'models--a--b/refs/main.0123abcd.tmp': 'safe', 'models--a--b/refs/pr/1.0123abcd.tmp': 'safe' },
  },
  {
    grammar: 'huggingface-probe',
    tool: 'huggingface',
    files: [`models--a--b/tmp_${uuid}`, 'models--a--b/tmp_x'],
    found: { [`models--a--b/tmp_${uuid}`]: 'ask' },
  },
  {
    grammar: 'conda-trash',
    tool: 'conda',
    files: ['a-1/x.so', 'a-1/x.so.c~', 'a-1/y.dll.c~.conda_trash_3', 'a-1/z.c', 'a-1/z.c~'],
    found: { 'a-1/x.so.c~': 'safe', 'a-1/y.dll.c~.conda_trash_3': 'ask' },
  },
  { grammar: 'conda-trash-folder', tool: 'conda', files: ['.trash/x', 'a/.trash/x'], found: { '.trash': 'ask' } },
];
