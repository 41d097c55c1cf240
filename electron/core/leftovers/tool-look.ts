import { tmpdir } from 'node:os';
import { sameIdentity } from '../../../shared/identity.ts';
import { closedBecause, type KnownCache } from '../caches.ts';
import { isProject } from '../catalog/project.ts';
import { look } from '../fs/identity.ts';
import type { KnownPlace, ToolFinding } from './tool-leftovers.ts';

/** A look that took long is not repeated before so many times that long. */
const restFactor = 50;

interface Last {
  readonly places: string;
  readonly at: number;
  readonly tookMs: number;
  readonly findings: readonly ToolFinding[];
}

const placesIn = (caches: readonly KnownCache[]): readonly KnownPlace[] =>
  caches
    .filter((cache) => cache.facts !== null && !isProject(cache.tool) && closedBecause(cache) === null)
    .map(({ root, tool, units }) => ({ root, tool, units: units.map(({ path }) => path) }));

/** Projects that a person added and that are still there. */
export const projectsIn = (caches: readonly KnownCache[]): readonly string[] =>
  caches.filter(({ tool, facts }) => isProject(tool) && facts?.kind === 'directory').map(({ root }) => root);

const placesText = (known: readonly KnownPlace[], projects: readonly string[]): string =>
  JSON.stringify([known.map(({ root, tool }) => [tool.id, root]), projects]);

/** Is called when a look has found something else than the last; with what was thrown, when one has failed; else null. */
type FoundListener = (failure: unknown) => void;

const stillStands = ({ rawPath, facts }: ToolFinding): boolean => {
  try {
    const now = look(rawPath);
    return now !== null && sameIdentity(now.identity, facts.identity);
  } catch {
    return false;
  }
};

/** What somebody who has seen one list would see in another. */
const inWords = (findings: readonly ToolFinding[]): string =>
  JSON.stringify(findings.map(({ path, facts, verdict, cleaning }) => [path, facts.identity, verdict, cleaning]));

/** What tools left: looked for through whole caches, which may take seconds, so what was found last is remembered. */
export class ToolLook {
  #last: Last | null = null;
  #running: string | null = null;
  #told = inWords([]);
  readonly #listeners = new Set<FoundListener>();
  readonly #closing = new AbortController();

  /** Looks now, and waits for the end. */
  async now(caches: readonly KnownCache[]): Promise<readonly ToolFinding[]> {
    const [known, projects] = [placesIn(caches), projectsIn(caches)];
    const places = placesText(known, projects);
    const began = performance.now();
    const signal = this.#closing.signal;
    // Most commands look for none: they need not load all grammars.
    const { findToolLeftovers } = await import('./tool-leftovers.ts');
    const { findings } = await findToolLeftovers({ places: known, projects, temporary: tmpdir(), signal });
    const at = performance.now();
    this.#last = { places, at, tookMs: at - began, findings };
    const told = inWords(findings);
    if (told !== this.#told) {
      this.#told = told;
      this.#tell(null);
    }
    return findings;
  }

  /**
   * What was found last and still stands there, at once. Begins another look when that is older than `maxAgeMs` (longer,
   * where a look takes long) or the caches are others now; who listens is told when it finds something else.
   */
  known(caches: readonly KnownCache[], maxAgeMs: number): readonly ToolFinding[] {
    const places = placesText(placesIn(caches), projectsIn(caches));
    const last = this.#last;
    const restMs = Math.max(maxAgeMs, restFactor * (last?.tookMs ?? 0));
    const isCurrent = last?.places === places && performance.now() - last.at < restMs;
    if (!isCurrent && this.#running !== places) {
      this.#running = places;
      this.now(caches)
        .catch((thrown: unknown) => this.#tell(thrown))
        .finally(() => {
          if (this.#running === places) this.#running = null;
        });
    }
    return last?.findings.filter(stillStands) ?? [];
  }

  /** Returns the function that ends the subscription. */
  listen(listener: FoundListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.#closing.abort();
  }

  #tell(failure: unknown): void {
    for (const listener of this.#listeners) listener(failure);
  }
}
