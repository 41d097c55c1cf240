import { join } from 'node:path';
import type { Usage } from '../../../shared/model.ts';
import { rawText } from '../fs/raw.ts';
import { type UsePlace, usageOf } from '../usage/holders.ts';
import { freshlyWritten } from '../usage/writing.ts';
import type { Candidate, KnownPlace } from './tool-candidates.ts';

/**
 * A name that nothing has: asked about below a cache, only those answer who work with the cache as a whole (by their
 * command line, its locks, a file just written), and not whoever has some other part of it open.
 */
const nothing = '.cache-inspector-asks';

const both = (one: Usage, other: Usage): Usage => {
  const verdicts = [one.verdict, other.verdict];
  return {
    verdict: verdicts.includes('in-use') ? 'in-use' : verdicts.includes('cannot-tell') ? 'cannot-tell' : 'idle',
    holders: [...one.holders, ...other.holders],
    evidence: [...new Set([...one.evidence, ...other.evidence])],
  };
};

const ownPath = ({ rawPath, seen, hit }: Candidate): string | null =>
  rawText(hit.grammar.wholeFolder === true ? seen.dir : rawPath);

/**
 * Who uses each of them: has it open (or its folder, where that counts), or works with its cache. By one pass over all
 * processes. The answer is null where nobody can be asked, because the path is no text.
 */
export const usagesOf = async (
  candidates: readonly Candidate[],
  places: readonly KnownPlace[],
): Promise<(candidate: Candidate) => Usage | null> => {
  const cacheOf = ({ hit: { start } }: Candidate): UsePlace | null => {
    const root = start.from === 'cache' ? rawText(start.real) : null;
    const tool = places.find((place) => place.tool.id === start.tool)?.tool ?? null;
    return root === null || tool === null ? null : { path: join(root, nothing), root, tool };
  };
  const asked = candidates.flatMap((candidate): readonly UsePlace[] => {
    const path = ownPath(candidate);
    const cache = cacheOf(candidate);
    return [...(path === null ? [] : [{ path, root: null, tool: null }]), ...(cache === null ? [] : [cache])];
  });
  const usages = new Map(await usageOf(asked));
  for (const [path, cache] of new Map(asked.map((place) => [place.path, place]))) {
    const writing = cache.root === null ? null : freshlyWritten({ ...cache, path: cache.root });
    const usage = usages.get(path);
    if (writing === null || usage === undefined) continue;
    usages.set(path, both(usage, { verdict: 'cannot-tell', holders: [], evidence: [writing] }));
  }
  return (candidate) => {
    const own = usages.get(ownPath(candidate) ?? '') ?? null;
    const cache = usages.get(cacheOf(candidate)?.path ?? '') ?? null;
    return own === null || cache === null ? own : both(own, cache);
  };
};
