import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { condaEntries } from '../decode/conda-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool } from '../tool.ts';
import { wholeOrParts } from '../whole.ts';
import { condaRoot } from './conda-root.ts';

/** `numpy-1.26.4-py311h64a7726_0`: name, version, build. */
const packageName = /^.+-[^-]+-[^-]+$/;

/** What conda puts beside packages (core/package_cache_data.py, gateways/disk/delete.py). */
const isNote = ({ name, kind }: Child): boolean =>
  (kind === 'directory' && name === 'cache') ||
  (kind === 'file' && /^(?:urls|urls\.txt|\.cph_tmp.*|.*\.lock|.*\.c~|.*\.trash|\.trash)$/.test(name));
const isArchive = ({ name, kind }: Child): boolean =>
  kind === 'file' && /\.(?:conda|tar\.bz2)(?:\.part.*)?$/.test(name);
const isPackage = (child: Child, read: Reader): boolean =>
  child.kind === 'directory' &&
  packageName.test(child.name) &&
  read.facts(join(child.path, 'info', 'index.json')) !== null;

const units: Tool['units'] = (root, read) => {
  const isOwn = (child: Child): boolean => isNote(child) || isArchive(child) || isPackage(child, read);
  return wholeOrParts(root, read, isOwn, (child) => child.name === 'cache' || isPackage(child, read), 'anything');
};

const keeps: Tool['keeps'] = (root, read) => {
  const found = units(root, read);
  if (found[0]?.name === '.') return [];
  return unknownNames(
    root,
    read,
    [...found.map(({ name }) => name), 'urls.txt', 'urls'],
    () => 'It is not known to be made by conda, so conda’s packages are cleared around it.',
  );
};

const contradiction: Tool['contradiction'] = (root, unit, read) => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null || children.length === 0) return found;
  if (read.facts(join(root, 'urls.txt'))?.kind !== 'file')
    return 'No urls.txt is there, which conda puts into each folder of packages.';
  if (unit.name !== '.') return null;
  return stranger(
    children,
    (child) => isNote(child) || isArchive(child) || isPackage(child, read) || litter(child),
    'a package of conda',
  );
};

const recognise: Tool['recognise'] = (root, read) => {
  if (read.facts(join(root, 'urls.txt'))?.kind !== 'file') return null;
  const found = childrenOf(read, root).find((child) => isArchive(child) || isPackage(child, read));
  return found === undefined ? null : `It holds urls.txt and ${found.name}, as conda keeps packages.`;
};

const working = /^(?:install|create|update|upgrade|remove|uninstall|clean|env|search|repoquery)$/;

/** conda and mamba. Layout: conda/core/package_cache_data.py, conda/base/context.py. */
export const conda: Tool = {
  id: 'conda',
  name: 'conda',
  sources: ['conda, core/package_cache_data.py', 'conda, base/context.py'],
  what: 'Packages that conda or mamba has downloaded and unpacked, and its copies of the lists of channels.',
  cost: 'conda downloads and unpacks again what it needs next. Environments keep working: they have their files as hard links or copies, unless they were made with links that lead into this folder (allow_softlinks).',
  command: 'conda clean --all (it leaves unpacked packages that environments have links to)',
  own: {
    argv: ['conda', 'clean', '--all', '--yes'],
    does: 'It deletes archives, lists of channels, and unpacked packages that no environment has hard links to.',
    better: 'Unpacked packages that environments share are kept: deleting them would give back nothing.',
  },
  links:
    'Environments share their files with unpacked packages as hard links, so that clearing gives back less than it shows. Where they are symbolic links instead (allow_softlinks), environments stop working.',
  root: condaRoot,
  units,
  keeps,
  recognise,
  contradiction,
  works: (argv) => {
    const [program, ...words] = programWords(argv);
    if (!/^(?:conda|mamba|micromamba)(?:\.exe)?$/.test(program ?? '')) return false;
    return working.test(words.find((word) => !word.startsWith('-')) ?? '');
  },
  parts: byPath(),
  entries: (root, unit, read) => condaEntries(root, unitPath(root, unit), unit.name, read),
};
