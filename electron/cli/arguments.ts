import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { parseBytes, parseDuration } from '../../shared/format.ts';

const tenYearsMs = 10 * 365 * 86_400_000;
const most = 1_000_000;

/** `--limit 20`. */
export const limitOf = (text: string): number => {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > most) throw new InvalidArgumentError('It must be a whole number from 1 to 1,000,000.');
  return limit;
};

/** `--older-than 30d`, in ms. */
export const durationOf = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === null) {
    throw new InvalidArgumentError('It must be a number and one of s, m, h, d, w, y, for instance 30d or 12h.');
  }
  if (ms > tenYearsMs) throw new InvalidArgumentError('It must be ten years at most.');
  return ms;
};

/** `--larger-than 10MB`, in bytes. */
export const bytesOf = (text: string): number => {
  const bytes = parseBytes(text);
  if (bytes === null || !Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError('It must be a number of bytes, or one with kB, MB, GB, KiB, MiB, GiB: 10MB.');
  }
  return bytes;
};

/** `--undo-window 600` or `0.5`: seconds, in ms. */
export const secondsOf = (text: string): number => {
  const ms = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Math.round(Number(text) * 1000) : Number.NaN;
  if (!Number.isFinite(ms)) throw new InvalidArgumentError('It must be a number of seconds, 0 or more.');
  if (ms > tenYearsMs) throw new InvalidArgumentError('It must be ten years at most.');
  return ms;
};

/** `--port 8080`. */
export const portOf = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a port number from 0 to 65535.');
  return port;
};

/** A path as the person means it, from where they stand. */
export const pathFrom = (cwd: string, path: string): string => (isAbsolute(path) ? path : resolve(cwd, path));

/**
 * What names a cache or a unit. `npm/_cacache` is a tool and its unit, never a path; only what starts with a dot
 * (`.`, `./x`, `../x`) is a path from where the person stands.
 */
export const nameFrom = (cwd: string, text: string): string =>
  /^\.{1,2}($|[/\\])/.test(text) ? resolve(cwd, text) : text;
