import { dirname } from 'node:path';
import type { Unreadable } from '../../../shared/model.ts';
import type { Tool } from '../catalog/tool.ts';
import { keepsBirths } from '../fs/births.ts';
import { isErrno, systemError } from '../fs/errno.ts';
import { type Facts, look } from '../fs/identity.ts';
import { joinRaw, raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { greatestPid, looksLike, parseLeftover } from './grammar.ts';
import { type Eye, inside, nameOf, type Opinion, parentOf, type Seen } from './grammars/tool-grammar.ts';
import type { Around } from './tool-verdict.ts';
import type { Hit, Start } from './tool-walk.ts';

/** A cache whose inside and surroundings are looked through. */
export interface KnownPlace {
  readonly root: string;
  readonly tool: Tool;
  /** Paths of its units. */
  readonly units: readonly string[];
}

/** A hit that stands there and that its grammar takes for its own. */
export interface Candidate {
  readonly hit: Hit;
  readonly seen: Seen;
  readonly rawPath: Buffer;
  readonly opinion: Opinion;
  readonly device: number | string;
}

/** Where to begin. What cannot be opened is told in `problems`; what is missing is fine. */
export const startsFor = (
  places: readonly KnownPlace[],
  projects: readonly string[],
  temporary: string | null,
  problems: Unreadable[],
): readonly Start[] => {
  const starts = new Map<string, Start>();
  const add = (path: string, from: Start['from'], tool: string | null): void => {
    try {
      const real = fs.realpathSync.native(path, 'buffer');
      const key = `${from} ${tool} ${real.toString('latin1')}`;
      if (!starts.has(key)) starts.set(key, { real, spelled: raw(path), from, tool });
    } catch (thrown) {
      const problem = systemError(thrown);
      if (problem === null) throw thrown;
      if (isErrno(thrown, 'ENOENT', 'ENOTDIR')) return;
      problems.push({ path: showRaw(raw(path)), errno: problem.errno, message: problem.message });
    }
  };
  for (const { root, tool, units } of places) {
    add(root, 'cache', tool.id);
    for (const path of [root, ...units]) add(dirname(path), 'beside', null);
  }
  for (const path of projects) add(path, 'project', null);
  if (temporary !== null) add(temporary, 'temporary', null);
  return [...starts.values()];
};

/** What stands at a hit, if its grammar takes it for one of its own; else null. `eye`: that of this look. */
export const candidateOf = (hit: Hit, problems: Unreadable[], eye: Eye): Candidate | null => {
  const { grammar, match, name, dir, spelled, start } = hit;
  const rawPath = joinRaw(dir, name);
  // Ours and those of pip-tools have a finder of their own, and a journal that knows more.
  if (parseLeftover(name) !== null || looksLike(name) !== null) return null;
  const parts = match.groups ?? {};
  if (parts['pid'] !== undefined && Number(parts['pid']) > greatestPid) return null;
  try {
    const found = look(rawPath);
    const folder = look(dir);
    if (found === null || folder === null) return null;
    if (found.kind !== 'directory' && found.kind !== 'file') return null;
    if (!grammar.kinds.includes(found.kind)) return null;
    const facts: Facts = keepsBirths(dir) ? found : { ...found, born: null };
    const seen: Seen = { name: match[0], parts, facts, dir, spelled, base: start.real, from: start.from, eye };
    const opinion = grammar.judge(seen);
    return opinion === null ? null : { hit, seen, rawPath, opinion, device: folder.identity.dev };
  } catch (thrown) {
    const problem = systemError(thrown);
    if (problem === null) throw thrown;
    problems.push({ path: showRaw(rawPath), errno: problem.errno, message: problem.message });
    return null;
  }
};

/** Where a tool would run that works on it: the project, not its folder of packages. */
export const workplace = ({ base }: Seen): Buffer =>
  /^(?:node_modules|site-packages|dist-packages)$/.test(nameOf(base)) ? parentOf(base) : base;

/** What it was called before, as its grammar says, and whether something stands there. */
export const originalOf = ({ hit, seen }: Candidate): Around['original'] => {
  const { original } = hit.grammar;
  if (original === undefined) return undefined;
  const name = original(seen);
  if (name === null || name === '') return null;
  const path = inside(seen.dir, name);
  return { shown: showRaw(path), present: seen.eye.facts(path) !== null };
};

/** The process number in its name; null when it has none. */
export const pidOf = ({ seen }: Candidate): number | null =>
  seen.parts['pid'] === undefined ? null : Number(seen.parts['pid']);
