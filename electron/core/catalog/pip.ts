import { join } from 'node:path';
import { pipSelfcheckFile } from './decode/pip-selfcheck.ts';
import { pipRoot } from './pip-root.ts';
import { pipContradiction, pipEntries, pipShape, pipUnits } from './pip-units.ts';
import { unitPath, unknownNames } from './shape.ts';
import type { Tool, UnitDefinition } from './tool.ts';

const oldState: UnitDefinition = { name: 'selfcheck.json', kind: 'file', rewritten: 'anything' };

/** pip, the installer of Python packages. Layout: pip/_internal/network/cache.py, pip/_internal/cache.py. */
export const pip: Tool = {
  id: 'pip',
  name: 'pip',
  what: 'Packages and index pages that pip has downloaded, and wheels it has built from source.',
  cost: 'pip downloads again what it needs next, and builds wheels from source again, which can take minutes each. Nothing that is installed changes.',
  command: 'pip cache purge (it leaves selfcheck)',
  root: pipRoot,
  units: (root, read) => (read.facts(join(root, oldState.name))?.kind === 'file' ? [...pipUnits, oldState] : pipUnits),
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      [...pipUnits, oldState].map((unit) => unit.name),
      () => 'Not one of the folders that pip caches in.',
    ),
  recognise: pipShape,
  contradiction: pipContradiction,
  entries: (root, unit, read) => pipEntries(root, unit, read) ?? pipSelfcheckFile(unitPath(root, unit), read),
};
