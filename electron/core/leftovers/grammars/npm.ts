import { createHash } from 'node:crypto';
import { npm as tool } from '../../catalog/tools/npm.ts';
import { type Raw, rawText } from '../../fs/raw.ts';
import {
  hours,
  inside,
  minutes,
  modules,
  nameOf,
  parentOf,
  type Seen,
  type ToolGrammar,
  type Workers,
} from './tool-grammar.ts';

const workers: Workers = { works: (argv) => (tool.works?.(argv) ?? false) !== false, reach: 'folder' };

/** npx installs into its own part of npm's cache. */
const npx = [/^_npx$/, /^[0-9a-f]{16}$/, /^node_modules$/];
const packages: ToolGrammar['spots'] = [
  ...modules,
  { from: 'cache', tools: ['npm'], steps: npx },
  { from: 'cache', tools: ['npm'], steps: [...npx, /^@/] },
];

/** @npmcli/arborist, lib/retire-path.js: the first eight letters and digits of the path's SHA-1 in base64. */
export const retiredHash = (path: string): string =>
  createHash('sha1')
    .update(path)
    .digest('base64')
    .replace(/[^a-zA-Z0-9]+/g, '')
    .slice(0, 8);

const base = ({ parts }: Seen): string => parts['base'] ?? '';

const parsed = (text: string | null): { readonly name?: unknown } | null => {
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};

/** npm made it for exactly this path: the hash says so. */
const isOfThisPath = (seen: Seen): boolean =>
  [seen.dir, seen.spelled].some((folder) => {
    const path = rawText(inside(folder, base(seen)));
    return path !== null && retiredHash(path) === seen.parts['hash'];
  });

/** A package whose package.json can be read: what npm had only begun to unpack has none, or half of one. */
const isWhole = (seen: Seen, folder: Raw): boolean =>
  parsed(seen.eye.text(inside(folder, 'package.json')))?.name !== undefined;

/** The last thing that an install does is to write down what it installed (arborist, the hidden lockfile). */
const hasFinishedSince = ({ dir, eye, facts }: Seen): boolean => {
  const folder = nameOf(dir).startsWith('@') ? parentOf(dir) : dir;
  const written = eye.facts(inside(folder, '.package-lock.json'));
  return written !== null && written.kind === 'file' && written.ctimeMs >= facts.ctimeMs;
};

const judgeRetired: ToolGrammar['judge'] = (seen) => {
  const own = parsed(seen.eye.text(inside(seen.dir, seen.name, 'package.json')));
  if (!isOfThisPath(seen)) {
    if (own?.name === undefined || !String(own.name).endsWith(base(seen))) return null;
    const why =
      'it is named as npm names what it moves aside, but not for this path: the project was moved since, or it is something else';
    return { cleaning: 'ask', why: [why] };
  }
  const exact = 'npm gave it this name for exactly this path, while it put another version in its place';
  const before = inside(seen.dir, base(seen));
  // That it is missing is said by whoever asks for the original.
  if (seen.eye.facts(before) === null) return { cleaning: 'safe', why: [exact] };
  if (!isWhole(seen, before)) {
    return { cleaning: 'ask', why: [exact, 'what stands in its place is not whole, so this may be the only copy'] };
  }
  return hasFinishedSince(seen)
    ? { cleaning: 'safe', why: [exact, 'an npm install has come to its end in this folder since'] }
    : { cleaning: 'ask', why: [exact, 'no npm install has come to its end in this folder since'] };
};

/**
 * npm 7 and later (arborist lib/arborist/reify.js, read in npm 11.19.1): what is replaced or removed is renamed first,
 * and removed at the end. A kill in between leaves it. Older npm then failed with ENOTEMPTY at the next install; newer
 * ones remove it themselves when the same package changes again.
 */
export const npmRetired: ToolGrammar = {
  id: 'npm-retired',
  tool: 'npm',
  what: 'A package that npm had moved aside to replace or remove it',
  pattern: /^\.(?<base>.+)-(?<hash>[A-Za-z0-9]{8})$/s,
  kinds: ['directory'],
  spots: packages,
  original: base,
  quietMs: minutes(10),
  workers,
  remedy: 'Run npm install in the project again; npm ci makes node_modules anew.',
  judge: judgeRetired,
};

/** npm 6 and before (lib/install/action/finalize.js, from its source). */
export const npmDelete: ToolGrammar = {
  id: 'npm-delete',
  tool: 'npm',
  what: 'A package that an old npm was removing',
  pattern: /^\.(?<base>.+)\.DELETE$/s,
  kinds: ['directory'],
  spots: packages,
  original: base,
  quietMs: minutes(10),
  workers,
  remedy: 'Run npm install in the project again.',
  judge: (seen) =>
    seen.eye.facts(inside(seen.dir, base(seen))) === null || isWhole(seen, inside(seen.dir, base(seen)))
      ? { cleaning: 'safe', why: ['npm had put another version in its place'] }
      : { cleaning: 'ask', why: ['what stands in its place is not whole, so this may be the only copy'] },
};

/** npm 6 unpacked there, as `name-` and eight hex digits (unique-filename), and removed it at the end. */
export const npmStaging: ToolGrammar = {
  id: 'npm-staging',
  tool: 'npm',
  what: 'The folder in which an old npm unpacked packages',
  pattern: /^\.staging$/,
  kinds: ['directory'],
  spots: packages.filter(({ steps }) => steps.at(-1)?.source !== '^@'),
  quietMs: hours(1),
  workers,
  remedy: 'Run npm install in the project again.',
  judge: ({ eye, dir, name }) =>
    eye.names(inside(dir, name)).every((child) => /^@|-[0-9a-f]{8}$/.test(child))
      ? { cleaning: 'safe', why: ['all in it is named as npm names what it unpacks'] }
      : { cleaning: 'ask', why: ['it holds something that npm did not put there'] },
};

/** What cacache calls a file or folder it is writing (lib/util/tmp.js, and mkdtemp there), and what older ones did. */
const temporary = /^(?:[\w.-]+-)?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8})$|^(?:git-clone)?\w{6}$/;

export const cacacheTmp: ToolGrammar = {
  id: 'npm-cacache-tmp',
  tool: 'npm',
  what: 'A download that npm had not finished',
  pattern: /^.+$/s,
  kinds: ['file', 'directory'],
  spots: [{ from: 'cache', tools: ['npm'], steps: [/^_cacache$/, /^tmp$/] }],
  quietMs: hours(1),
  remedy: 'npm cache verify removes everything in that folder.',
  judge: ({ name }) =>
    temporary.test(name)
      ? { cleaning: 'safe', why: ['npm moves it to its content when it is whole, and never looks for it again'] }
      : null,
};
