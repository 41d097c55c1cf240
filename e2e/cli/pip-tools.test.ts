import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheOf, clear, listed, shown, the, unitOf } from '../support/answers.ts';
import { duApparent, linux } from '../support/caches.ts';
import { somePackages, wheelOf } from '../support/local-index.ts';
import { inspect, newHome } from '../support/program.ts';
import { du, write } from '../support/sandbox.ts';

/** As piptools/cache.py writes it, with its name and its format number. */
const depcache = JSON.stringify({
  __format__: 1,
  dependencies: {
    plain: { '1.2.3': [] },
    'needs-all': { '5.0': ['built', 'plain', 'under-score'], '5.0[extra]': ['plain'] },
  },
});

/** What pip-compile leaves: both resolvers' files, the wheels it unpacked, and pip's own cache in its folder. */
const writePipTools = (home: string): string => {
  const root = path.join(home, '.cache', 'pip-tools');
  write(root, {
    'depcache-cp3.11.json': depcache,
    'depcache-pp3.10.json': depcache,
    [`http-v2/a/b/c/d/e/abcde${'0'.repeat(51)}`]: 'not whole',
    'notes.txt': 'mine',
  });
  fs.mkdirSync(path.join(root, 'pkgs'));
  for (const pack of somePackages.filter(({ kind }) => kind === 'wheel')) {
    fs.writeFileSync(path.join(root, 'pkgs', `${pack.name}-${pack.version}-py3-none-any.whl`), wheelOf(pack));
  }
  return root;
};

describe.skipIf(linux.skip)('the cache of pip-tools', () => {
  test('its folders and its files are units, measured as du does, and its entries are packages', async () => {
    const home = newHome();
    const root = writePipTools(home);
    const caches = await listed(home);
    const units = cacheOf(caches, 'pip-tools').units.filter(({ present }) => present);
    expect(units.map(({ name }) => name).sort()).toEqual(fs.readdirSync(root).filter((name) => name !== 'notes.txt'));
    for (const { path: at, bytes } of units) {
      expect(bytes).toMatchObject({
        allocated: du(at),
        apparent: fs.statSync(at).isFile() ? fs.statSync(at).size : duApparent(at),
      });
    }
    expect(unitOf(caches, 'pip-tools', 'depcache-cp3.11.json').files).toBe(1);
    const known = await shown(home, 'pip-tools', '--unit', 'depcache-cp3.11.json');
    expect(known.entries.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
      'needs-all 5.0',
      'needs-all[extra] 5.0',
      'plain 1.2.3',
    ]);
    const wheels = await shown(home, 'pip-tools', '--unit', 'pkgs');
    expect(wheels.entries.map(({ version }) => version).sort()).toEqual(['0.4.0rc1', '1.2.3', '5.0']);
    const damaged = await shown(home, 'pip-tools/http-v2');
    expect(the(damaged.entries).damaged).not.toBeNull();
  });

  test('one depcache file is cleared and undone like a folder', async () => {
    const home = newHome();
    const root = writePipTools(home);
    const file = path.join(root, 'depcache-cp3.11.json');
    const before = fs.lstatSync(file, { bigint: true });
    const aside = await clear(home, ['pip-tools/depcache-cp3.11.json', '--undo-window', '600']);
    expect({ code: aside.code, state: the(aside.operations).state }).toEqual({ code: 0, state: 'set-aside' });
    expect(fs.existsSync(file)).toBe(false);
    const { id } = the(aside.operations);
    expect((await inspect(home, ['undo', id])).code).toBe(0);
    const after = fs.lstatSync(file, { bigint: true });
    expect([after.ino, after.mode, after.mtimeNs]).toEqual([before.ino, before.mode, before.mtimeNs]);
    expect(fs.readFileSync(file, 'utf8')).toBe(depcache);
  });

  test('a depcache file that is cleared is gone, with its bytes freed, and all else stays', async () => {
    const home = newHome();
    const root = writePipTools(home);
    const names = fs.readdirSync(root);
    const held = du(path.join(root, 'depcache-cp3.11.json'));
    const { code, operations } = await clear(home, ['pip-tools/depcache-cp3.11.json', '--yes']);
    expect(code).toBe(0);
    expect(the(operations)).toMatchObject({ state: 'done', bytes: { freed: held }, entriesDeleted: 1 });
    expect(fs.readdirSync(root)).toEqual(names.filter((name) => name !== 'depcache-cp3.11.json'));
  });

  test('the whole cache is cleared, and a file that is not its own stays', async () => {
    const home = newHome();
    const root = writePipTools(home);
    const { code, operations } = await clear(home, ['pip-tools', '--yes']);
    expect(code).toBe(0);
    expect(operations.filter(({ state }) => state === 'done')).toHaveLength(4);
    expect(fs.readdirSync(root)).toEqual(['notes.txt']);
  });
});
