import { chownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { folder } from '../catalog/folder.ts';
import { npm } from '../catalog/tools/npm.ts';
import { tryFlock } from '../usage/flock.ts';
import { nodeOutsider, outsider } from '../usage/test-outsiders.ts';
import { running } from '../usage/test-processes.ts';
import { retiredHash } from './grammars/npm.ts';
import { days, hours } from './grammars/tool-grammar.ts';
import { find, linux, plant, short } from './testing/tool-look.ts';
import { findToolLeftovers } from './tool-leftovers.ts';

describe.skipIf(!linux)('npm’s retired folders', () => {
  it('are known by the hash of their path, also through a link, and not after a move', async () => {
    const root = folderForTest();
    const modules = join(root, 'project', 'node_modules');
    const retired = (dir: string, name: string): string => `.${name}-${retiredHash(join(dir, name))}`;
    const exact = retired(modules, 'a');
    const scoped = retired(join(modules, '@s'), 'b');
    const half = retired(modules, 'half');
    const gone = retired(modules, 'gone');
    const linked = retired(join(root, 'link', 'node_modules'), 'c');
    plant(modules, [`a/package.json`, `${exact}/package.json`, '@s/b/package.json', `@s/${scoped}/package.json`]);
    plant(modules, [
      'half/',
      `${half}/package.json`,
      `${gone}/package.json`,
      'c/package.json',
      `${linked}/package.json`,
    ]);
    plant(modules, ['.x-abcdefgh/package.json', '.vite-12345678/deps', '.bin/x', '.cache-x/y']);
    const unfinished = join(root, 'unfinished', 'node_modules');
    const early = retired(unfinished, 'a');
    plant(unfinished, ['.package-lock.json']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    plant(unfinished, ['a/package.json', `${early}/package.json`]);
    plant(modules, ['.package-lock.json']);
    symlinkSync(join(root, 'project'), join(root, 'link'));
    const told = async (path: string) => {
      const { findings } = await findToolLeftovers({
        places: [],
        projects: [path],
        temporary: null,
        sampleGapMs: 20,
        now: () => Date.now() + hours(1),
        processes: () => [],
      });
      return Object.fromEntries(findings.map((one) => [one.path.slice(modules.length + 1), one.cleaning]));
    };
    const always = { [exact]: 'safe', [`@s/${scoped}`]: 'safe', [half]: 'ask', [gone]: 'ask', '.x-abcdefgh': 'ask' };
    expect(await told(join(root, 'project'))).toEqual(always);
    expect(await told(modules)).toEqual(always);
    expect(await told(join(root, 'link'))).toEqual({ ...always, [linked]: 'safe' });
    // Whole as it looks, but the install that put it there never ended.
    expect(Object.values(await told(join(root, 'unfinished')))).toEqual(['ask']);
  });
});

describe.skipIf(!linux)('what somebody works on', () => {
  it('uv’s stays while any uv holds the lock', async () => {
    const root = folderForTest();
    plant(root, ['.lock', '.tmp56ZHLz/x']);
    const lock = await tryFlock(join(root, '.lock'));
    if (typeof lock === 'string') throw new Error(lock);
    const held = await find(root, { tool: 'uv' });
    lock.release();
    expect(held.findings.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual(['in-progress never']);
    const free = await find(root, { tool: 'uv' });
    expect(free.findings.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual(['abandoned safe']);
    expect(free.findings[0]?.locks).toEqual([join(root, '.lock')]);
    // And it has let go of it again.
    const again = await tryFlock(join(root, '.lock'));
    expect(typeof again).toBe('object');
    if (typeof again === 'object') again.release();
  });

  it('stays while somebody has it open, and while its maker runs', async () => {
    const root = folderForTest();
    const maker = await running();
    onTestFinished(() => void maker.kill('SIGKILL'));
    plant(root, ['a/x', `.a.0.4821736459182736/x`, `node_modules/b/x`, `node_modules/b_tmp_${maker.pid}_1/x`]);
    await outsider('sleep 60 & echo $!', { cwd: join(root, '.a.0.4821736459182736') });
    const { findings } = await find(root);
    expect(findings.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual([
      'in-progress never',
      'in-progress never',
    ]);
  });

  it('stays while a real process works with the cache and holds nothing of it', async () => {
    const home = folderForTest();
    const root = join(home, '.npm');
    plant(root, ['_cacache/tmp/0a1b2c3d']);
    const script = join(home, 'npm-cli.js');
    writeFileSync(script, 'console.log(process.pid); setTimeout(() => {}, 60_000);');
    const look = async () => {
      const places = [{ root, tool: npm, units: [] }];
      const now = (): number => Date.now() + days(1);
      const { findings } = await findToolLeftovers({ places, projects: [], temporary: null, now });
      return findings.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`).join();
    };
    // Somebody wrote it a moment ago: who, cannot be told.
    expect(await look()).toBe('cannot-tell ask');
    const pid = await nodeOutsider(script, ['install', 'a'], { cwd: '/', env: { HOME: home } });
    expect(await look()).toBe('in-progress never');
    process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5500));
    expect(await look()).toBe('abandoned safe');
  });

  it('stays while npm runs in the project, and is asked about while one runs above it', async () => {
    const root = folderForTest();
    plant(root, ['p/node_modules/a/package.json', 'p/node_modules/.a.DELETE/x', 'p/src/x', 'q/x']);
    const look = async (cwd: string, words: readonly string[] = ['install']) => {
      const { findings } = await findToolLeftovers({
        places: [],
        projects: [join(root, 'p')],
        temporary: null,
        sampleGapMs: 20,
        now: () => Date.now() + hours(1),
        processes: () => [{ pid: 7, argv: ['npm', ...words], command: 'npm', cwd: Buffer.from(join(root, cwd)) }],
      });
      return findings.map(({ cleaning }) => cleaning).join();
    };
    expect(await look('p')).toBe('never');
    expect(await look('p/src')).toBe('never');
    expect(await look('')).toBe('ask');
    expect(await look('q', ['install', '--prefix=../p'])).toBe('ask');
    expect(await look('q')).toBe('safe');
    expect(await look('p', ['run', 'dev'])).toBe('safe');
  });
});

describe.skipIf(!linux)('looking for them', () => {
  it('leaves those of other users alone', async ({ skip }) => {
    if (process.getuid?.() !== 0) return skip('NOT TESTED: files cannot be given to another user here (needs root)');
    const root = folderForTest();
    plant(root, ['a/x', '.a.0.4821736459182736/x']);
    chownSync(join(root, '.a.0.4821736459182736'), 65_534, 65_534);
    const { findings } = await find(root);
    expect(findings.map(({ verdict, cleaning }) => `${verdict} ${cleaning}`)).toEqual(['cannot-tell never']);
  });

  it('follows no link, enters no more than it may, and says so', async () => {
    const root = folderForTest();
    plant(root, ['elsewhere/.a.DELETE/x', 'elsewhere/a/package.json', 'p/x']);
    symlinkSync(join(root, 'elsewhere'), join(root, 'p', 'node_modules'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'p', '.b.0.4821736459182736'));
    expect((await find(join(root, 'p'))).findings).toEqual([]);
    plant(
      root,
      Array.from({ length: 30 }, (_, at) => `m/g${at}/a/1/a.jar.123456789012${at}.tmp`),
    );
    const places = [{ root: join(root, 'm'), tool: { ...folder, id: 'maven' }, units: [] }];
    const ask = { places, projects: [], temporary: null, processes: () => [] };
    expect((await findToolLeftovers(ask)).findings).toHaveLength(30);
    const few = await findToolLeftovers({ ...ask, limits: { folders: 20, hits: 2000 } });
    expect(few.findings.length).toBeLessThan(30);
    expect(few.unreadable.map(({ path }) => path)).toEqual([join(root, 'm')]);
    const some = await findToolLeftovers({ ...ask, limits: { folders: 20_000, hits: 10 } });
    expect(some.findings.length).toBeLessThanOrEqual(10);
    expect(some.unreadable).not.toEqual([]);
  });

  it('is quiet about missing places, and leaves ours to its own finder', async () => {
    const root = folderForTest();
    expect(await find(join(root, 'missing'))).toEqual({ findings: [], unreadable: [] });
    plant(root, ['_cacache/tmp/x.stale-12-0123456789abcdef/x', '_cacache/tmp/x.deleting-12/x']);
    expect((await find(root, { tool: 'npm' })).findings).toEqual([]);
    // Nor what stands in a copy that may be put back.
    plant(root, ['org.stale-12-0123456789abcdef/a/1/a.jar.123456789012.tmp', 'b.stale-0/b.jar.123456789012.tmp']);
    expect((await find(root, { tool: 'maven' })).findings).toEqual([]);
  });

  it('names one that stands in another with that one alone', async () => {
    const root = folderForTest();
    plant(root, ['.trash/x.so', '.trash/x.so.c~', '.trash-2/y.so', '.trash-2/y.so.c~']);
    const { findings } = await find(root, { tool: 'conda' });
    expect(findings.map((one) => short(root, one))).toEqual([
      '.trash: conda-trash-folder ask',
      '.trash-2/y.so.c~: conda-trash safe',
    ]);
  });

  it('tells right before it goes what has come up since', async () => {
    const root = folderForTest();
    plant(root, ['p/node_modules/a/package.json', 'p/node_modules/.a.DELETE/x', 'p/node_modules/.b.DELETE/x']);
    let working: string | null = null;
    const { findings } = await findToolLeftovers({
      places: [],
      projects: [join(root, 'p')],
      temporary: null,
      sampleGapMs: 20,
      now: () => Date.now() + hours(1),
      processes: () =>
        working === null ? [] : [{ pid: 7, argv: ['npm', 'install'], command: 'npm', cwd: Buffer.from(working) }],
    });
    const [safe, asked] = findings;
    if (safe === undefined || asked === undefined) throw new Error('two are found');
    expect([safe.cleaning, asked.cleaning]).toEqual(['safe', 'ask']);
    expect(await safe.again()).toBeNull();
    // A person who was told that it may be the only copy has decided about that, and not about who begins to work there.
    expect(await asked.again()).toBeNull();
    working = root;
    expect(await safe.again()).toContain('may work on it');
    expect(await asked.again()).toBeNull();
    working = join(root, 'p');
    for (const one of findings) expect(await one.again()).toContain('process 7 (npm) runs in');
    working = null;
    renameSync(join(root, 'p/node_modules/a'), join(root, 'p/node_modules/moved'));
    expect(await safe.again()).toContain('is not there any more');
    rmSync(join(root, 'p/node_modules/.b.DELETE'), { recursive: true });
    expect(await asked.again()).toBe('it is not what it was any more');
  });

  it('keeps names that are not text as they are', async () => {
    const root = folderForTest();
    const name = Buffer.concat([Buffer.from('node_modules/.ignored_'), Buffer.from([0xe9])]);
    const path = Buffer.concat([Buffer.from(`${root}/`), name]);
    mkdirSync(join(root, 'node_modules'));
    mkdirSync(path);
    const [found] = (await find(root)).findings;
    expect(found?.rawPath.equals(path)).toBe(true);
    expect(found?.path).toContain('\\xE9');
  });
});
