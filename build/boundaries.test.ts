import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * Shows that lint keeps the walls: each case writes one file with a forbidden import into an empty copy of the house
 * and expects `biome lint` to name the rule, and the same file with an allowed import to pass.
 */
const project = fileURLToPath(new URL('..', import.meta.url));
const biome = join(project, 'node_modules/@biomejs/biome/bin/biome');
let house = '';

interface Lint {
  readonly passed: boolean;
  readonly text: string;
}

const lint = (): Promise<Lint> =>
  new Promise((resolve) => {
    const args = [biome, 'lint', '--colors=off', '--error-on-warnings', '.'];
    execFile(process.execPath, args, { cwd: house }, (error, stdout, stderr) => {
      resolve({ passed: error === null, text: stdout + stderr });
    });
  });

/** Runs `body` while these files, and no other, stand in the house. */
const withFiles = async <T>(files: Readonly<Record<string, string>>, body: () => Promise<T>): Promise<T> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(house, path)), { recursive: true });
    await writeFile(join(house, path), text);
  }
  try {
    return await body();
  } finally {
    for (const path of Object.keys(files)) await rm(join(house, path));
  }
};

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'cache-inspector-lint-'));
  // The ignore file must be there, as biome.json asks for it; package.json is what tells declared dependencies.
  for (const name of ['biome.json', '.gitignore', 'package.json'])
    await copyFile(join(project, name), join(house, name));
});

afterAll(async () => {
  if (house !== '') await rm(house, { recursive: true, force: true });
});

const onlyFs = 'Only electron/core/fs touches the disk';
const onlyDesktop = 'Only electron/desktop knows Electron';
const noDoor = 'Nothing imports a door';
const contract = 'shared/ is the contract';
const noRoom = 'it imports no other room of core';
const tool = 'A tool says where its cache is';
const looking = 'Looking is not clearing';
const front = 'A door knows core only by core/inspector.ts';
const page = 'The page knows the contract';

/** Where a file stands, what it must not import, the sentence that says so, what it may import. */
const walls: readonly (readonly [string, string, string, string])[] = [
  ['shared/a.ts', '../electron/core/inspector.ts', contract, './model.ts'],
  ['shared/a.ts', 'node:path', contract, 'zod'],
  ['shared/a.ts', 'commander', contract, './ids.ts'],
  ['electron/core/inspector.ts', '../cli/main.ts', noDoor, './clear/plan.ts'],
  ['electron/core/inspector.ts', '../serve/main.ts', noDoor, './store/store.ts'],
  ['electron/core/inspector.ts', '../desktop/main.ts', noDoor, '../../shared/api.ts'],
  ['electron/core/inspector.ts', '../../renderer/app.ts', noDoor, './dispatch.ts'],
  ['electron/core/inspector.ts', 'electron', onlyDesktop, 'node:path'],
  ['electron/core/store/a.ts', 'node:fs', onlyFs, 'node:sqlite'],
  ['electron/core/store/a.ts', 'node:fs/promises', onlyFs, '../fs/seam.ts'],
  ['electron/core/clear/a.ts', 'fs', onlyFs, '../fs/handle.ts'],
  ['electron/core/clear/a.ts', 'original-fs', onlyFs, '../usage/holders.ts'],
  ['electron/core/fs/a.ts', '../catalog/tool.ts', noRoom, './raw.ts'],
  ['electron/core/fs/a.ts', '../store/store.ts', noRoom, 'node:fs'],
  ['electron/core/fs/a.ts', '../dispatch.ts', noRoom, '../../../shared/errors.ts'],
  ['electron/core/fs/a.ts', 'electron', onlyDesktop, 'node:fs/promises'],
  ['electron/core/catalog/a.ts', '../clear/plan.ts', tool, '../fs/reader.ts'],
  ['electron/core/catalog/a.ts', '../scan/walk.ts', tool, '../../../shared/model.ts'],
  ['electron/core/catalog/a.ts', '../leftovers/find.ts', tool, './tool.ts'],
  ['electron/core/catalog/a.ts', '../usage/holders.ts', tool, 'ini'],
  ['electron/core/catalog/a.ts', '../store/store.ts', tool, './npm/index.ts'],
  ['electron/core/catalog/a.ts', '../dispatch.ts', tool, './tool.ts'],
  ['electron/core/catalog/decode/a.ts', '../../inspector.ts', tool, '../tool.ts'],
  ['electron/core/catalog/decode/a.ts', '../../clear/plan.ts', tool, '../../fs/reader.ts'],
  ['electron/core/catalog/a.ts', 'node:fs', onlyFs, 'node:path'],
  ['electron/core/scan/a.ts', '../clear/plan.ts', looking, '../catalog/tool.ts'],
  ['electron/core/leftovers/a.ts', '../clear/plan.ts', looking, '../store/store.ts'],
  ['electron/core/usage/a.ts', '../clear/plan.ts', looking, '../fs/identity.ts'],
  ['electron/core/usage/a.ts', 'node:fs', onlyFs, '../fs/seam.ts'],
  ['electron/cli/a.ts', '../core/store/store.ts', front, '../core/inspector.ts'],
  ['electron/cli/commands/a.ts', '../../core/dispatch.ts', front, '../../core/inspector.ts'],
  ['electron/cli/a.ts', '../desktop/main.ts', noDoor, '../../shared/api.ts'],
  ['electron/cli/a.ts', 'electron', onlyDesktop, 'commander'],
  ['electron/cli/a.ts', 'node:fs', onlyFs, 'node:path'],
  ['electron/serve/a.ts', '../core/clear/plan.ts', front, '../core/inspector.ts'],
  ['electron/serve/a.ts', '../cli/main.ts', noDoor, '../../shared/api.ts'],
  ['electron/serve/a.ts', 'electron', onlyDesktop, 'node:http'],
  ['electron/desktop/a.ts', '../core/scan/walk.ts', front, '../core/inspector.ts'],
  ['electron/desktop/a.ts', '../serve/main.ts', noDoor, '../../shared/api.ts'],
  ['electron/desktop/a.ts', 'node:fs', onlyFs, './window.ts'],
  ['electron/desktop/a.ts', 'original-fs', onlyFs, 'electron'],
  ['renderer/a.ts', '../electron/core/inspector.ts', page, '../shared/api.ts'],
  ['renderer/a.ts', '../electron/desktop/preload.ts', page, './store.ts'],
  ['renderer/a.ts', 'node:path', 'there is no Node', './view.ts'],
  ['renderer/a.ts', 'electron', onlyDesktop, '../shared/format.ts'],
];

describe('who may import whom', () => {
  it.each(walls)('%s must not import %s', async (file, forbidden, sentence, allowed) => {
    const bad = await withFiles({ [file]: `import '${forbidden}';\n` }, lint);
    expect(bad.text).toContain('lint/style/noRestrictedImports');
    expect(bad.text).toContain(sentence);
    expect(bad.passed).toBe(false);

    const good = await withFiles({ [file]: `import '${allowed}';\n` }, lint);
    expect(good.text).not.toContain('━');
    expect(good.passed).toBe(true);
  });

  it.each([
    ['a type', "import type { Plan } from '../clear/plan.ts';\nexport type A = Plan;\n"],
    ['an import at run time', "export const plan = import('../clear/plan.ts');\n"],
    ['a re-export', "export * from '../clear/plan.ts';\n"],
  ])('sees %s too', async (_, text) => {
    const bad = await withFiles({ 'electron/core/scan/a.ts': text }, lint);
    expect(bad.text).toContain(looking);
    expect(bad.passed).toBe(false);
  });

  it('lets a test read the disk', async () => {
    const good = await withFiles({ 'electron/core/scan/a.test.ts': "import 'node:fs/promises';\n" }, lint);
    expect(good.passed).toBe(true);
  });
});

describe('the structure', () => {
  it('has no import circle', async () => {
    const one = "import { two } from './two.ts';\nexport const one = (): number => two();\n";
    const two = "import { one } from './one.ts';\nexport const two = (): number => one();\n";
    const circle = await withFiles({ 'shared/one.ts': one, 'shared/two.ts': two }, lint);
    expect(circle.text).toContain('lint/suspicious/noImportCycles');
    expect(circle.passed).toBe(false);

    const line = await withFiles(
      { 'shared/one.ts': one, 'shared/two.ts': 'export const two = (): number => 2;\n' },
      lint,
    );
    expect(line.passed).toBe(true);
  });

  it('writes to no console', async () => {
    const bad = await withFiles({ 'electron/cli/a.ts': "console.log('x');\n" }, lint);
    expect(bad.text).toContain('lint/suspicious/noConsole');
    expect(bad.passed).toBe(false);
  });
});
