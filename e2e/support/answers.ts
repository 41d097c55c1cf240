import type { ApiError } from '../../shared/errors.ts';
import type { Cache, Entry, Leftover, Operation, Plan, Unit } from '../../shared/model.ts';
import { inspect, type RunOptions } from './program.ts';

/** What a command answers with `--json`. A program that fails is told with all it said. */
const answer = async <Answer>(home: string, args: readonly string[], options?: RunOptions): Promise<Answer> => {
  const ran = await inspect(home, [...args, '--json'], options);
  if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
  return ran.json<Answer>();
};

export const listed = async (home: string, words: readonly string[] = [], options?: RunOptions) =>
  (await answer<{ caches: readonly Cache[] }>(home, ['list', ...words], options)).caches;

export const shown = (home: string, ...words: readonly string[]) =>
  answer<{ entries: readonly Entry[]; total: number }>(home, ['show', ...words]);

export const planned = async (home: string, target: string) =>
  (await answer<{ plan: Plan }>(home, ['plan', target])).plan;

export const history = async (home: string, ...words: readonly string[]) =>
  (await answer<{ operations: readonly Operation[] }>(home, ['history', ...words])).operations;

export const recovered = async (home: string, ...words: readonly string[]) =>
  (await answer<{ operations: readonly Operation[] }>(home, ['recover', ...words])).operations;

export const leftovers = async (home: string) =>
  (await answer<{ leftovers: readonly Leftover[] }>(home, ['leftovers'])).leftovers;

export interface Cleared {
  readonly code: number | null;
  readonly operations: readonly Operation[];
  readonly error: ApiError | null;
}

/** `clear`, whatever comes of it: operations, or an error when there were none. */
export const clear = async (home: string, words: readonly string[], options?: RunOptions): Promise<Cleared> => {
  const ran = await inspect(home, ['clear', ...words, '--json'], options);
  const said = ran.json<{ operations?: readonly Operation[]; error?: ApiError }>();
  return { code: ran.code, operations: said.operations ?? [], error: said.error ?? null };
};

/** The one of a list; a test's way of saying that there is one. */
export const the = <T>(items: readonly T[], wanted: (item: T) => boolean = () => true): T => {
  const [found, ...more] = items.filter(wanted);
  if (found === undefined || more.length > 0) throw new Error(`not exactly one of ${JSON.stringify(items)}`);
  return found;
};

export const cacheOf = (caches: readonly Cache[], tool: string): Cache => the(caches, (cache) => cache.tool === tool);

export const unitOf = (caches: readonly Cache[], tool: string, name: string): Unit =>
  the(cacheOf(caches, tool).units, (unit) => unit.name === name);
