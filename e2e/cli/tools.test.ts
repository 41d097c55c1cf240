import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheOf, clear, listed, the } from '../support/answers.ts';
import { linux } from '../support/caches.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint, write } from '../support/sandbox.ts';

const tag = 'Signature: 8a477f597d28d172789f06886806bc55\n';
const hash = '0123456789abcdef';

/** What a tool caches, and what stands beside it that must stay, below the home. */
interface Layout {
  readonly cached: Readonly<Record<string, string>>;
  readonly kept: Readonly<Record<string, string>>;
}

const layouts: Readonly<Record<string, Layout>> = {
  uv: {
    cached: {
      '.cache/uv/wheels-v6/pypi/a/1.0-py3-none-any.http': 'x',
      '.cache/uv/archive-v0/abcdefghij0123456789_/a.py': 'x',
      '.cache/uv/sdists-v9/.git': '',
      '.cache/uv/sdists-v9/pypi/a/1.0/x': 'x',
    },
    kept: { '.cache/uv/.lock': '', '.cache/uv/CACHEDIR.TAG': tag, '.cache/uv/.gitignore': '*' },
  },
  pnpm: {
    cached: { '.local/share/pnpm/store/v11/files/0f/a': 'x', '.local/share/pnpm/store/v10/files/0f/a': 'x' },
    kept: { '.local/share/pnpm/global/5/package.json': '{}', '.local/share/pnpm/store/mine.txt': 'mine' },
  },
  'pnpm-metadata': {
    cached: { '.cache/pnpm/v12/metadata/registry.example/a.jsonl': 'x', '.cache/pnpm/lockfile-verified.jsonl': 'x' },
    kept: { '.cache/pnpm/mine.txt': 'mine' },
  },
  yarn: {
    cached: { '.cache/yarn/v6/npm-a-1.0.0-x/node_modules/a/index.js': 'x', '.cache/yarn/v6/.tmp/x': 'x' },
    kept: { '.cache/yarn/mine.txt': 'mine' },
  },
  cargo: {
    cached: {
      [`.cargo/registry/cache/index.crates.io-${hash}/a-1.0.0.crate`]: 'x',
      [`.cargo/registry/src/index.crates.io-${hash}/a-1.0.0/lib.rs`]: 'x',
      [`.cargo/git/db/a-${hash}/HEAD`]: 'x',
      [`.cargo/git/checkouts/a-${hash}/abcdef0/.git/HEAD`]: 'x',
    },
    kept: {
      '.cargo/bin/rg': 'program',
      '.cargo/credentials.toml': 'token',
      '.cargo/config.toml': 'settings',
      '.cargo/.package-cache': '',
      '.cargo/.package-cache-mutate': '',
      '.cargo/registry/CACHEDIR.TAG': tag,
    },
  },
  gradle: {
    cached: {
      '.gradle/caches/8.5/fileHashes/fileHashes.bin': 'x',
      '.gradle/caches/modules-2/files-2.1/g/m/1.0/x/m-1.0.jar': 'x',
      '.gradle/wrapper/dists/gradle-8.5-bin/5t9huq95ubn472n8rpzujfbqh/gradle-8.5/bin/gradle': 'x',
    },
    kept: {
      '.gradle/gradle.properties': 'password',
      '.gradle/init.d/a.gradle': 'mine',
      '.gradle/jdks/j/bin/java': 'x',
    },
  },
  huggingface: {
    cached: { '.cache/huggingface/hub/models--org--name/blobs/0123': 'x' },
    kept: {
      '.cache/huggingface/token': 'token',
      '.cache/huggingface/stored_tokens': 'tokens',
      '.cache/huggingface/hub/.locks/models--org--name/0123.lock': '',
    },
  },
  'pre-commit': {
    cached: {
      '.cache/pre-commit/db.db': 'SQLite format 3',
      '.cache/pre-commit/repoabcdefgh/.git/HEAD': 'x',
      '.cache/pre-commit/repoabcdefgh/.pre-commit-hooks.yaml': 'x',
    },
    kept: {
      '.cache/pre-commit/.lock': '',
      '.cache/pre-commit/patch1700000000-4711': 'changes of a person',
      '.cache/pre-commit/repositories/.git/HEAD': 'somebody’s own',
    },
  },
};

describe.skipIf(linux.skip)('each tool', () => {
  test.each(Object.entries(layouts))(
    '%s: all that it cached is cleared, and all else is untouched',
    async (tool, layout) => {
      const home = newHome();
      write(home, layout.kept);
      write(home, layout.cached);
      const kept = Object.keys(layout.kept).map((name) => path.join(home, name));
      const before = kept.map(fingerprint);
      const cache = cacheOf(await listed(home), tool);
      expect(cache).toMatchObject({ present: true, problem: null });
      const told = cache.keeps.map((it) => it.path);
      for (const file of kept.filter((it) => !/CACHEDIR\.TAG|global/.test(it)))
        expect(told.filter((place) => file === place || file.startsWith(`${place}/`))).not.toEqual([]);
      const { code, operations, error } = await clear(home, [tool, '--yes']);
      for (const { state, errors } of operations) expect([state, errors]).toEqual(['done', []]);
      expect({ code, error }).toEqual({ code: 0, error: null });
      for (const name of Object.keys(layout.cached))
        expect([name, fs.existsSync(path.join(home, name))]).toEqual([name, false]);
      expect(kept.map(fingerprint)).toEqual(before);
    },
  );

  test('those that are not on this machine take one line together, and one of its own when asked for', async () => {
    const home = newHome();
    const { stdout, code } = await inspect(home, ['list']);
    expect(code).toBe(0);
    const line = the(stdout.split('\n').filter((it) => it.startsWith('Not on this machine: ')));
    for (const tool of Object.keys(layouts)) expect(line).toMatch(new RegExp(`[ ]${tool}[,.]`));
    const [first = ''] = Object.keys(layouts);
    expect((await inspect(home, ['list', first])).stdout).toMatch(/not there/);
    for (const cache of await listed(home)) expect(cache).toMatchObject({ present: false, problem: null });
  });

  test('somebody’s own repository in the place of a clone is refused, wherever a variable leads', async () => {
    const home = newHome();
    write(home, { 'work/repoabcdefgh/.git/HEAD': 'x', 'work/db.db': 'mine', 'work/registry/src/mine/a.rs': 'x' });
    const before = fingerprint(path.join(home, 'work'));
    const env = { PRE_COMMIT_HOME: path.join(home, 'work'), CARGO_HOME: path.join(home, 'work') };
    expect((await clear(home, ['pre-commit/repoabcdefgh', '--yes'], { env })).code).not.toBe(0);
    expect((await clear(home, ['cargo', '--yes'], { env })).code).toBe(3);
    expect(fingerprint(path.join(home, 'work'))).toBe(before);
  });
});
