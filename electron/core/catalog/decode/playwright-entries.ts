import { isAbsolute, join } from 'node:path';
import type { Reader } from '../../fs/reader.ts';
import type { RawEntry } from '../tool.ts';
import { asTable, asText, entry, jsonObject, timestamp } from './entry.ts';
import { childrenOf, sizeOf } from './walk.ts';

/** More installations of Playwright than a machine has. */
const mostLinks = 200;
const longestPath = 4096;
const largestList = 256 * 1024;

/** An installed Playwright that wants browsers of this cache: where it is, and what it wants. */
export interface PlaywrightUser {
  /** The folder of the project for an npm package; the package's own for other languages. */
  readonly project: string;
  /** Folder name to the version that the browser has for people; null where the list has none. */
  readonly wants: ReadonlyMap<string, string | null>;
}

/** `chromium-headless-shell` of revision 1255 is in `chromium_headless_shell-1255` (registry/index.ts, readDescriptors). */
const folderOf = (name: string, revision: string): string => `${name.replaceAll('-', '_')}-${revision}`;

const wantedBy = (text: string): ReadonlyMap<string, string | null> => {
  const wants = new Map<string, string | null>();
  const browsers = jsonObject(text)?.['browsers'];
  for (const browser of Array.isArray(browsers) ? browsers : []) {
    const table = asTable(browser);
    const name = asText(table?.['name']);
    const revision = asText(table?.['revision']);
    if (name === null || revision === null) continue;
    wants.set(folderOf(name, revision), asText(table?.['browserVersion']));
    for (const [platform, special] of Object.entries(asTable(table?.['revisionOverrides']) ?? {}))
      if (typeof special === 'string') wants.set(folderOf(`${name}_${platform}_special`, special), null);
  }
  return wants;
};

/** `/home/ada/shop` for `/home/ada/shop/node_modules/playwright-core`. */
const projectOf = (folder: string): string => {
  const at = folder.search(/[/\\]node_modules[/\\]/);
  return at > 0 ? folder.slice(0, at) : folder;
};

/**
 * Who wants which browsers, by `.links`: a file for each installed Playwright, which holds the folder of its package, and
 * in that package `browsers.json`. An installation that is gone wants nothing. Null when there is no `.links`. Never throws.
 */
export const playwrightUsers = (root: string, read: Reader): readonly PlaywrightUser[] | null => {
  const links = join(root, '.links');
  if (read.facts(links)?.kind !== 'directory') return null;
  const users: PlaywrightUser[] = [];
  for (const link of childrenOf(read, links).slice(0, mostLinks)) {
    const folder = read.text(link.path, longestPath);
    if (folder === null || folder.includes('\0') || !isAbsolute(folder)) continue;
    const list = read.text(join(folder, 'browsers.json'), largestList);
    if (list !== null) users.push({ project: projectOf(folder), wants: wantedBy(list) });
  }
  return users;
};

/** The marks are from 2020: browsers of before are whole without (registry/index.ts, _deleteStaleBrowsers). */
const needsMark = (name: string, revision: number): boolean => {
  if (name === 'chromium') return revision >= 786_218 || revision < 300_000;
  if (name === 'firefox') return revision >= 1128;
  return name !== 'webkit' || revision >= 1307;
};

const latest = (...times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>((last, time) => (time !== null && (last === null || time > last) ? time : last), null);

/** A folder of a browser, one entry, with the projects whose Playwright wants it. Never throws. */
export function* playwrightEntries(root: string, folder: string, read: Reader): Generator<RawEntry> {
  const path = join(root, folder);
  if (read.facts(path)?.kind !== 'directory') return;
  const [, name = folder, revision = ''] = /^(.+)-(\d+)$/.exec(folder) ?? [];
  const users = playwrightUsers(root, read)?.filter(({ wants }) => wants.has(folder)) ?? null;
  const version = users?.map(({ wants }) => wants.get(folder)).find((it) => it != null) ?? null;
  const isWhole =
    !needsMark(name, Number(revision)) || read.facts(join(path, 'INSTALLATION_COMPLETE'))?.kind === 'file';
  yield entry('.', 'browser', {
    name: name.replaceAll('_', '-'),
    version: version === null ? revision : `${version} (${revision})`,
    bytes: sizeOf(read, path),
    created: timestamp(read.facts(path)?.mtimeMs),
    // Playwright writes the second of them when it has looked whether the browser can run here, each month.
    lastUsed: timestamp(latest(read.lastUse(path), read.lastUse(join(path, 'DEPENDENCIES_VALIDATED')))),
    usedBy: users === null ? null : [...new Set(users.map(({ project }) => project))].sort(),
    damaged: isWhole
      ? null
      : 'INSTALLATION_COMPLETE is missing: the installation was cut off, and Playwright does not use this browser.',
  });
}
