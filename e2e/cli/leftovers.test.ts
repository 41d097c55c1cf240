import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Leftover, Operation } from '../../shared/model.ts';
import { history, leftovers, the } from '../support/answers.ts';
import { linux } from '../support/caches.ts';
import { busyProcess, deadPid } from '../support/processes.ts';
import { inspect, newHome } from '../support/program.ts';
import { du, fingerprint, write } from '../support/sandbox.ts';

const cacheIn = (home: string): string => {
  const root = path.join(home, '.cache', 'pip-tools');
  write(root, { 'pkgs/plain-1.0-py3-none-any.whl': 'wheel' });
  return root;
};

const plant = (root: string, name: string): string => {
  write(path.join(root, name), { 'a/one.whl': 'x'.repeat(20_000), 'two.whl': 'y' });
  return path.join(root, name);
};

const clean = async (home: string, ...words: readonly string[]) => {
  const ran = await inspect(home, ['leftovers', ...words, '--json']);
  const said = ran.json<{
    leftovers?: Leftover[];
    operations?: Operation[];
    error?: { code: string; message: string };
  }>();
  return { code: ran.code, left: said.leftovers ?? [], operations: said.operations ?? [], error: said.error ?? null };
};

describe.skipIf(linux.skip)('what a crashed pip-tools left behind', () => {
  test('is listed with its evidence and its size, stays until somebody asks, and is then cleaned', async () => {
    const home = newHome();
    const root = cacheIn(home);
    const pid = deadPid();
    const planted = plant(root, `pkgs.stale-${pid}`);
    const held = du(planted);
    const before = fingerprint(root);
    const found = the(await leftovers(home));
    expect(found).toMatchObject({ path: planted, tool: 'pip-tools', origin: 'pip-tools', verdict: 'abandoned' });
    expect(found).toMatchObject({ cleaning: 'safe', files: 2, bytes: { allocated: held }, operation: null });
    expect(found.evidence.join('\n')).toContain(String(pid));
    expect((await inspect(home, ['recover'])).code).toBe(0);
    expect(fingerprint(root)).toBe(before);

    const cleaned = await clean(home, '--clean', found.id);
    expect({ code: cleaned.code, left: cleaned.left }).toEqual({ code: 0, left: [] });
    const operation = the(cleaned.operations);
    expect(operation).toMatchObject({ kind: 'sweep', state: 'done', path: planted, bytes: { freed: held } });
    expect(fs.readdirSync(root)).toEqual(['pkgs']);
    expect(fs.readdirSync(path.join(root, 'pkgs'))).toHaveLength(1);
    expect(await history(home)).toEqual([operation]);
    expect((await clean(home, '--clean', found.id)).code).toBe(2);
  });

  test('is left alone while the process of its number lives, also with --clean-safe', async () => {
    const home = newHome();
    const root = cacheIn(home);
    const pid = await busyProcess('sleep', ['1000']);
    const planted = plant(root, `pkgs.stale-${pid}`);
    const before = fingerprint(root);
    const found = the(await leftovers(home));
    expect(found).toMatchObject({ path: planted, verdict: 'in-progress', cleaning: 'never' });
    const refused = await clean(home, '--clean', found.id);
    expect({ code: refused.code, error: refused.error?.code }).toEqual({ code: 3, error: 'in-use' });
    expect(refused.error?.message).toContain(planted);
    expect(await clean(home, '--clean-safe')).toMatchObject({ code: 0, operations: [] });
    expect(fingerprint(root)).toBe(before);
  });

  test('is told apart from what merely looks so, which is never touched', async () => {
    const home = newHome();
    const root = cacheIn(home);
    const pid = deadPid();
    write(home, { [`Documents.stale-${pid}/thesis`]: 'mine', [`.cache/pkgs.stale-${pid}/x`]: 'mine' });
    write(home, { 'Documents/thesis': 'mine' });
    for (const name of ['pkgs.stale-0', 'pkgs.stale-1e3', `pkgs.stale-0${pid}`, `other.stale-${pid}`])
      plant(root, name);
    plant(root, `pkgs.stale-${pid}-0123456789abcdef`);
    fs.symlinkSync('../../Documents', path.join(root, `pkgs.stale-${pid}`));
    const before = fingerprint(home);
    const found = await leftovers(home);
    expect(found.map((it) => path.basename(it.path)).sort()).toEqual(
      [
        'pkgs.stale-0',
        `pkgs.stale-0${pid}`,
        'pkgs.stale-1e3',
        `pkgs.stale-${pid}`,
        `pkgs.stale-${pid}-0123456789abcdef`,
      ].sort(),
    );
    expect(await clean(home, '--clean-safe')).toMatchObject({ code: 0, operations: [] });
    const odd = found.filter(({ verdict }) => verdict === 'odd');
    expect(odd).toHaveLength(4);
    for (const { id, path: at } of odd) {
      const refused = await clean(home, '--clean', id);
      expect({ code: refused.code, error: refused.error?.code }).toEqual({ code: 3, error: 'look-first' });
      expect(refused.error?.message).toContain(at);
    }
    expect(fingerprint(home)).toBe(before);
    // Another history's copy may still be undone there: it takes a person's word, and only for it.
    const another = the(found, ({ verdict }) => verdict !== 'odd');
    expect(another).toMatchObject({ verdict: 'cannot-tell', cleaning: 'ask' });
    expect(await history(home)).toEqual([]);
  });

  test('is cleaned by --clean-safe when it is safe, and only then', async () => {
    const home = newHome();
    const root = cacheIn(home);
    const safe = [deadPid(), deadPid()].map((pid) => plant(root, `pkgs.stale-${pid}`));
    const busy = plant(root, `pkgs.stale-${await busyProcess('sleep', ['1000'])}`);
    const { code, operations, left } = await clean(home, '--clean-safe');
    expect(code).toBe(0);
    expect(operations.map(({ path: at, state }) => [at, state]).sort()).toEqual(safe.map((at) => [at, 'done']).sort());
    expect(left.map((it) => it.path)).toEqual([busy]);
    expect(fs.readdirSync(root).sort()).toEqual(['pkgs', path.basename(busy)].sort());
  });
});
