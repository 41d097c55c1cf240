import { dirname, join } from 'node:path';
import type { Leftover } from '../../../shared/model.ts';
import { showRaw } from '../fs/raw.ts';
import type { Finding } from './find.ts';
import type { ToolFinding } from './tool-leftovers.ts';

type Words = Pick<Leftover, 'origin' | 'what' | 'original' | 'remedy'>;

const isOfTool = (finding: Finding | ToolFinding): finding is ToolFinding => 'grammar' in finding;

const whatOf = ({ parse, operation }: Finding): string => {
  if (parse === null) return 'Something that is named like a leftover';
  if (parse.origin === 'pip-tools') return 'What pip-tools had set aside to delete it';
  const by = operation === null ? 'another Cache Inspector' : 'Cache Inspector';
  return parse.stage === 'deleting' ? `What ${by} was deleting` : `What ${by} had set aside`;
};

/** What made a leftover, what it is and was, and what its tool would do about it. */
export const leftoverWords = (finding: Finding | ToolFinding): Words => {
  if (isOfTool(finding)) {
    const { grammar, what, original, remedy } = finding;
    return { origin: grammar, what, original, remedy };
  }
  const { parse, operation, path } = finding;
  return {
    origin: operation !== null ? 'ours' : (parse?.origin ?? 'unknown'),
    what: whatOf(finding),
    original: parse === null ? null : join(dirname(path), showRaw(parse.base)),
    remedy: null,
  };
};
