import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, write } from '../../e2e/support/sandbox.ts';
import { newHome, value } from './clear/testing/home.ts';
import { fs } from './fs/seam.ts';

const tag = { CACHEDIR: 'Signature: 8a477f597d28d172789f06886806bc55' };

describe('a project that is added', () => {
  it.each([
    ['node_modules', { 'a/package.json': '{}' }],
    ['site-packages', { 'a/x.py': '' }],
    ['shop', { 'node_modules/a/package.json': '{}', '.git/HEAD': 'ref: x' }],
    ['shop', { '.venv/pyvenv.cfg': '', 'CACHEDIR.TAG': tag.CACHEDIR }],
    ['env', { 'lib/python3.12/site-packages/a.py': '', 'CACHEDIR.TAG': tag.CACHEDIR }],
    ['env', { 'conda-meta/history': '' }],
    ['extensions', { 'extensions.json': '[]' }],
  ])('%s with %j is one, has nothing to clear, and says so', async (name, files) => {
    const { home, open } = newHome();
    const place = path.join(home, 'work', name);
    write(place, files);
    const before = fingerprint(place);
    const inspector = await open();
    // No word makes a cache of it.
    for (const isCache of [false, true]) {
      const added = value(await inspector.call('add', { path: place, isCache }));
      expect(added).toMatchObject({ tool: 'project', root: place, added: true, units: [], present: true });
      expect(added.problem).toMatchObject({ code: 'no-evidence', message: expect.stringContaining('ever cleared') });
    }
    const { caches } = value(await inspector.call('list', { measure: true }));
    expect(caches.filter(({ root }) => root === place)).toHaveLength(1);
    const { targets } = value(await inspector.call('resolve', { text: place }));
    expect(await inspector.call('plan', { targets: [...targets], measure: false })).toMatchObject({
      ok: false,
      error: { code: 'no-evidence', message: expect.stringContaining(place) },
    });
    expect(fingerprint(place)).toBe(before);
    const [cache] = caches.filter(({ root }) => root === place);
    if (cache === undefined) throw new Error('it is listed');
    value(await inspector.call('forget', { cache: cache.id }));
    const after = value(await inspector.call('list', { measure: false })).caches;
    expect(after.some(({ root }) => root === place)).toBe(false);
  });

  it('may be the folder that the program was started in, but no protected place and no link', async () => {
    const { home, open } = newHome();
    write(home, { 'node_modules/a/package.json': '{}', 'Documents/node_modules/a/package.json': '{}' });
    write(home, { 'mine/node_modules/a/package.json': '{}' });
    fs.symlinkSync('mine', path.join(home, 'link'));
    const inspector = await open();
    const codeOf = async (at: string) => {
      const answer = await inspector.call('add', { path: at, isCache: true });
      return answer.ok ? answer.value.tool : answer.error.code;
    };
    expect(await codeOf(home)).toBe('protected-place');
    expect(await codeOf(path.join(home, 'Documents'))).toBe('protected-place');
    expect(await codeOf(path.join(home, 'link'))).toBe('symbolic-link');
    expect(await codeOf(path.join(home, 'mine'))).toBe('project');
    value(await inspector.call('protect', { path: path.join(home, 'mine') }));
    expect(await codeOf(path.join(home, 'mine', 'node_modules'))).toBe('protected-place');
    // What is none stays what it was.
    write(home, { 'plain/x': '', 'work/.git/HEAD': 'ref: x' });
    expect(await codeOf(path.join(home, 'plain'))).toBe('folder');
    expect(await codeOf(path.join(home, 'work'))).toBe('version-controlled');
  });
});
