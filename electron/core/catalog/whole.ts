import type { Child, Reader } from '../fs/reader.ts';
import { childrenOf } from './decode/walk.ts';
import { litter } from './shape.ts';
import type { Rewritten, UnitDefinition } from './tool.ts';

const isLeftover = (name: string): boolean => /\.(?:stale|deleting)-\d/.test(name);

/**
 * One unit for the whole of a root, where a tool spreads what it caches over many folders whose names mean nothing
 * (`00` to `ff`). As soon as anything else stands in it, a person's settings for instance, its parts are units, so that
 * the rest stays where it is. None at all where there is no such folder.
 */
export const wholeOrParts = (
  root: string,
  read: Reader,
  isOwn: (child: Child) => boolean,
  isPart: (child: Child) => boolean,
  rewritten: Rewritten,
): readonly UnitDefinition[] => {
  if (read.facts(root)?.kind !== 'directory') return [];
  const children = childrenOf(read, root).filter(({ name }) => !isLeftover(name));
  if (children.every((child) => isOwn(child) || litter(child))) return [{ name: '.', kind: 'directory', rewritten }];
  return children
    .filter((child) => child.kind === 'directory' && isPart(child))
    .map(({ name }) => ({ name, kind: 'directory', rewritten }));
};
