import { relative } from 'node:path';
import { glancing, reader } from '../fs/reader.ts';
import type { UsePlace } from './question.ts';

/** A tool that writes a file longer than this without a word to it is taken to be dead. */
const freshMs = 5000;
/** More temporary files than any run of a tool leaves. */
const most = 1000;

/**
 * What the tool's own processes wrote in this place in the last seconds and have not renamed into place, as a
 * sentence; null when there is nothing. By the time of change, which no program can set.
 */
export const freshlyWritten = ({ path, root, tool }: UsePlace, now = Date.now()): string | null => {
  if (root === null || tool?.temporaries === undefined) return null;
  let youngest: { readonly name: string; readonly age: number } | null = null;
  for (const file of tool.temporaries(root, glancing(reader, most))) {
    const name = relative(path, file);
    const facts = name.startsWith('..') ? null : reader.facts(file);
    if (facts === null) continue;
    // A clock that was set back meanwhile, or another machine's, says nothing.
    const age = Math.max(0, now - facts.ctimeMs);
    if (facts.ctimeMs < now + freshMs && age < (youngest?.age ?? freshMs)) youngest = { name, age };
  }
  return youngest === null
    ? null
    : `${youngest.name} was written ${(youngest.age / 1000).toFixed(1)} s ago and is not finished: ${tool.name} may be at work, though nobody was found who has it open`;
};
