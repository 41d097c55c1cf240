import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Leftover, Operation } from '../../shared/model.ts';
import { history } from '../support/answers.ts';
import { linux } from '../support/caches.ts';
import { later } from '../support/later.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint, write } from '../support/sandbox.ts';

const etag = 'a'.repeat(40);

/** A project with what installers leave in it, a cache of the hub's with a download that broke off, and look-alikes. */
const plant = (home: string) => {
  const project = path.join(home, 'shop');
  const hub = path.join(home, '.cache', 'huggingface', 'hub');
  write(project, {
    'package.json': '{}',
    '.git/HEAD': 'ref: refs/heads/main',
    'src/.a.DELETE/mine': 'work',
    'data_tmp_4194001_1/mine': 'work',
    'node_modules/a/package.json': '{"name":"a"}',
    'node_modules/.a.DELETE/x': 'old a',
    'node_modules/.gone.DELETE/x': 'the only copy',
    'node_modules/.ignored_b/x': 'somebody’s work',
    'node_modules/.vite-12345678/deps': 'a cache of vite’s',
  });
  write(hub, {
    [`.locks/models--a--b/${etag}.lock`]: '',
    [`models--a--b/blobs/${etag}.incomplete`]: 'half',
    'models--a--b/blobs/notes.incomplete': 'mine',
    'models--a--b/refs/main': 'c',
  });
  return { project, hub };
};

interface Said {
  readonly code: number | null;
  readonly leftovers: readonly Leftover[];
  readonly operations: readonly Operation[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

const said = async (home: string, ...words: readonly string[]): Promise<Said> => {
  const ran = await inspect(home, ['leftovers', ...words, '--json'], { env: later });
  const answer = ran.json<Partial<Said>>();
  const { leftovers = [], operations = [], error = null } = answer;
  return { code: ran.code, leftovers, operations, error };
};

const told = (home: string, { leftovers }: Said) =>
  leftovers.map(({ path: at, origin, cleaning }) => `${at.slice(home.length + 1)} ${origin} ${cleaning}`).sort();

describe.skipIf(linux.skip)('what tools left, in a project that was added and in a cache', () => {
  test('is told with its verdict, and what is safe is cleaned: of one tool, then of all; the rest stays as it is', async () => {
    const home = newHome();
    const { project, hub } = plant(home);
    const modules = path.join(project, 'node_modules');
    const incomplete = path.join(hub, 'models--a--b', 'blobs', `${etag}.incomplete`);
    expect(told(home, await said(home))).toEqual([
      `.cache/huggingface/hub/models--a--b/blobs/${etag}.incomplete huggingface-incomplete safe`,
    ]);
    expect((await inspect(home, ['add', '.'], { cwd: project })).code).toBe(0);

    const found = await said(home);
    const all = [
      `.cache/huggingface/hub/models--a--b/blobs/${etag}.incomplete huggingface-incomplete safe`,
      'shop/node_modules/.a.DELETE npm-delete safe',
      'shop/node_modules/.gone.DELETE npm-delete ask',
      'shop/node_modules/.ignored_b pnpm-ignored never',
    ];
    expect(told(home, found)).toEqual(all);
    const of = (name: string) => found.leftovers.find((it) => it.path.endsWith(name));
    expect(of('.a.DELETE')).toMatchObject({
      tool: 'npm',
      original: path.join(modules, 'a'),
      what: 'A package that an old npm was removing',
      remedy: 'Run npm install in the project again.',
      verdict: 'abandoned',
    });
    expect(of('.gone.DELETE')?.evidence.join()).toContain('this may be the only copy');
    expect(told(home, await said(home, '--tool', 'npm'))).toEqual(all.slice(1, 3));
    const unknown = await said(home, '--tool', 'nmp');
    expect(unknown).toMatchObject({ code: 2, error: { code: 'invalid-argument' } });
    expect(unknown.error?.message).toMatch(/'nmp' is no tool.* huggingface, .* npm, /);

    const before = { modules: fingerprint(path.join(modules, '.gone.DELETE')), hub: fingerprint(hub) };
    const ofNpm = await said(home, '--clean-safe', '--tool', 'npm');
    expect({ code: ofNpm.code, left: told(home, ofNpm) }).toEqual({ code: 0, left: all.slice(2, 3) });
    expect(ofNpm.operations).toMatchObject([{ kind: 'sweep', state: 'done', path: path.join(modules, '.a.DELETE') }]);
    expect(fs.readdirSync(modules).sort()).toEqual(['.gone.DELETE', '.ignored_b', '.vite-12345678', 'a']);
    expect({ modules: fingerprint(path.join(modules, '.gone.DELETE')), hub: fingerprint(hub) }).toEqual(before);

    const rest = () =>
      [project, path.join(hub, '.locks'), path.join(hub, 'models--a--b', 'refs')].map((at) => fingerprint(at)).join();
    const whole = rest();
    const cleaned = await said(home, '--clean-safe');
    expect(cleaned.operations).toMatchObject([{ state: 'done', path: incomplete, entriesDeleted: 1 }]);
    expect(told(home, cleaned)).toEqual(all.slice(2));
    expect(fs.readdirSync(path.dirname(incomplete))).toEqual(['notes.incomplete']);

    // Never, also by its name; and what is asked about goes by its name alone.
    const never = await said(home, '--clean', `${of('.ignored_b')?.id}`);
    expect(never).toMatchObject({ code: 3, error: { code: 'look-first' } });
    expect(never.error?.message).toMatch(/\.ignored_b is left alone: .*\. Look into it\./);
    expect(rest()).toBe(whole);
    const named = await said(home, '--clean', `${of('.gone.DELETE')?.id}`);
    expect(named.operations).toMatchObject([{ state: 'done' }]);
    expect(fs.readdirSync(modules).sort()).toEqual(['.ignored_b', '.vite-12345678', 'a']);
    expect(await history(home)).toHaveLength(3);
  });

  test('is shown for a person by tool, and nothing of the project is ever cleared', async () => {
    const home = newHome();
    const { project } = plant(home);
    await inspect(home, ['add', project]);
    const before = fingerprint(project);
    const { stdout } = await inspect(home, ['leftovers'], { env: later });
    expect(stdout).toMatch(/huggingface.*\.a\.DELETE.*\.gone\.DELETE.*\.ignored_b/s);
    expect(stdout).toContain('A package that an old npm was removing: it was ~/shop/node_modules/a.');
    expect(stdout).toContain('What helps: Look into it. If nothing in it is yours,');
    const listed = await inspect(home, ['list']);
    expect(listed.stdout).toContain(`${path.join('~', 'shop')} is a project folder that you added`.replace('~', home));
    for (const target of [project, 'project', path.join(project, 'node_modules')]) {
      const ran = await inspect(home, ['clear', target, '--yes', '--json']);
      expect({ target, code: ran.code }).toEqual({ target, code: 3 });
    }
    expect(fingerprint(project)).toBe(before);
    expect(await history(home)).toEqual([]);
  });
});
