import { dirname, join } from 'node:path';
import type { Kept } from '../../../../shared/model.ts';
import type { Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { npmLogs } from '../decode/npm-logs.ts';
import { npxFolder } from '../decode/npm-npx.ts';
import { npmShared } from '../decode/npm-shared.ts';
import { childrenOf } from '../decode/walk.ts';
import { npmParts } from '../parts/npm.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { npmRoot } from './npm-root.ts';

/**
 * Records are appended to index files in place, `_lastverified` is written again, downloads grow in tmp; content is
 * renamed into place and never changed (cacache lib/entry-index.js, verify.js, content/write.js).
 */
const cacache: UnitDefinition = { name: '_cacache', kind: 'directory', rewritten: ['', 'index-v5', 'tmp'] };
const logs: UnitDefinition = { name: '_logs', kind: 'directory', rewritten: 'anything' };

/** 16 hex digits of the sha512 of what was asked for (libnpmexec lib/index.js). */
const isNpxHash = (name: string): boolean => /^[0-9a-f]{16}$/.test(name);

const npxUnits = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, join(root, '_npx'))
    .filter((child) => child.kind === 'directory' && isNpxHash(child.name))
    .map((child) => ({ name: `_npx/${child.name}`, kind: 'directory', rewritten: 'anything' }));

const whyKept = (name: string): string => {
  if (name === '_update-notifier-last-checked')
    return 'npm’s note of when it last looked for a newer npm. It is empty.';
  if (name === '.npmrc') return 'npm’s settings, with the tokens you publish with.';
  return 'Not one of the folders that npm caches in.';
};

/** With the default place, the settings file with a person's tokens stands right beside the cache. */
const settingsBeside = (root: string, read: Reader): readonly Kept[] => {
  const path = join(dirname(root), '.npmrc');
  return read.facts(path) === null ? [] : [{ path, why: whyKept('.npmrc') }];
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  const names = children.filter((child) => !litter(child)).map((child) => child.name);
  if (found !== null || names.length === 0) return found;
  if (unit.name === '_cacache')
    return names.some((name) => ['index-v5', 'content-v2', 'tmp'].includes(name))
      ? null
      : 'It holds none of index-v5, content-v2 and tmp, which npm makes there.';
  if (unit.name === '_logs')
    return stranger(
      children,
      (child) => (child.kind === 'file' && child.name.endsWith('.log')) || litter(child),
      'a log of npm’s',
    );
  return names.includes('package.json') || names.includes('node_modules')
    ? null
    : 'It holds neither package.json nor node_modules, which npx makes there.';
};

const recognise: Tool['recognise'] = (root, read) => {
  const inside = childrenOf(read, join(root, '_cacache')).filter((child) => child.kind === 'directory');
  const found = inside.find((child) => child.name === 'index-v5' || child.name === 'content-v2');
  return found === undefined ? null : `Its folder _cacache holds ${found.name}, which npm makes there.`;
};

/** Commands that leave the cache alone, or run something of the person's for hours (npm lib/utils/cmd-list.js). */
const quiet =
  /^(?:run(?:-script)?|rum|urn|start|stop|restart|test|tst|t|config|c|[gs]et|help(?:-search)?|prefix|root|ls|list|ll|la|explain|why|pkg|query|completion|edit|explore|version|fund|login|add-?user)$/;
/** Commands that install, and then run what they have installed. */
const runners = /^(?:exec|x|init|innit|create)$/;

/** npm says in its title which command it runs (`npm install react`), and is just `npm` until it has read its settings. */
const works: Tool['works'] = (argv) => {
  const [program, ...words] = programWords(argv);
  if (program === 'npx') return 'while-alone';
  if (program !== 'npm') return false;
  const command = words.find((word) => !word.startsWith('-')) ?? '';
  return runners.test(command) ? 'while-alone' : !quiet.test(command);
};

/** What cacache calls a file that it is writing (lib/util/tmp.js), and what older ones did (unique-slug). */
const temporary =
  /^(?:[\w.-]+-)?(?:[0-9a-f]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$|^git-clone\w{6}$/;

/** npm. Layout: cacache, libnpmexec and npm's lib/utils/log-file.js. */
export const npm: Tool = {
  id: 'npm',
  name: 'npm',
  sources: [
    'cacache, lib/entry-index.js, content/write.js and util/tmp.js',
    'libnpmexec, lib/index.js',
    'npm, lib/utils/log-file.js',
  ],
  what: 'Packages and registry answers that npm has downloaded, programs that npx has installed for itself, and npm’s logs.',
  cost: 'npm and npx download again what they need next. A program that npx is running now can lose its files. Nothing in your projects changes.',
  command: 'npm cache clean --force (it leaves _npx and _logs)',
  own: {
    argv: ['npm', 'cache', 'clean', '--force'],
    does: 'It deletes _cacache, all of it, and leaves _npx and _logs.',
    better: null,
  },
  root: npmRoot,
  units: (root, read) => [cacache, ...npxUnits(root, read), logs],
  keeps: (root, read) => [
    ...settingsBeside(root, read),
    ...unknownNames(root, read, ['_cacache', '_logs', '_npx'], whyKept),
    ...childrenOf(read, join(root, '_npx'))
      .filter((child) => child.kind !== 'directory' || !isNpxHash(child.name))
      .filter((child) => !/\.(?:stale|deleting)-\d/.test(child.name))
      .map((child) => ({ path: child.path, why: 'Not one of the folders that npx makes.' })),
  ],
  recognise,
  contradiction,
  works,
  temporaries: (root, read) =>
    childrenOf(read, join(root, '_cacache', 'tmp'))
      .filter(({ name }) => temporary.test(name))
      .map(({ path }) => path),
  parts: npmParts,
  entries: (root, unit, read) => {
    const path = unitPath(root, unit);
    if (unit.name === '_cacache') return npmShared(path, read);
    return unit.name === '_logs' ? npmLogs(path, read) : npxFolder(path, read);
  },
};
