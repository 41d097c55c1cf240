import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loaded when there is a file to read: on most machines there is none. */
const parser = (): typeof import('js-yaml') => require('js-yaml');

/** Longer than any that a person wrote; what takes long to read is not waited for. */
const longest = 256 * 1024;

/** What a YAML file says, or undefined when it is not valid: its own tool does not read it then either. Never throws. */
export const yamlValue = (text: string): unknown => {
  if (text.length > longest) return undefined;
  try {
    // A byte order mark is no part of it (YAML 1.2, 5.2).
    return parser().load(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
};

const topValue = (text: string, key: string): unknown => {
  const value = yamlValue(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
};

/** A text on the top level of a YAML file; null when it is not there. */
export const yamlText = (text: string, key: string): string | null => {
  const value = topValue(text, key);
  return typeof value === 'string' ? value : null;
};

/** The texts of a list on the top level of a YAML file; empty when it is not there. */
export const yamlList = (text: string, key: string): readonly string[] => {
  const value = topValue(text, key);
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : [];
};
