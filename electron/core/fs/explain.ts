import type { LeftItem } from '../../../shared/model.ts';
import { errnoName, errnoSentence } from './errno.ts';
import {
  explainAcross,
  explainBusy,
  explainDevice,
  explainFull,
  explainQuota,
  explainReadOnly,
  explainStale,
} from './explain-place.ts';
import { explainAccess, explainNotDirectory, explainNotPermitted } from './explain-rights.ts';
import { sketch, survey } from './explain-scene.ts';
import { isMountPoint } from './mounts.ts';
import { type Raw, raw } from './raw.ts';
import { fs } from './seam.ts';

/** Somebody waits for the answer, and the disk may be what is in trouble. */
const patienceMs = 2000;

/** /proc/self/limits has a line `Max open files  1024  4096  files`. */
const explainTooManyOpen = (): string | null => {
  let text: string;
  try {
    text = fs.readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return null;
  }
  const limit = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return limit === undefined
    ? null
    : `this process has reached its limit of ${limit} open files: raise it (ulimit -n), then try again`;
};

/** What can be found out without asking another program; null when there is nothing more to say. */
export const explanationNow = (path: string | Raw, errno: number): string | null => {
  const at = typeof path === 'string' ? raw(path) : path;
  // What a number means there, and what stands in the way, is another matter.
  if (process.platform === 'win32') return null;
  switch (errnoName(errno)) {
    case 'EACCES':
      return explainAccess(survey(at));
    case 'ENOTDIR':
      return explainNotDirectory(survey(at));
    case 'EROFS':
      return explainReadOnly(survey(at));
    case 'EXDEV':
      return explainAcross(sketch(at));
    case 'EBUSY':
      return explainBusy(sketch(at));
    case 'EDQUOT':
      return explainQuota(sketch(at));
    case 'EIO':
      return explainDevice(sketch(at));
    case 'ESTALE':
      return explainStale(sketch(at));
    case 'EMFILE':
      return explainTooManyOpen();
    default:
      return null;
  }
};

const explanationLater = async (path: Raw, errno: number): Promise<string | null> => {
  const now = explanationNow(path, errno);
  if (now !== null) return now;
  switch (errnoName(errno)) {
    case 'EPERM':
    // Seen where a child of an immutable folder is asked for.
    case 'ENOTDIR':
      return explainNotPermitted(survey(path));
    case 'ENOSPC':
      return explainFull(survey(path));
    default:
      return null;
  }
};

/**
 * What is really the case at `path`, where a system call failed with `errno`, as a sentence with the next step: who owns
 * what, which flag, which mount, how much is free. Looks only, and only when something has failed: some ms. Null when
 * nothing more than the short sentence can be said. Never rejects, and takes two seconds at most.
 */
export const explanation = async (path: string | Raw, errno: number): Promise<string | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([explanationLater(typeof path === 'string' ? raw(path) : path, errno), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

/** As {@link explanation}, with the short sentence where there is nothing more to say. */
export const explain = async (path: string | Raw, errno: number): Promise<string> =>
  (await explanation(path, errno)) ?? errnoSentence(errno);

/** All of a list together may take so long. */
const allPatienceMs = 3000;

/** A mount that was met is told as such, even if it is gone by now. */
const staysAsTold = ({ path, message }: LeftItem): boolean =>
  message.startsWith('not entered') && !isMountPoint(path, sketch(raw(path)).mounts);

/** The first `most` of what is left, each with what is the case there; the others with the words that they have. */
export const explainFirst = async (left: readonly LeftItem[], most: number): Promise<readonly LeftItem[]> => {
  const until = Date.now() + allPatienceMs;
  const explained: LeftItem[] = [];
  for (const item of left.slice(0, most)) {
    const message = Date.now() > until || staysAsTold(item) ? null : await explanation(item.path, item.errno);
    explained.push(message === null ? item : { ...item, message });
  }
  return [...explained, ...left.slice(most)];
};
