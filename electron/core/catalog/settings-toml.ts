import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loaded when there is a file to read: on most machines there is none. */
const parser = (): typeof import('smol-toml') => require('smol-toml');

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A text in a TOML file by the names that lead to it: `['cache', 'disk', 'dir']`. Null when there is none, or when the
 * file is not valid TOML: its own tool does not read it then either.
 */
export const tomlText = (text: string, path: readonly string[]): string | null => {
  let value: unknown;
  try {
    value = parser().parse(text);
  } catch {
    return null;
  }
  for (const name of path) value = isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof value === 'string' ? value : null;
};
