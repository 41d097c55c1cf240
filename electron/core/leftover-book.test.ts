import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fingerprint, write } from '../../e2e/support/sandbox.ts';
import type { Leftover } from '../../shared/model.ts';
import { newHome, value } from './clear/testing/home.ts';
import { fs } from './fs/seam.ts';

const soon = { timeout: 20_000, interval: 50 };

const withProject = async () => {
  const { home, unit, open } = newHome();
  const modules = path.join(home, 'shop', 'node_modules');
  write(modules, { 'a/package.json': '{"name":"a"}', '.ignored_b/x': 'mine', '.gone.DELETE/x': 'the only copy' });
  const inspector = await open();
  value(await inspector.call('add', { path: path.dirname(modules), isCache: false }));
  const look = async (tool?: string) =>
    value(await inspector.call('leftovers', { measure: false, ...(tool !== undefined && { tool }) })).leftovers;
  return { home, unit, modules, inspector, look };
};

const names = (leftovers: readonly Leftover[]) => leftovers.map(({ path: at }) => path.basename(at)).sort();

describe.skipIf(process.platform !== 'linux')('what tools left', () => {
  it('is told at the start, looked for anew when a person asks and not at every change, and gone when it is cleaned', async () => {
    const { unit, modules, inspector, look } = await withProject();
    const told: (readonly Leftover[])[] = [];
    onTestFinished(inspector.on('leftovers', (news) => told.push(news)));
    const isTold = (wanted: readonly string[]) =>
      vi.waitFor(() => expect(names(told.at(-1) ?? [])).toEqual([...wanted].sort()), soon);
    await isTold(['.gone.DELETE', '.ignored_b']);

    // A change that causes another look at ours.
    write(modules, { '.ignored_c/x': 'mine too' });
    fs.renameSync(unit, `${unit}.stale-4194303`);
    await isTold(['.gone.DELETE', '.ignored_b', 'pkgs.stale-4194303']);
    expect(names(await look())).toEqual(['.gone.DELETE', '.ignored_b', '.ignored_c', 'pkgs.stale-4194303']);
    expect(names(await look('pip-tools'))).toEqual(['pkgs.stale-4194303']);

    const gone = (await look('npm'))[0];
    if (gone === undefined) throw new Error('it is there');
    expect(gone).toMatchObject({ cleaning: 'ask', origin: 'npm-delete', original: path.join(modules, 'gone') });
    const { operations } = value(await inspector.call('clean', { which: [gone.id] }));
    expect(operations).toMatchObject([{ kind: 'sweep', state: 'done', tool: 'npm' }]);
    await isTold(['.ignored_b', '.ignored_c', 'pkgs.stale-4194303']);
    const { leftovers } = value(await inspector.call('snapshot', {}));
    expect(names(leftovers)).toEqual(['.ignored_b', '.ignored_c', 'pkgs.stale-4194303']);
  });

  it('is never cleaned where its tool alone may, nor by the name of another tool, nor where a person protected it', async () => {
    const { home, inspector, look } = await withProject();
    const before = fingerprint(home);
    const all = await look();
    const never = all.find(({ cleaning }) => cleaning === 'never');
    const asked = all.find(({ cleaning }) => cleaning === 'ask');
    if (never === undefined || asked === undefined) throw new Error('one of each is there');
    expect(await inspector.call('clean', { which: [asked.id, never.id] })).toMatchObject({
      ok: false,
      error: { code: 'look-first', message: expect.stringContaining(`. ${never.remedy}`) },
    });
    expect(await inspector.call('clean', { which: [asked.id], tool: 'pnpm' })).toMatchObject({
      ok: false,
      error: { code: 'unknown-target' },
    });
    expect(await inspector.call('leftovers', { measure: false, tool: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'invalid-argument', message: expect.stringMatching(/ npm, .* pip, /) },
    });
    expect(value(await inspector.call('clean', { which: 'safe' })).operations).toEqual([]);
    value(await inspector.call('protect', { path: path.join(home, 'shop') }));
    expect((await look()).map(({ cleaning }) => cleaning)).toEqual(['never', 'never']);
    expect(await inspector.call('clean', { which: [asked.id] })).toMatchObject({ ok: false });
    expect(fingerprint(home)).toBe(before);
    value(await inspector.call('unprotect', { path: path.join(home, 'shop') }));
  });
});
