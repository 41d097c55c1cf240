import { basename, join } from 'node:path';
import type { ApiError } from '../../../shared/errors.ts';
import type { Child, Reader } from '../fs/reader.ts';
import { childrenOf } from './decode/walk.ts';
import type { Tool } from './tool.ts';

/** Folders into which installers put packages. */
const ofPackages = /^(?:node_modules|site-packages|dist-packages)$/;

const isFolder = (read: Reader, ...path: readonly [string, ...string[]]): boolean =>
  read.facts(join(...path))?.kind === 'directory';

const isPython = ({ name, kind }: Child): boolean => kind === 'directory' && /^(?:python|pypy)\d/.test(name);

/** `lib/python3.12/site-packages`, or `Lib/site-packages` on Windows: an environment of Python. */
const packagesOfPython = (root: string, read: Reader): string | null => {
  if (isFolder(read, root, 'Lib', 'site-packages')) return 'Lib/site-packages';
  for (const lib of ['lib', 'lib64']) {
    if (!isFolder(read, root, lib)) continue;
    const python = childrenOf(read, join(root, lib)).find(
      (child) => isPython(child) && isFolder(read, child.path, 'site-packages'),
    );
    if (python !== undefined) return `${lib}/${python.name}/site-packages`;
  }
  return null;
};

const evidence = (root: string, read: Reader): string | null => {
  const name = basename(root);
  if (ofPackages.test(name)) return `It is named ${name}.`;
  const held = ['node_modules', '.venv', 'venv', 'conda-meta'].find((it) => isFolder(read, root, it));
  if (held !== undefined) return `It holds ${held}.`;
  const packages = packagesOfPython(root, read);
  if (packages !== null) return `It holds ${packages}.`;
  // VS Code's list of what it has installed there.
  const list = name === 'extensions' && read.facts(join(root, 'extensions.json'))?.kind === 'file';
  return list ? 'It holds the extensions of VS Code.' : null;
};

/** A project that a person added: what installers left in it is looked for, and that is all. It has no units. */
export const project: Tool = {
  id: 'project',
  name: 'Project',
  what: 'A project folder that you added: only leftovers of installers are looked for in it; nothing else in it is ever cleared.',
  cost: 'Nothing of it is cleared, but for leftovers of installers that you clean.',
  command: null,
  root: ({ home }) => ({
    path: home,
    because: 'a project is only known when you add it',
    isDefault: false,
    problem: { code: 'unusable-path', message: 'A project has no usual place. Add it by its path.' },
  }),
  units: () => [],
  keeps: () => [],
  recognise: evidence,
  contradiction: () => null,
  entries: () => [],
};

export const isProject = ({ id }: Pick<Tool, 'id'>): boolean => id === project.id;

/** Why nothing of a project is cleared as a cache is. */
export const projectProblem = (path: string): ApiError => ({
  code: 'no-evidence',
  path,
  message: `${path} is a project folder that you added, not a cache. Only leftovers of installers are looked for in it ('leftovers' shows them); nothing else in it is ever cleared.`,
});
