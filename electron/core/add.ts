import { CodedError } from '../../shared/errors.ts';
import { folder, tools } from './catalog/index.ts';
import { project } from './catalog/project.ts';
import { preflight } from './clear/preflight.ts';
import { locate } from './fs/place.ts';
import type { ProtectedPlaces } from './fs/protected.ts';
import { glancing, reader } from './fs/reader.ts';
import type { Folder } from './store/schema.ts';

/** No tool has as many names in a folder that it is recognised by. */
const mostNames = 1000;

/**
 * A project is only looked into, so it may be a working copy, and the folder that this program was started in. All
 * else that speaks against a folder speaks against it too. Null: it is none, or something does.
 */
const asProject = (path: string, protectedPlaces: ProtectedPlaces): Folder | null => {
  const { path: place, facts } = locate(path);
  if (facts?.kind !== 'directory' || facts.uid !== (process.geteuid?.() ?? facts.uid)) return null;
  if (protectedPlaces.reasonFor(place, facts) !== null || protectedPlaces.folders.around(place) !== null) return null;
  const because = project.recognise(place, glancing(reader, mostNames));
  return because === null ? null : { path: place, tool: project.id, because };
};

/**
 * What a folder that a person picked is to be known as: a project into which installers put packages, a tool's cache
 * by its shape, or a cache by its CACHEDIR.TAG, or, on their explicit word (`isCache`), because they say so. No word makes a protected place one.
 * @throws CodedError with the reason and the next step.
 */
export const examineFolder = (path: string, isCache: boolean, protectedPlaces: ProtectedPlaces): Folder => {
  // First of all: an environment of Python has a CACHEDIR.TAG, and is no cache.
  const added = asProject(path, protectedPlaces);
  if (added !== null) return added;
  const outcome = preflight({ path, kind: 'directory', contradiction: () => null }, protectedPlaces);
  if (outcome.state === 'absent') {
    throw new CodedError({ code: 'unusable-path', path, message: `${outcome.path} is not there.` });
  }
  if (outcome.state === 'refused') {
    const [first] = outcome.refusals;
    throw new CodedError(first ?? { code: 'unusable-path', message: `${path} cannot be used.` });
  }
  const { path: place } = outcome;
  const read = glancing(reader, mostNames);
  for (const tool of [...tools, folder]) {
    const because = tool.recognise(place, read);
    if (because !== null) return { path: place, tool: tool.id, because };
  }
  if (isCache) return { path: place, tool: folder.id, because: 'you said that it is a cache' };
  throw new CodedError({
    code: 'no-evidence',
    path: place,
    message: `Nothing shows that ${place} is a cache: it holds no CACHEDIR.TAG and has no shape that is known. If you are sure, say so (--this-is-a-cache).`,
  });
};
