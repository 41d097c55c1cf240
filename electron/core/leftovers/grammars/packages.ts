import { programWords } from '../../catalog/command-line.ts';
import { ask, days, hours, inside, minutes, type Seen, safe, type ToolGrammar } from './tool-grammar.ts';

/** `bin/x.conda_trash`, `.c~.conda_trash_3`: what it was called stands before the first of these. */
const conda = /^(?<base>.+?)(?:\.c~|\.conda_trash(?:_\d+)?)+$/s;

/** `main.c~` is what an editor keeps of `main.c`: by that ending alone only what conda installs or downloads is known. */
const known = /\.conda_trash|\.(?:conda|tar\.bz2|json|so(?:\.\d+)*|dll|exe|pyd|dylib|pyc?)\.c~$/;

/** An environment has its history there. */
const isEnvironment = ({ base, eye }: Seen): boolean => eye.facts(inside(base, 'conda-meta')) !== null;

/**
 * conda (gateways/disk/delete.py): what it could not delete, and what it links anew, in an environment. People have
 * been helped by renaming one back, so a missing original matters.
 */
export const condaTrash: ToolGrammar = {
  id: 'conda-trash',
  tool: 'conda',
  what: 'A file that conda could not remove',
  pattern: conda,
  kinds: ['file'],
  spots: [
    { from: 'cache', tools: ['conda'], steps: [], deeper: 1 },
    { from: 'project', steps: [/^(?:bin|lib|DLLs|Scripts|Library|conda-meta)$/], deeper: 1 },
    { from: 'project', steps: [] },
  ],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: minutes(10),
  workers: { works: (argv) => /^(?:conda|mamba|micromamba)$/.test(programWords(argv)[0] ?? ''), reach: 'anywhere' },
  remedy: 'conda clean --tempfiles removes it.',
  judge: (seen) =>
    known.test(seen.name) && (seen.from === 'cache' || isEnvironment(seen))
      ? { cleaning: 'safe', why: ['conda removes such files itself when it can'] }
      : null,
};

/** Older conda moved what it could not delete to this folder beside its packages. */
export const condaFolder: ToolGrammar = {
  ...condaTrash,
  id: 'conda-trash-folder',
  what: 'What an old conda could not remove',
  pattern: /^\.trash$/,
  kinds: ['directory'],
  spots: [{ from: 'cache', tools: ['conda'], steps: [] }],
  original: () => null,
  judge: safe('conda removes it itself when it can'),
};

/** Homebrew (cleanup.rb). Its locks stand in its prefix, which a cache does not name. */
export const brewIncomplete: ToolGrammar = {
  id: 'homebrew-incomplete',
  tool: 'homebrew',
  what: 'A download of Homebrew’s that was not finished',
  pattern: /^.+\.incomplete$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['homebrew'], steps: [/^downloads$/] }],
  quietMs: hours(1),
  remedy: 'brew cleanup removes it.',
  judge: ask('whether brew is downloading it now, its locks elsewhere say'),
};

/** webpack (FileMiddleware.js). `index.pack.old` is none: every healthy cache has one. */
export const webpackPack: ToolGrammar = {
  id: 'webpack-pack',
  tool: 'webpack',
  what: 'A part of webpack’s cache that was not finished',
  pattern: /^(?<base>.+\.pack(?:\.gz|\.br)?)_$/s,
  kinds: ['file'],
  spots: [
    { from: 'project', steps: [/^node_modules$/, /^\.cache$/, /^webpack$/], deeper: 2 },
    { from: 'project', steps: [/^\.next$/, /^cache$/, /^webpack$/], deeper: 1 },
  ],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: hours(1),
  remedy: null,
  judge: safe('webpack renames it when it is whole, and writes it anew otherwise'),
};

/** moby (layer/filestore.go): the daemon knows which layers are orphans, and it alone may unmount and remove them. */
export const dockerRemoving: ToolGrammar = {
  id: 'docker-removing',
  tool: 'docker',
  what: 'A layer that Docker was removing',
  pattern: /^(?:[0-9a-f]{64}-[0-9a-f]+|.+)-removing$/s,
  kinds: ['directory'],
  spots: [
    { from: 'project', steps: [/^image$/, /^/, /^layerdb$/], deeper: 1 },
    { from: 'project', steps: [/^(?:plugins|layerdb|aufs|overlay2)$/], deeper: 1 },
    { from: 'project', steps: [] },
  ],
  quietMs: days(1),
  remedy:
    'Restart the Docker daemon: it removes such layers when it starts. docker system prune removes what is unused.',
  judge: ({ name, dir }) =>
    /^[0-9a-f]{64}/.test(name) || /(?:layerdb|plugins|aufs|overlay2)/.test(dir.toString('latin1'))
      ? { cleaning: 'never', why: ['only the Docker daemon knows what of it is still mounted or referred to'] }
      : null,
};
