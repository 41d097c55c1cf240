import type { Cache } from '../../../shared/model.ts';

/** What a person typed as a whole path; null when it is none. `~` is their home. */
export const absolutePath = (typed: string, home: string): string | null => {
  const text = typed.trim();
  const whole = /^~(?=$|[/\\])/.test(text) && home !== '' ? home + text.slice(1) : text;
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(whole) ? whole : null;
};

/**
 * The caches that a person added. The contract does not say it of a cache: a folder that no tool recognises is only
 * known by being added, and what makes another one recognised is told as a sentence, unlike a tool's own setting.
 */
export const addedCaches = (caches: readonly Cache[]): readonly Cache[] =>
  caches.filter(({ tool, because }) => tool === 'folder' || because.endsWith('.') || because.startsWith('you said'));
