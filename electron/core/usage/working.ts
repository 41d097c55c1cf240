import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Surroundings, Tool } from '../catalog/tool.ts';
import { configurationText } from '../fs/reader.ts';
import { fs } from '../fs/seam.ts';
import { argvOf } from './command.ts';
import { startOf } from './found.ts';
import type { Target } from './look.ts';
import { canonical, type Question, rootKey } from './question.ts';

/** One process, and the names that the caches have for it. */
export interface Suspect {
  readonly pid: number;
  /** Acts with the rights of this process's user. */
  readonly isOwn: boolean;
  readonly hasChild: () => boolean;
  readonly targets: readonly Target[];
  /** It sees other mounts than this process: paths mean something else to it. */
  readonly isElsewhere: boolean;
  /** Has it something open in this cache? */
  readonly hasOpen: (root: string) => boolean;
}

const largestConfiguration = 1024 * 1024;

const read = (path: string): Buffer | null => {
  try {
    return fs.readFileSync(path);
  } catch {
    return null;
  }
};

const environmentOf = (pid: number): Surroundings['env'] | null => {
  const text = read(`/proc/${pid}/environ`)?.toString('utf8');
  if (text === undefined) return null;
  const pairs = text.split('\0').filter((pair) => pair.includes('=', 1));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=', 1)), pair.slice(pair.indexOf('=', 1) + 1)]),
  );
};

/** What stands behind `--cache`, `--cache-dir`, `--cache-folder`; null when none of them does. */
const cacheOption = (argv: readonly string[]): string | null => {
  for (const [at, word] of argv.entries()) {
    const [, value] = /^--cache(?:-dir|-folder)?(?:=(.*))?$/s.exec(word) ?? [null];
    if (value !== undefined && value !== null) return value;
    if (/^--cache(?:-dir|-folder)?$/.test(word)) return argv[at + 1] ?? null;
  }
  return null;
};

/** Where the tool keeps its cache for that very process; null when its settings cannot be read. */
const rootFor = (tool: Tool, argv: readonly string[], { pid, isOwn, isElsewhere }: Suspect): string | null => {
  const env = environmentOf(pid);
  if (env === null) return null;
  let cwd = '/';
  try {
    cwd = fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Relative settings mean nothing then.
  }
  const option = cacheOption(argv);
  if (option !== null) return resolve(cwd, option);
  const top = isElsewhere ? `/proc/${pid}/root` : '';
  const root = tool.root({
    platform: 'linux',
    env,
    home: env['HOME'] || (isOwn ? homedir() : '/'),
    cwd,
    ...(isOwn && process.getuid && { uid: process.getuid() }),
    readText: (path) => configurationText(top + path, largestConfiguration),
  });
  return resolve(cwd, root.path);
};

const two = (number: number): string => String(number).padStart(2, '0');

/** `12:03` today, `2026-11-22 12:03` before, in this machine's own time. */
export const clock = (ms: number, now = Date.now()): string => {
  const at = new Date(ms);
  const day = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return day(at) === day(new Date(now)) ? time : `${day(at)} ${time}`;
};

/** `running since 12:03, works with this cache`. `start`: when it began, in ms. */
export const sentence = (start: number | null, rest: string): string =>
  `${start === null ? 'running' : `running since ${clock(start)}`}, ${rest}`;

/**
 * Which places this process works with though it may hold nothing open: its command line is one of the tool, and the
 * tool's own rules lead it to that cache, by its own environment, arguments and working directory; or it has something
 * else of the cache open. Of the same user, one whose environment cannot be read counts.
 */
export const worksWith = (suspect: Suspect, questions: readonly Question[]): ReadonlyMap<string, string> => {
  const told = new Map<string, string>();
  const asking = questions.filter(({ tool, rootBytes }) => tool?.works !== undefined && rootBytes !== null);
  const line = asking.length === 0 ? null : read(`/proc/${suspect.pid}/cmdline`);
  if (line === null) return told;
  const argv = argvOf(line);
  const roots = new Map<Tool, string | null>();
  for (const { path, root, tool } of asking) {
    if (tool === null || root === null) continue;
    const works = tool.works?.(argv) ?? false;
    if (works === false || (works === 'while-alone' && suspect.hasChild())) continue;
    if (!roots.has(tool)) roots.set(tool, rootFor(tool, argv, suspect));
    const its = roots.get(tool) ?? null;
    const key = rootKey(root);
    const seen = suspect.targets.filter(({ asked }) => asked === key);
    if (suspect.hasOpen(root)) told.set(path, sentence(startOf(suspect.pid), 'works with this cache'));
    else if (its === null) {
      if (suspect.isOwn && seen.length > 0)
        told.set(path, sentence(startOf(suspect.pid), 'may work with this cache (its settings cannot be read)'));
    } else {
      const bytes = suspect.isElsewhere ? Buffer.from(its, 'utf8').toString('latin1') : canonical(its);
      if (seen.some((target) => target.bytes === bytes))
        told.set(path, sentence(startOf(suspect.pid), 'works with this cache'));
    }
  }
  return told;
};
