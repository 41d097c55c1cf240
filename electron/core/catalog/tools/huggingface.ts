import { dirname, join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { huggingfaceEntries } from '../decode/huggingface-entries.ts';
import { below, childrenOf } from '../decode/walk.ts';
import { fromVariable } from '../named-setting.ts';
import { huggingfaceParts } from '../parts/huggingface.ts';
import { rootFrom, type Setting } from '../root.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import { pathsOf, variable } from '../surroundings.ts';
import type { Surroundings, Tool, UnitDefinition } from '../tool.ts';

const isRepo = (child: Child): boolean =>
  child.kind === 'directory' &&
  /^(?:models|datasets|spaces)--[^-].*/.test(child.name) &&
  !/\.(?:stale|deleting)-\d/.test(child.name);

/** What huggingface_hub makes in the folder of a repository (file_download.py, _local_folder.py). */
const parts = ['blobs', 'refs', 'snapshots', 'trees', '.no_exist'];
const isPart = (child: Child): boolean => child.kind === 'directory' && parts.includes(child.name);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter(isRepo)
    // Downloads grow in blobs, a ref is written again.
    .map(({ name }) => ({ name, kind: 'directory', rewritten: 'anything' }));

const whyKept = (name: string): string => {
  if (name === 'token' || name === 'stored_tokens') return 'The tokens you log in to Hugging Face with.';
  if (name === '.locks') return 'The locks that downloads hold. They must stay where they are.';
  if (name === 'version.txt' || name === 'CACHEDIR.TAG') return 'It says how this cache is laid out. It is made once.';
  return 'Not a repository of Hugging Face.';
};

/** With the default place, the files with a person's tokens stand right beside the cache. */
const keeps: Tool['keeps'] = (root, read) => [
  ...['token', 'stored_tokens']
    .map((name) => ({ path: join(dirname(root), name), why: whyKept(name) }))
    .filter(({ path }) => read.facts(path) !== null),
  ...unknownNames(
    root,
    read,
    units(root, read).map(({ name }) => name),
    whyKept,
  ),
];

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  return (
    workingCopy(children) ??
    stranger(children, (child) => isPart(child) || litter(child), 'a folder that huggingface_hub makes there')
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  const found = childrenOf(read, root)
    .filter(isRepo)
    .find(({ path }) =>
      childrenOf(read, path).some(({ kind, name }) => kind === 'directory' && /^(?:blobs|snapshots)$/.test(name)),
    );
  return found === undefined ? null : `It holds ${found.name} with blobs or snapshots, as huggingface_hub keeps them.`;
};

/** `os.path.expandvars`: what is not set stays as it is written. */
const expanded = (setting: Setting | null, surroundings: Surroundings): Setting | null =>
  setting && {
    ...setting,
    value: setting.value.replace(
      /\$(?:(\w+)|\{([^}]+)\})/g,
      (whole: string, bare?: string, braced?: string) => surroundings.env[bare ?? braced ?? ''] ?? whole,
    ),
  };

/** huggingface_hub/constants.py. The default is that of Linux on every system. */
const root: Tool['root'] = (surroundings) => {
  const { join: joined } = pathsOf(surroundings);
  const caches = variable(surroundings, 'XDG_CACHE_HOME') ?? joined(surroundings.home, '.cache');
  const named = (name: string) => expanded(fromVariable(surroundings, name, 'replaced'), surroundings);
  const home = named('HF_HOME');
  const setting =
    named('HF_HUB_CACHE') ?? named('HUGGINGFACE_HUB_CACHE') ?? (home && { ...home, value: joined(home.value, 'hub') });
  return rootFrom('Hugging Face', setting, joined(caches, 'huggingface', 'hub'), surroundings);
};

/** Hugging Face's hub: models and data sets. Layout and locks: huggingface_hub/file_download.py, constants.py. */
export const huggingface: Tool = {
  id: 'huggingface',
  name: 'Hugging Face',
  sources: ['huggingface_hub, file_download.py', 'huggingface_hub, constants.py'],
  what: 'Models, data sets and spaces that were downloaded from Hugging Face.',
  cost: 'What is cleared is downloaded again when it is used next: models can be many gigabytes, need your token, or be gone from the hub by then. Your tokens stay.',
  command: 'hf cache prune (revisions that nothing refers to), hf cache rm',
  links:
    'Revisions of one repository share their files. Programs read them in place: one that runs keeps what it has open, and downloads the rest again.',
  root,
  units,
  keeps,
  recognise,
  contradiction,
  locks: {
    kind: 'flock',
    files: (cache, read) =>
      [...below(read, join(cache, '.locks'), 3)]
        .filter(({ kind, name }) => kind === 'file' && name.endsWith('.lock'))
        .map(({ path }) => path),
    taken: [],
  },
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    const [command] = words.filter((word) => !word.startsWith('-'));
    return (
      /^(?:hf|huggingface-cli|huggingface_hub)$/.test(program ?? '') &&
      /^(?:download|upload|upload-large-folder|cache|delete-cache|scan-cache)$/.test(command ?? '')
    );
  },
  parts: huggingfaceParts,
  entries: (cache, unit, read) => huggingfaceEntries(unitPath(cache, unit), unit.name, read),
};
