import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('./launch.cjs', import.meta.url));
let root = '';

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};

/** The launcher in a house of its own. `tooOld`: it takes this very Node for one that is too old. */
const install = async (tooOld: boolean, withNode: boolean): Promise<void> => {
  const text = await readFile(source, 'utf8');
  await put('build/launch.cjs', tooOld ? text.replace('var needed = 24;', 'var needed = 9999;') : text);
  await put('package.json', '{ "type": "module" }');
  if (!withNode) return;
  await mkdir(join(root, 'node_modules/node/bin'), { recursive: true });
  await symlink(
    process.execPath,
    join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  );
};

const launch = (args: readonly string[]) =>
  new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [join(root, 'build/launch.cjs'), ...args], { cwd: root }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err });
    });
  });

const tells =
  'process.stdout.write(JSON.stringify(process.argv.slice(2))); const code: number = 3; process.exitCode = code;';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cache-inspector-launch-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe.each([
  ['a Node that will do', false],
  ['a Node that is too old', true],
])('the launcher on %s', (_, tooOld) => {
  it('runs the script it is given, with its arguments and its exit code', async () => {
    await install(tooOld, true);
    await put('x/script.ts', tells);
    expect(await launch(['x/script.ts', 'a', '--b'])).toEqual({ code: 3, out: '["a","--b"]', err: '' });
  });

  it('runs the terminal door when no script is named', async () => {
    await install(tooOld, true);
    await put('electron/cli/main.ts', tells);
    expect(await launch(['list', 'x.ts'])).toMatchObject({ out: '["list","x.ts"]' });
  });

  it('takes the compiled door where the sources are not', async () => {
    await install(tooOld, true);
    await put('out/electron/cli/main.js', tells.replace(': number', ''));
    expect(await launch(['list'])).toMatchObject({ out: '["list"]' });
    expect(await launch(['electron/cli/main.ts', 'list'])).toMatchObject({ out: '["list"]' });
  });

  it('says so when there is no such script', async () => {
    await install(tooOld, true);
    expect(await launch(['x/none.ts'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no x/none.ts'),
    });
  });

  it('lets node:sqlite load without a word', async () => {
    await install(tooOld, true);
    await put('x.ts', "process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');");
    expect(await launch(['x.ts'])).toEqual({ code: 0, out: '', err: '' });
  });

  it.skipIf(process.platform === 'win32')('passes signals on, and ends as its script does', async () => {
    await install(tooOld, true);
    await put(
      'x.ts',
      "process.once('SIGINT', () => process.stdout.write('int')); setInterval(() => {}, 1000); process.stdout.write('up');",
    );
    const child = spawn(process.execPath, [join(root, 'build/launch.cjs'), 'x.ts'], { cwd: root });
    const seen: string[] = [];
    child.stdout.on('data', (data: Buffer) => {
      seen.push(String(data));
      child.kill(seen.length === 1 ? 'SIGINT' : 'SIGTERM');
    });
    const signal = await new Promise((resolve) => child.on('exit', (_code, by) => resolve(by)));
    expect(seen).toEqual(['up', 'int']);
    expect(signal).toBe('SIGTERM');
  });
});

describe('the launcher where no Node will do', () => {
  it('says which Node this is, which is needed, and what to do', async () => {
    await install(true, false);
    await put('x.ts', tells);
    const { code, out, err } = await launch(['x.ts']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`this is Node ${process.versions.node}`);
    expect(err).toContain('npm ci');
  });
});
