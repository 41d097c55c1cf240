import type { Target } from '../../shared/api.ts';
import type { CacheId } from '../../shared/ids.ts';
import { nameFrom } from './arguments.ts';
import { need, type Session } from './session.ts';

export interface Named {
  readonly targets: readonly Target[];
  readonly cache: CacheId;
}

/** What one CACHE-OR-UNIT means. */
export const resolveName = async ({ client, terminal }: Session, text: string): Promise<Named> =>
  need(await client.call('resolve', { text: nameFrom(terminal.cwd, text) }));

const keyOf = (target: Target): string =>
  'unit' in target ? target.unit : 'cache' in target ? target.cache : JSON.stringify(target);

/** What several mean together, each once. */
export const resolveNames = async (session: Session, texts: readonly string[]): Promise<Target[]> => {
  const targets = new Map<string, Target>();
  for (const text of texts) {
    for (const target of (await resolveName(session, text)).targets) targets.set(keyOf(target), target);
  }
  return [...targets.values()];
};
