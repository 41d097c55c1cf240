import { join } from 'node:path';
import { programWords } from '../command-line.ts';
import { pipSelfcheckFile } from '../decode/pip-selfcheck.ts';
import { pipParts } from '../parts/pip.ts';
import { unitPath, unknownNames } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { pipRoot } from './pip-root.ts';
import { pipContradiction, pipEntries, pipShape, pipUnits } from './pip-units.ts';

const oldState: UnitDefinition = { name: 'selfcheck.json', kind: 'file', rewritten: 'anything' };

const working = ['install', 'download', 'wheel', 'lock', 'index', 'cache'];
const quiet = ['uninstall', 'list', 'freeze', 'show', 'check', 'config', 'inspect', 'search', 'hash', 'debug', 'help'];

/** Commands by pip/_internal/commands/__init__.py. It runs itself again as `__pip-runner__.py` to build a package. */
const works: Tool['works'] = (argv) => {
  const [program, ...words] = programWords(argv);
  if (program !== 'pip' || words.includes('--no-cache-dir')) return false;
  // Options with a value may stand before the command.
  const command = words.find((word) => working.includes(word) || quiet.includes(word));
  return command !== undefined && working.includes(command);
};

/** pip, the installer of Python packages. Layout: pip/_internal/network/cache.py, pip/_internal/cache.py. */
export const pip: Tool = {
  id: 'pip',
  name: 'pip',
  sources: [
    'pip, _internal/network/cache.py',
    'pip, _internal/cache.py',
    'cachecontrol, serialize.py and caches/file_cache.py',
  ],
  what: 'Packages and index pages that pip has downloaded, and wheels it has built from source.',
  cost: 'pip downloads again what it needs next, and builds wheels from source again, which can take minutes each. Nothing that is installed changes.',
  command: 'pip cache purge (it leaves selfcheck)',
  own: {
    argv: ['pip', 'cache', 'purge'],
    does: 'It deletes what has been downloaded and the wheels that were built, and leaves selfcheck.',
    better: null,
  },
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
  works,
  parts: pipParts,
  entries: (root, unit, read) => pipEntries(root, unit, read) ?? pipSelfcheckFile(unitPath(root, unit), read),
};
