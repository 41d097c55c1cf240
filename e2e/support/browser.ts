import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BrowserType, chromium } from '@playwright/test';
import { run } from './run.ts';

/** The browser that the tests use, and whose it is. */
export interface Found {
  /** For people: `Chromium 153.0.8010.0, delivered by npm`. */
  readonly name: string;
  readonly executablePath: string;
  /** What it needs to find its libraries and fonts on a bare machine. */
  readonly env: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the package unpacks goes to the temporary folder of whoever asks: one of its own is moved into place whole. */
const unpack = (entry: string, bin: string): string => `
  const { default: chromium, inflate } = await import(${JSON.stringify(pathToFileURL(entry).href)});
  await chromium.executablePath();
  await inflate(${JSON.stringify(join(bin, 'al2023.tar.br'))});
`;

/** Where the browser of @sparticuz/chromium stands, unpacked at most once; null when it cannot be. */
const unpacked = async (): Promise<string | null> => {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const top = dirname(dirname(entry));
  const { version } = createRequire(import.meta.url)(join(top, 'package.json')) as { readonly version: string };
  const cache = join(root, 'node_modules', '.cache', 'cache-inspector');
  const target = join(cache, `chromium-${version}`);
  if (existsSync(target)) return target;
  // Of two at once each unpacks for itself, and one is first.
  const mine = `${target}.${process.pid}`;
  mkdirSync(mine, { recursive: true });
  const ran = await run(process.execPath, ['--input-type=module', '-e', unpack(entry, join(top, 'bin'))], {
    env: { ...process.env, TMPDIR: mine },
  });
  try {
    if (ran.code === 0) renameSync(mine, target);
  } catch {
    // The other was first.
  }
  rmSync(mine, { recursive: true, force: true });
  return existsSync(target) ? target : null;
};

const fontFolder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));

/**
 * The same letters on every machine, and any at all on one without fonts, where this browser ends with the first text.
 * The package's own configuration looks for its fonts in other places than ours.
 */
const withFonts = (folder: string): Found['env'] => {
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fontFolder}</dir>` +
      `<cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>`,
  );
  return { FONTCONFIG_FILE: file };
};

const versionOf = async (executablePath: string, env: Found['env']): Promise<string | null> => {
  const ran = await run(executablePath, ['--version'], { env: { ...(process.env as Found['env']), ...env } });
  return ran.code === 0 ? (/[\d.]{5,}/.exec(ran.stdout)?.[0] ?? null) : null;
};

const fromNpm = async (): Promise<Found | null> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await unpacked();
  if (folder === null) return null;
  const executablePath = join(folder, 'chromium');
  const fonts = withFonts(folder);
  // A machine that lacks its libraries is given those that the package brings.
  for (const env of [fonts, { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }]) {
    const version = await versionOf(executablePath, env);
    if (version !== null) return { name: `Chromium ${version}, delivered by npm`, executablePath, env };
  }
  return null;
};

const fromPlaywright = async (): Promise<Found | null> => {
  const executablePath = chromium.executablePath();
  if (!existsSync(executablePath)) return null;
  const version = await versionOf(executablePath, {});
  return version === null ? null : { name: `Chromium ${version}, Playwright's own`, executablePath, env: {} };
};

const systems: readonly string[] = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** Chrome and Edge on Windows answer no `--version`: being there is enough. */
const onWindows = (): Found | null => {
  const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name] ?? '');
  const places = folders.flatMap((folder) => [
    join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
  ]);
  const executablePath = places.find((place) => existsSync(place));
  return executablePath ? { name: "the system's browser", executablePath, env: {} } : null;
};

const fromSystem = async (): Promise<Found | null> => {
  if (process.platform === 'win32') return onWindows();
  for (const command of systems) {
    const which = command.startsWith('/')
      ? { code: 0, stdout: command }
      : await run('sh', ['-c', `command -v ${command}`]);
    const executablePath = which.stdout.trim();
    if (which.code !== 0 || !existsSync(executablePath)) continue;
    const version = await versionOf(executablePath, {});
    if (version !== null) return { name: `${command} ${version}, the system's`, executablePath, env: {} };
  }
  return null;
};

/** The browser that npm delivered, else Playwright's own, else the system's. */
export const findBrowser = async (): Promise<Found | null> =>
  (await fromNpm()) ?? (await fromPlaywright()) ?? (await fromSystem());

export const launch = ({ executablePath, env }: Found): ReturnType<BrowserType['launch']> =>
  chromium.launch({
    executablePath,
    env: { ...(process.env as Found['env']), ...env },
    // The same letters whatever the machine's settings.
    args: ['--font-render-hinting=none'],
  });
