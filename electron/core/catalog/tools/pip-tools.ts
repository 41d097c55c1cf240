import type { Child } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { readDistFile } from '../decode/dist-file.ts';
import { pipToolsDepcache } from '../decode/pip-tools-depcache.ts';
import { pipToolsPkgs } from '../decode/pip-tools-pkgs.ts';
import { childrenOf } from '../decode/walk.ts';
import { pipParts } from '../parts/pip.ts';
import { rootFrom } from '../root.ts';
import { litter, stranger, unitPath, unknownNames } from '../shape.ts';
import { variable } from '../surroundings.ts';
import type { Root, Surroundings, Tool, UnitDefinition } from '../tool.ts';
import { pythonCacheDir } from './pip-root.ts';
import { pipContradiction, pipEntries, pipShape, pipUnits } from './pip-units.ts';

const pkgs: UnitDefinition = { name: 'pkgs', kind: 'directory', rewritten: 'anything' };

/** `depcache-cp3.11.json`, `depcache-??3.11.json` for a Python it does not know (piptools/cache.py). */
const isDepcache = (name: string): boolean => /^depcache-[a-z?]{2}\d+(?:\.\d+)?\.json$/.test(name);

/** Written in place, again with every package it learns of. */
const depcaches = (root: string, read: Parameters<Tool['units']>[1]): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter((child) => child.kind === 'file' && isDepcache(child.name))
    .map((child) => ({ name: child.name, kind: 'file', rewritten: 'anything' }));

const units: Tool['units'] = (root, read) => [pkgs, ...pipUnits, ...depcaches(root, read)];

/** `PIP_TOOLS_CACHE_DIR`, or the platform's place. A project's own `.pip-tools.toml` moves it for that project only. */
const root = (surroundings: Surroundings): Root => {
  const value = variable(surroundings, 'PIP_TOOLS_CACHE_DIR');
  const where = 'PIP_TOOLS_CACHE_DIR';
  return rootFrom(
    'pip-tools',
    value === undefined ? null : { value, because: `${where} is set`, where },
    pythonCacheDir('pip-tools', surroundings),
    surroundings,
  );
};

/** Downloads stand below the hash of their link, `00` to `ff`; older ones without a link beside those. */
const isDownload = (child: Child): boolean =>
  (child.kind === 'directory' && /^[0-9a-f]{2}$/.test(child.name)) ||
  (child.kind === 'file' && readDistFile(child.name) !== null);

const contradiction: Tool['contradiction'] = (folder, unit, read) =>
  pipContradiction(folder, unit, read) ??
  (unit.name === pkgs.name
    ? stranger(
        childrenOf(read, unitPath(folder, unit)),
        (child) => isDownload(child) || litter(child),
        'one of the folders 00 to ff that pip-tools makes there',
      )
    : null);

const recognise: Tool['recognise'] = (folder, read) => {
  const [depcache] = depcaches(folder, read);
  if (depcache !== undefined) return `It holds ${depcache.name}, which pip-tools writes.`;
  const hasPkgs = childrenOf(read, folder).some((child) => child.kind === 'directory' && child.name === pkgs.name);
  const shape = hasPkgs ? pipShape(folder, read) : null;
  return shape === null ? null : `It holds pkgs, and pip-tools has pip cache beside it. ${shape}`;
};

/** pip-tools: pip-compile and pip-sync. Layout: piptools/locations.py, cache.py, repositories/pypi.py. */
export const pipTools: Tool = {
  id: 'pip-tools',
  name: 'pip-tools',
  sources: [
    'pip-tools, piptools/locations.py',
    'pip-tools, piptools/cache.py',
    'pip-tools, piptools/repositories/pypi.py',
  ],
  isAskedFirst: true,
  what: 'What pip-compile has downloaded and learned to work out which versions fit together.',
  cost: 'pip-compile downloads and works out again what it needs next, so its next run is slower. Requirement files and installed packages do not change.',
  command:
    'pip-compile --rebuild (clears pkgs and the dependency file, and with the default resolver of pip-tools 7 nothing at all)',
  root,
  units,
  keeps: (folder, read) =>
    unknownNames(
      folder,
      read,
      units(folder, read).map((unit) => unit.name),
      () => 'Not one of the files and folders that pip-tools caches in.',
    ),
  recognise,
  contradiction,
  works: (argv) => ['pip-compile', 'pip-sync', 'piptools'].includes(programWords(argv)[0] ?? ''),
  parts: pipParts,
  entries: (folder, unit, read) => {
    const path = unitPath(folder, unit);
    if (unit.kind === 'file') return pipToolsDepcache(path, read);
    return pipEntries(folder, unit, read) ?? pipToolsPkgs(path, read);
  },
};
