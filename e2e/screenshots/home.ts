import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import { npmHeavy, npmNames, pythonPackages } from './packages.ts';

const dayMs = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * dayMs);

/** The same numbers every time: the pictures change only when the page does. */
const chance = (seed: number): (() => number) => {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha1').update(`${seed} ${count}`).digest().readUInt32BE() / 0xffffffff;
  };
};

const put = (file: string, data: string | Uint8Array, used: Date): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
  utimesSync(file, used, used);
};

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

interface NpmEntry {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly used: Date;
  /** Entries of the same number share their content. */
  readonly content?: string;
}

/** A tarball as npm stores it: a record in the index and its content. */
const putNpm = (cacache: string, { name, version, bytes, used, content }: NpmEntry): void => {
  const url = `https://registry.example/${name}/-/${name.replace(/^.*\//, '')}-${version}.tgz`;
  const key = `make-fetch-happen:request-cache:${url}`;
  const digest = hash('sha512', content ?? url);
  const integrity = `sha512-${Buffer.from(digest, 'hex').toString('base64')}`;
  const json = JSON.stringify({ key, integrity, time: used.getTime(), size: bytes, metadata: { url } });
  const bucket = hash('sha256', key);
  const at = join(cacache, 'index-v5', bucket.slice(0, 2), bucket.slice(2, 4), bucket.slice(4));
  put(at, `\n${hash('sha1', json)}\t${json}`, used);
  const place = join(cacache, 'content-v2', 'sha512', digest.slice(0, 2), digest.slice(2, 4), digest.slice(4));
  put(place, new Uint8Array(bytes), used);
};

const npmCache = (home: string): void => {
  const cacache = join(home, '.npm', '_cacache');
  const random = chance(1);
  for (const name of new Set(npmNames)) {
    const versions = 1 + Math.floor(random() * 7);
    const major = Math.floor(random() * 8);
    for (let at = 0; at < versions; at += 1) {
      const kB = npmHeavy[name] ?? 4 * 10 ** (random() * 2.3);
      putNpm(cacache, {
        name,
        version: `${major + Math.floor(at / 3)}.${Math.floor(random() * 20)}.${at}`,
        bytes: Math.round(kB * (900 + 200 * random())),
        used: ago(0.1 + random() ** 2 * 300),
      });
    }
  }
  put(join(home, '.npm/_logs/2026-11-20T09_12_44_101Z-debug-0.log'), 'verbose cli\n'.repeat(400), ago(2));
  put(join(home, '.npm/_npx/1d2c7e8b9f0a4c55/package.json'), '{"dependencies":{"create-vite":"^8.0.0"}}', ago(31));
  put(join(home, '.npm/_npx/1d2c7e8b9f0a4c55/node_modules/create-vite/index.js'), 'x'.repeat(400_000), ago(31));
};

const fileOf = (name: string, version: string): string => `${name}-${version}-cp312-cp312-manylinux_2_28_x86_64.whl`;

/** Responses as pip 23.3 and later store them: the head, and the body beside it. */
const pipCache = (home: string): void => {
  const random = chance(2);
  for (const [name, version, kB] of pythonPackages) {
    const key = hash('sha224', `${name} ${version}`);
    const at = join(home, '.cache/pip/http-v2', ...key.slice(0, 5), key);
    const body = new Uint8Array(kB * 1000);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(body.length),
      'x-pypi-file-project': name.replaceAll('_', '-'),
      'x-pypi-file-version': version,
      'x-pypi-file-package-type': 'bdist_wheel',
    };
    const head = encode({ response: { body: new Uint8Array(), headers, status: 200 }, vary: {} });
    const used = ago(1 + random() ** 2 * 120);
    put(at, Buffer.concat([Buffer.from('cc=4,'), head]), used);
    put(`${at}.body`, body, used);
  }
};

const pipToolsCache = (home: string): void => {
  const root = join(home, '.cache/pip-tools');
  const random = chance(3);
  for (const [name, version, kB] of pythonPackages.slice(1, 14)) {
    const key = hash('sha224', `${name} link`);
    const at = join(root, 'pkgs', key.slice(0, 2), key.slice(2, 4), key.slice(4, 6), key.slice(6));
    put(join(at, fileOf(name, version)), new Uint8Array(kB * 1000), ago(40 + random() * 60));
  }
  const dependencies = Object.fromEntries(pythonPackages.map(([name, version]) => [name, { [version]: ['idna>=3'] }]));
  put(join(root, 'depcache-cp3.12.json'), JSON.stringify({ __format__: 1, dependencies }), ago(40));
};

/** Browsers as Playwright keeps them, with the projects that want them: one is wanted by nobody any more. */
const playwrightCache = (home: string): void => {
  const root = join(home, '.cache/ms-playwright');
  const browsers = [
    ['chromium-1208', 62_000, 2],
    ['chromium_headless_shell-1208', 31_000, 2],
    ['firefox-1497', 28_000, 20],
    ['chromium-1181', 58_000, 210],
  ] as const;
  for (const [name, kB, days] of browsers) {
    put(join(root, name, 'INSTALLATION_COMPLETE'), '', ago(days));
    put(join(root, name, 'files.bin'), new Uint8Array(kB * 1000), ago(days));
    utimesSync(join(root, name), ago(days), ago(days));
  }
  const wanted = {
    shop: { chromium: '1208', 'chromium-headless-shell': '1208' },
    site: { chromium: '1208', firefox: '1497' },
  };
  for (const [project, wants] of Object.entries(wanted)) {
    const folder = join(home, project, 'node_modules/playwright-core');
    const list = Object.entries(wants).map(([name, revision]) => ({ name, revision }));
    put(join(folder, 'browsers.json'), JSON.stringify({ browsers: list }), ago(2));
    put(join(root, '.links', hash('sha1', folder)), folder, ago(2));
  }
};

/** A store as pnpm 10 keeps it: lists of each package's files, and the files. */
const pnpmStore = (home: string): void => {
  const root = join(home, '.local/share/pnpm/store/v10');
  const random = chance(5);
  for (const name of [...new Set(npmNames)].slice(0, 40)) {
    const version = `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`;
    const digest = hash('sha512', name);
    const list = `${digest.slice(2, 64)}-${name.replaceAll('/', '+')}@${version}.json`;
    const files = { 'index.js': { integrity: digest, mode: 420, size: 9000, checkedAt: 0 } };
    put(join(root, 'index', digest.slice(0, 2), list), JSON.stringify({ name, version, files }), ago(random() * 90));
    put(join(root, 'files', digest.slice(0, 2), digest.slice(2)), new Uint8Array(300_000 * random()), ago(30));
  }
};

/** A tool at work: a script that is called so and does nothing. */
const busy = (home: string, name: string, words: readonly string[], cwd: string): ChildProcess => {
  const script = join(home, '.venv/bin', name);
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout.toString().trim();
  put(script, `#!${python}\nimport time\ntime.sleep(100000)\n`, ago(90));
  chmodSync(script, 0o755);
  return spawn(script, words, { cwd, stdio: 'ignore' });
};

/** What crashed clears left: two of nobody, one that somebody works on, one of which nobody can tell, one odd. */
const leftovers = (home: string, pid: number): void => {
  const root = join(home, '.cache/pip-tools');
  const ended = (): number => spawnSync('true').pid;
  const file = (folder: string, kB: number, days: number): void => {
    put(join(root, folder, fileOf('scipy', '1.16.3')), new Uint8Array(kB * 1000), ago(days));
    utimesSync(join(root, folder), ago(days), ago(days));
  };
  file(`pkgs.stale-${ended()}`, 35_600, 3);
  file(`pkgs.stale-${ended()}`, 148_000, 26);
  file(`pkgs.stale-${pid}`, 8700, 0);
  file(`pkgs.stale-${ended()}-5f0c3a9d71be2246`, 61_200, 12);
  file('pkgs.stale-old', 900, 70);
};

export interface Demo {
  /** Processes that use things in it. Ended by whoever made the home. */
  readonly users: readonly ChildProcess[];
}

/** The home of a developer: caches of every kind, an added folder, leftovers, a tool at work. */
export const richHome = (home: string): Demo => {
  npmCache(home);
  pipCache(home);
  pipToolsCache(home);
  playwrightCache(home);
  pnpmStore(home);
  put(join(home, 'game/build/objects/CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n', ago(9));
  for (let at = 0; at < 60; at += 1) {
    put(join(home, `game/build/objects/${at % 6}/unit-${at}.o`), new Uint8Array(90_000 + at * 3000), ago(9));
  }
  const pip = busy(home, 'pip', ['install', 'torch'], join(home, '.cache/pip/http-v2'));
  const compile = busy(home, 'pip-compile', ['--rebuild'], home);
  leftovers(home, compile.pid ?? 0);
  return { users: [pip, compile] };
};

/** An npm cache of so many entries, with the content of a few. */
export const hugeHome = (home: string, entries: number): void => {
  const random = chance(4);
  const cacache = join(home, '.npm', '_cacache');
  const contents = Array.from({ length: 1500 }, (_, at) => ({
    content: `shared ${at}`,
    bytes: Math.round(900 * 10 ** (random() * 1.6)),
  }));
  const packages = Math.ceil(entries / 40);
  for (let at = 0; at < entries; at += 1) {
    const own = at % packages;
    const base = npmNames[own % npmNames.length] ?? 'x';
    const part = Math.floor(own / npmNames.length);
    const { content, bytes } = contents[Math.floor(random() * contents.length)] ?? { content: 'x', bytes: 1 };
    putNpm(cacache, {
      name: part === 0 ? base : `${base}-plugin-${part}`,
      version: `${Math.floor(at / packages / 10)}.${Math.floor(at / packages) % 10}.0`,
      used: ago(random() * 400),
      content,
      bytes,
    });
  }
};
