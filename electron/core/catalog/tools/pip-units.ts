import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { pipHttp } from '../decode/pip-http.ts';
import { pipSelfcheck } from '../decode/pip-selfcheck.ts';
import { pipWheels } from '../decode/pip-wheels.ts';
import { childrenOf } from '../decode/walk.ts';
import { litter, stranger, unitPath, workingCopy } from '../shape.ts';
import type { RawEntry, UnitDefinition } from '../tool.ts';

/**
 * The folders pip makes in any cache directory it is given, its own or pip-tools'. Files of http, http-v2 and
 * selfcheck are written beside and renamed into place (pip/_internal/network/cache.py, self_outdated_check.py);
 * a wheel's origin.json is written again in place (pip/_internal/cache.py).
 */
export const pipUnits: readonly UnitDefinition[] = [
  { name: 'http-v2', kind: 'directory', rewritten: 'nothing' },
  { name: 'http', kind: 'directory', rewritten: 'nothing' },
  { name: 'wheels', kind: 'directory', rewritten: 'anything' },
  { name: 'selfcheck', kind: 'directory', rewritten: 'nothing' },
];

const isDir = (child: Child, name: RegExp): boolean => child.kind === 'directory' && name.test(child.name);
const oneHex = (child: Child): boolean => isDir(child, /^[0-9a-f]$/);
const twoHex = (child: Child): boolean => isDir(child, /^[0-9a-f]{2}$/);
/** `<sha224>`, and for a moment `<sha224><random>.tmp` (pip/_internal/utils/filesystem.py, adjacent_tmp_file). */
const stateFile = (child: Child): boolean => child.kind === 'file' && /^[0-9a-f]{56}(?:.*\.tmp)?$/.test(child.name);

/** What contradicts that one of pip's folders was made by pip; null when nothing does, or for other units. */
export const pipContradiction = (root: string, unit: UnitDefinition, read: Reader): string | null => {
  const children = childrenOf(read, unitPath(root, unit));
  const found = workingCopy(children);
  if (found !== null) return found;
  switch (unit.name) {
    case 'http':
    case 'http-v2':
      return stranger(
        children,
        (child) => oneHex(child) || litter(child),
        'one of the folders 0 to f that pip makes there',
      );
    case 'wheels':
      return stranger(
        children,
        (child) => twoHex(child) || litter(child),
        'one of the folders 00 to ff that pip makes there',
      );
    case 'selfcheck':
      return stranger(
        children,
        (child) => stateFile(child) || litter(child),
        'one of the state files that pip writes there',
      );
    default:
      return null;
  }
};

/** The evidence that pip has cached into this folder; null when its shape does not say so. */
export const pipShape = (root: string, read: Reader): string | null => {
  for (const [name, belongs, what] of [
    ['http-v2', oneHex, 'responses as pip 23.3 and later keep them'],
    ['http', oneHex, 'responses as pip before 23.3 kept them'],
    ['wheels', twoHex, 'wheels as pip keeps them'],
  ] as const) {
    const children = childrenOf(read, join(root, name)).filter((child) => !litter(child));
    if (children.length > 0 && children.every(belongs)) return `Its folder ${name} holds ${what}.`;
  }
  return null;
};

/** Entries of the folders in {@link pipUnits}; null for a unit that is not one of them. */
export const pipEntries = (
  root: string,
  unit: UnitDefinition,
  read: Reader,
): Iterable<RawEntry> | AsyncIterable<RawEntry> | null => {
  const path = unitPath(root, unit);
  switch (unit.name) {
    case 'http':
    case 'http-v2':
      return pipHttp(path, read);
    case 'wheels':
      return pipWheels(path, read);
    case 'selfcheck':
      return pipSelfcheck(path, read);
    default:
      return null;
  }
};
