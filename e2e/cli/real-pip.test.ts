import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheOf, clear, history, listed, planned, shown, the, unitOf } from '../support/answers.ts';
import { duApparent, needs } from '../support/caches.ts';
import { type PythonIndex, somePackages, startIndex } from '../support/local-index.ts';
import { newHome } from '../support/program.ts';
import { findPips, type Pip, pipInstall } from '../support/real-pip.ts';
import { du, fingerprint } from '../support/sandbox.ts';

const pips = await findPips();
const needsPip = needs('pip', pips.length > 0);
const plainName = (name: string | null): string => (name ?? '').toLowerCase().replace(/[-_.]+/g, '-');

test.skipIf(needsPip.skip)(`there is a pip to test with${needsPip.note}`, () => expect(pips).not.toEqual([]));

describe.each(pips)('a cache made by the real pip $version ($format)', (pip: Pip) => {
  let index: PythonIndex;
  beforeAll(async () => {
    index = await startIndex();
  });
  afterAll(() => index?.close());

  const install = async (home: string): Promise<void> => {
    const ran = await pipInstall(pip, home, null, index.url, ['needs-all']);
    expect(ran).toMatchObject({ code: 0 });
  };

  test('list agrees with du to the byte, show names every package, and neither changes anything', async () => {
    const home = newHome();
    await install(home);
    const before = fingerprint(home);
    const caches = await listed(home);
    for (const name of [pip.format, 'wheels']) {
      const unit = unitOf(caches, 'pip', name);
      expect(unit).toMatchObject({ path: path.join(home, '.cache', 'pip', name), present: true, unreadable: [] });
      expect(unit.bytes).toMatchObject({
        allocated: du(unit.path),
        reclaimable: du(unit.path),
        apparent: duApparent(unit.path),
      });
    }
    const { entries } = await shown(home, 'pip');
    for (const { name, version } of somePackages) {
      const found = entries.filter((it) => plainName(it.name) === plainName(name) && it.version === version);
      expect(found.map(({ unit }) => unit)).toContain(pip.format);
    }
    const built = await shown(home, 'pip', '--unit', 'wheels');
    expect(the(built.entries)).toMatchObject({ unit: 'wheels', name: 'built', version: '2.0.1', damaged: null });
    const plan = await planned(home, 'pip');
    expect(plan.steps.map(({ rename: { from } }) => path.basename(from)).sort()).toEqual([pip.format, 'wheels'].sort());
    for (const { rename, identity } of plan.steps) {
      const { dev, ino } = fs.statSync(rename.from);
      expect(identity).toEqual({ dev, ino });
    }
    expect(fingerprint(home)).toBe(before);
  });

  test('after a clear its folders are gone, the history tells what was freed, and pip works again', async () => {
    const home = newHome();
    await install(home);
    const root = path.join(home, '.cache', 'pip');
    const names = [pip.format, 'wheels'];
    const held = names.map((name) => du(path.join(root, name)));
    const beside = fs.readdirSync(root).filter((name) => !names.includes(name));
    const { code, operations } = await clear(home, [...names.map((name) => `pip/${name}`), '--yes']);
    expect(code).toBe(0);
    expect(operations.map(({ state }) => state)).toEqual(['done', 'done']);
    for (const [at, { bytes }] of operations.entries()) {
      const expected = held[at] ?? 0;
      expect(Math.abs(bytes.freed - expected)).toBeLessThanOrEqual(expected / 100);
    }
    expect(fs.readdirSync(root)).toEqual(beside);
    expect(fs.readdirSync(path.dirname(root))).toEqual(['pip']);
    expect(new Set((await history(home)).map(({ id }) => id))).toEqual(new Set(operations.map(({ id }) => id)));
    fs.rmSync(path.join(home, 'target'), { recursive: true });
    await install(home);
    expect(fs.existsSync(path.join(home, 'target', 'built', '__init__.py'))).toBe(true);
    expect(fs.readdirSync(root).sort()).toEqual([...names, ...beside].sort());
  });

  test('pip moved by PIP_CACHE_DIR is shown there, and cleared there', async () => {
    const home = newHome();
    const moved = path.join(home, 'moved');
    expect((await pipInstall(pip, home, moved, index.url, ['needs-all'])).code).toBe(0);
    const options = { env: { PIP_CACHE_DIR: moved } };
    expect(cacheOf(await listed(home, [], options), 'pip')).toMatchObject({
      root: moved,
      because: 'PIP_CACHE_DIR is set',
    });
    const { code, operations } = await clear(home, [`pip/${pip.format}`, '--yes'], options);
    expect({ code, states: operations.map(({ state }) => state) }).toEqual({ code: 0, states: ['done'] });
    expect(fs.readdirSync(moved)).toEqual(['wheels']);
  });
});
