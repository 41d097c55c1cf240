import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { type ApiError, CodedError } from '../../../shared/errors.ts';
import { keepsBirths } from './births.ts';
import { systemError } from './errno.ts';
import { type Facts, look } from './identity.ts';
import { fs } from './seam.ts';

/**
 * A path made canonical, and what stands there. The last name is never followed, the ones above it are resolved. A time
 * of birth is told only where it lasts.
 */
export interface Place {
  readonly path: string;
  readonly facts: Facts | null;
}

const refuse = (error: ApiError): never => {
  throw new CodedError(error);
};

const kernelPlace = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** Links on the way must have been made by root or by this user: anybody else could point them elsewhere. */
const checkLinksAbove = (path: string): void => {
  const own = process.geteuid?.();
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const facts = look(at);
    if (facts?.kind === 'link' && own !== undefined && facts.uid !== 0 && facts.uid !== own) {
      refuse({
        code: 'symbolic-link',
        path: at,
        message: `${at} is a link that belongs to another user, so what it leads to cannot be trusted.`,
      });
    }
  }
};

const canonicalParent = (path: string): string => {
  try {
    return fs.realpathSync.native(dirname(path));
  } catch (error) {
    const code = systemError(error)?.code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return dirname(path);
    throw error;
  }
};

/**
 * Finds out what a path means now.
 * @throws CodedError `unusable-path` when it is empty, relative or holds a NUL; `protected-place` when it leads
 * through /proc, /sys or /dev; `symbolic-link` when a link above it belongs to somebody else. System errors as they come.
 */
export const locate = (path: string): Place => {
  if (path.includes('\0')) refuse({ code: 'unusable-path', message: 'The path holds a NUL character.' });
  if (!isAbsolute(path)) {
    refuse({
      code: 'unusable-path',
      path,
      message: `'${path}' is not an absolute path: it would mean another place in every folder.`,
    });
  }
  const normal = resolve(path);
  if (kernelPlace.test(normal)) {
    refuse({
      code: 'protected-place',
      path: normal,
      message: `${normal} leads through the kernel's own files. Name the real path instead.`,
    });
  }
  checkLinksAbove(dirname(normal));
  if (dirname(normal) === normal) return { path: normal, facts: look(normal) };
  const canonical = join(canonicalParent(normal), basename(normal));
  if (kernelPlace.test(canonical)) {
    refuse({ code: 'protected-place', path: normal, message: `${normal} leads into the kernel's own files.` });
  }
  const facts = look(canonical);
  const lasting = facts === null || keepsBirths(canonical) ? facts : { ...facts, born: null };
  return { path: canonical, facts: lasting };
};

/**
 * The canonical path of a directory that is there, all links followed.
 * @throws CodedError as {@link locate} does; `unusable-path` when nothing is there; `not-a-directory`.
 */
export const locateDirectory = (path: string): string => {
  const { path: place, facts } = locate(path);
  if (facts === null) {
    refuse({ code: 'unusable-path', path: place, message: `${place} is not there. Name a folder that is.` });
  }
  let real: string;
  try {
    real = fs.realpathSync.native(place);
  } catch (thrown) {
    const reason = systemError(thrown)?.message ?? String(thrown);
    return refuse({ code: 'unusable-path', path: place, message: `${place} leads nowhere: ${reason}. Name a folder.` });
  }
  if (kernelPlace.test(real) || look(real)?.kind !== 'directory') {
    refuse({ code: 'not-a-directory', path: real, message: `${real} is not a folder. Name the folder that holds it.` });
  }
  return real;
};
