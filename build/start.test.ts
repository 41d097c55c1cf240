import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sandbox, write } from '../e2e/support/sandbox.ts';
import { electronProgram, isStale } from './start-parts.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const copied = ['build/launch.cjs', 'build/start.ts', 'build/start-parts.ts', 'electron/serve/open-browser.ts'];

/** Says which script was asked for, and does what a build does. `slow` goes on until it is ended. */
const npm = `
  const fs = require('node:fs'); const script = process.argv[3];
  fs.appendFileSync('built', script + '\\n');
  if (fs.existsSync('broken')) { console.error('no such module'); process.exit(1); }
  if (fs.existsSync('slow')) { fs.writeFileSync('slow', String(process.pid)); setInterval(() => {}, 1000); return; }
  fs.mkdirSync('out/page', { recursive: true }); fs.writeFileSync('out/page/index.html', '');
  if (script === 'build') { fs.mkdirSync('out/electron/desktop', { recursive: true });
    fs.writeFileSync('out/electron/desktop/main.js', ''); }`;

/** The house of the program with nothing in it but what `npm start` looks at. */
const house = (): string => {
  const root = sandbox();
  write(root, {
    'package.json': '{ "type": "module" }',
    'npm.cjs': npm,
    'renderer/main.tsx': '',
    'shared/api.ts': '',
    'electron/cli/main.ts': 'process.stdout.write(JSON.stringify(process.argv.slice(2)));',
    'node_modules/electron/install.js': 'process.exit(1);',
  });
  for (const path of copied) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(project, path), join(root, path));
  }
  return root;
};

/** Electron's program, as a script that tells how it was started. */
const withElectron = (root: string, script: string): void => {
  const path = 'node_modules/electron/dist/electron';
  write(root, { 'node_modules/electron/path.txt': 'electron', [path]: `#!/bin/sh\n${script}\n` });
  chmodSync(join(root, path), 0o755);
};

const notRoot = `--import=data:text/javascript,process.geteuid=()=>1000`;

const begin = (root: string, words: readonly string[], display: string): ChildProcess => {
  const { WAYLAND_DISPLAY: _, ELECTRON_OVERRIDE_DIST_PATH: __, ...env } = process.env;
  return spawn(process.execPath, [join(root, 'build/launch.cjs'), 'build/start.ts', ...words], {
    cwd: root,
    env: { ...env, npm_execpath: join(root, 'npm.cjs'), DISPLAY: display, NODE_OPTIONS: notRoot },
  });
};

const start = (root: string, words: readonly string[] = [], display = '') =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = begin(root, words, display);
    let [out, err] = ['', ''];
    child.stdout?.on('data', (text) => {
      out += text;
    });
    child.stderr?.on('data', (text) => {
      err += text;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });

const built = (root: string): string => {
  const log = join(root, 'built');
  const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
  rmSync(log, { force: true });
  return text;
};

const onPosix = process.platform !== 'win32';
const onLinux = process.platform === 'linux';

describe.runIf(onLinux)('npm start without a display', () => {
  it('builds the page once, says in one line why, and serves with the words it was given', async () => {
    const root = house();
    const line = 'There is no display here, so Cache Inspector opens in a browser.\n';
    expect(await start(root)).toEqual({ code: 0, out: `${line}["serve"]`, err: '' });
    expect(built(root)).toBe('build:page\n');
    expect(await start(root, ['--port', '4873'])).toMatchObject({ out: `${line}["serve","--port","4873"]` });
    expect(built(root)).toBe('');
    expect(await start(root, ['--json'])).toEqual({ code: 0, out: '["serve","--json"]', err: line });
  });

  it('builds again what is older than its sources', async () => {
    const root = house();
    await start(root);
    built(root);
    const soon = new Date(Date.now() + 5000);
    utimesSync(join(root, 'renderer/main.tsx'), soon, soon);
    await start(root);
    expect(built(root)).toBe('build:page\n');
  });

  it('tells what the build said when it failed, and serves nothing', async () => {
    const root = house();
    write(root, { broken: '' });
    const { code, out, err } = await start(root, ['serve']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('no such module\nCache Inspector could not be built (npm run build:page).\n');
  });
});

describe.runIf(onPosix)('npm run serve', () => {
  it('serves, display or not, and says no more than the door does', async () => {
    const root = house();
    withElectron(root, 'exit 1');
    expect(await start(root, ['serve', '--no-open'], ':1')).toEqual({ code: 0, out: '["serve","--no-open"]', err: '' });
  });

  it('leaves no build behind when it is stopped', async () => {
    const root = house();
    write(root, { slow: '' });
    const child = begin(root, ['serve'], '');
    const pid = () => Number(readFileSync(join(root, 'slow'), 'utf8'));
    await expect.poll(pid, { timeout: 10_000 }).toBeGreaterThan(0);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await expect.poll(() => existsSync(`/proc/${pid()}/exe`)).toBe(false);
  });
});

describe.runIf(onLinux)('npm start whose npm was ended', () => {
  it('ends too: nobody else would tell it', async () => {
    const root = house();
    write(root, {
      'electron/cli/main.ts': 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000);',
    });
    const shell = spawn('sh', ['-c', `"${process.execPath}" build/launch.cjs build/start.ts serve; true`], {
      cwd: root,
      env: { ...process.env, npm_execpath: join(root, 'npm.cjs') },
    });
    const pid = await new Promise((resolve) => shell.stdout.once('data', resolve));
    shell.kill('SIGTERM');
    await expect.poll(() => existsSync(`/proc/${pid}/exe`), { timeout: 5000 }).toBe(false);
  });
});

describe.runIf(onLinux)('npm start with a display', () => {
  it('opens the desktop, builds what that needs, and ends as it does', async () => {
    const root = house();
    withElectron(root, 'echo "$@" "$ELECTRON_RUN_AS_NODE"; exit 0');
    expect(await start(root, [], ':1')).toEqual({ code: 0, out: '. \n', err: '' });
    expect(built(root)).toBe('build\n');
    await start(root, [], ':1');
    expect(built(root)).toBe('');
  });

  it('opens a browser where the desktop could not start', async () => {
    const root = house();
    withElectron(root, 'exit 127');
    const { out } = await start(root, [], ':1');
    expect(out).toBe(
      'Electron could not start here (exit code 127), so Cache Inspector opens in a browser.\n["serve"]',
    );
  });

  it("tries Electron's own download once, and opens a browser when it fails", async () => {
    const root = house();
    const { out, err } = await start(root, [], ':1');
    expect(err).toContain('downloading it once');
    expect(out).toBe('Electron\'s program could not be downloaded, so Cache Inspector opens in a browser.\n["serve"]');
  });

  it('uses what was downloaded', async () => {
    const root = house();
    write(root, {
      'node_modules/electron/install.js': `const fs = require('node:fs'); process.chdir(__dirname); fs.mkdirSync('dist');
        fs.writeFileSync('dist/electron', '#!/bin/sh\\necho desktop', { mode: 0o755 });
        fs.writeFileSync('path.txt', 'electron');`,
      'node_modules/electron/package.json': '{}',
    });
    expect(await start(root, [], ':1')).toMatchObject({ code: 0, out: 'desktop\n' });
  });

  it('ends the desktop when it is stopped itself', async () => {
    const root = house();
    withElectron(root, 'echo up; exec sleep 60');
    const child = begin(root, [], ':1');
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(130);
  });
});

describe('the parts', () => {
  it('takes what is absent, or older than any file below its sources, for stale', () => {
    const root = sandbox();
    write(root, { 'a/b/c': '', out: '' });
    const sources = [join(root, 'a'), join(root, 'none')];
    const old = new Date(1000);
    expect(isStale(join(root, 'gone'), sources)).toBe(true);
    expect(isStale(join(root, 'out'), sources)).toBe(false);
    utimesSync(join(root, 'out'), old, old);
    expect(isStale(join(root, 'out'), sources)).toBe(true);
  });

  it("finds Electron's program by its own record, or where the environment says", () => {
    const root = sandbox();
    expect(electronProgram(root, {})).toBe(null);
    write(root, { 'node_modules/electron/path.txt': 'electron', 'mine/electron': '' });
    expect(electronProgram(root, {})).toBe(null);
    const mine = join(root, 'mine');
    expect(electronProgram(root, { ELECTRON_OVERRIDE_DIST_PATH: mine })).toBe(join(mine, 'electron'));
    write(root, { 'node_modules/electron/dist/electron': '' });
    expect(electronProgram(root, {})).toBe(join(root, 'node_modules/electron/dist/electron'));
  });
});
