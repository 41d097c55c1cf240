import { CodedError } from '../../../shared/errors.ts';
import { folder, tools } from '../catalog/index.ts';
import { toolGrammars } from './grammars/index.ts';

/** Every tool that a leftover may be of, by its id. */
const leavers: ReadonlySet<string> = new Set([
  ...toolGrammars.map(({ tool }) => tool),
  ...[...tools, folder].map(({ id }) => id),
]);

/** @throws CodedError `invalid-argument` when no leftover can be of that tool, with those that there are. */
export const mustLeave = (tool: string | undefined): void => {
  if (tool === undefined || leavers.has(tool)) return;
  throw new CodedError({
    code: 'invalid-argument',
    message: `'${tool}' is no tool whose leftovers are known. They are: ${[...leavers].sort().join(', ')}.`,
  });
};
