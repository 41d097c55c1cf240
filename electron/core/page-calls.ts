import type { Args, Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Settings, Snapshot } from '../../shared/model.ts';
import { findCache, lastViews, tellCaches } from './cache-views.ts';
import { viewOf } from './clear/view.ts';
import { roomAt } from './fs/disk.ts';
import { locateDirectory } from './fs/place.ts';
import { reader } from './fs/reader.ts';
import { home } from './home.ts';
import { cachesNow, type Parts } from './parts.ts';
import { resumeOperation } from './resume.ts';
import { version } from './version.ts';

/** How many operations a page is given at its start. */
const newestOperations = 200;

type PageCalls = Pick<Implementation, 'snapshot' | 'resume' | 'protect' | 'unprotect' | 'reveal' | 'pickFolder'>;

const snapshot = async (parts: Parts): Promise<Snapshot> => {
  const { store, engine, shell, notices } = parts;
  const known = await cachesNow(parts);
  const [caches, leftovers, records, settings, disk] = await Promise.all([
    lastViews(parts, known),
    parts.leftovers.look(known, { measure: false, tools: 'known' }),
    store.history({ limit: newestOperations }),
    store.settings(),
    roomAt(home()),
  ]);
  return {
    version,
    platform: process.platform,
    home: home(),
    door: {
      name: engine.door,
      reveal: shell.reveal !== undefined,
      pickFolder: shell.pickFolder !== undefined,
      confirms: shell.confirm !== undefined,
    },
    caches,
    leftovers: leftovers.map(({ view }) => view),
    operations: records.map(viewOf),
    settings,
    disk,
    notices,
  };
};

const changeProtected = async (parts: Parts, path: string, to: 'protected' | 'free'): Promise<Settings> => {
  const isNew = await parts.store.changeProtected(path, to);
  const settings = await parts.store.settings();
  if (!isNew) return settings;
  parts.events.emit('settings', settings);
  // What is protected is a cache's problem.
  await tellCaches(parts);
  return settings;
};

/** A path as it would have been stored; as it is written when it leads nowhere now. */
const canonical = (path: string): string => {
  try {
    return locateDirectory(path);
  } catch {
    return path;
  }
};

/** Where something stands that a page shows. */
const placeOf = async (parts: Parts, what: Args<'reveal'>['what']): Promise<string> => {
  if ('view' in what) return parts.views.pathOf(what.view, what.node);
  const caches = await cachesNow(parts);
  if ('cache' in what) return findCache(caches, what.cache).root;
  const found =
    'unit' in what
      ? caches.flatMap(({ units }) => units).find(({ id }) => id === what.unit)?.path
      : (await parts.leftovers.look(caches, { measure: false, tools: 'known' })).find(
          ({ view }) => view.id === what.leftover,
        )?.view.path;
  if (found !== undefined) return found;
  throw new CodedError({ code: 'unknown-target', message: 'It is not there any more. Look again.' });
};

/** The calls that only a page needs: all at its start, and what a door can do for it. */
export const pageCalls = (parts: Parts): PageCalls => ({
  snapshot: () => snapshot(parts),
  resume: async ({ operation }) => viewOf(await resumeOperation(parts, operation)),

  protect: async ({ path }) => changeProtected(parts, locateDirectory(path), 'protected'),

  unprotect: async ({ path }) => {
    const { protectedFolders: folders } = await parts.store.settings();
    const known = folders.find((folder) => folder === path) ?? folders.find((folder) => folder === canonical(path));
    if (known !== undefined) return changeProtected(parts, known, 'free');
    throw new CodedError({
      code: 'unknown-target',
      path,
      message: `${path} is not among the folders that you protected: ${folders.join(', ') || 'there are none'}.`,
    });
  },

  reveal: async ({ what }) => {
    const { reveal } = parts.shell;
    if (!reveal) {
      throw new CodedError({
        code: 'not-available',
        message: 'Only the desktop program can show something in the file manager. Copy its path instead.',
      });
    }
    const path = await placeOf(parts, what);
    if (reader.facts(path) === null) {
      throw new CodedError({ code: 'unknown-target', path, message: `${path} is not there any more. Look again.` });
    }
    await reveal(path);
    return {};
  },

  pickFolder: async () => {
    const { pickFolder } = parts.shell;
    if (pickFolder) return { path: await pickFolder() };
    throw new CodedError({
      code: 'not-available',
      message: "Only the desktop program has the system's folder dialog. Write the folder's path instead.",
    });
  },
});
