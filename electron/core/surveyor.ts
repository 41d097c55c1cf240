import { Decoder } from './catalog/decoder.ts';
import { tools } from './catalog/index.ts';
import type { Surveyed } from './catalog/survey.ts';
import type { Surroundings } from './catalog/tool.ts';
import { locate } from './fs/place.ts';
import type { Folder } from './store/schema.ts';

/** What was found at places of slow tools, by tool and canonical root. */
export type Surveys = ReadonlyMap<string, Surveyed>;
export const surveyKey = (tool: string, root: string): string => `${tool}\0${root}`;

/** Canonical; null where nothing can be looked for. */
const canonical = (path: string): string | null => {
  try {
    const { path: place, facts } = locate(path);
    return facts?.kind === 'directory' ? place : null;
  } catch {
    return null;
  }
};

/**
 * Lists units and what is kept of caches that take long to list, in a thread: for doors that stay open, whose own thread
 * serves people. Who asks while it is at that place hears the same answer.
 */
export class Surveyor {
  readonly #decoder = new Decoder();
  readonly #asked = new Map<string, Promise<Surveyed>>();

  /** A place that cannot be surveyed is left out: it is listed by whoever asks. */
  async survey(surroundings: Surroundings, folders: readonly Folder[]): Promise<Surveys> {
    const slow = tools.filter(({ isSlow }) => isSlow);
    const places = [
      ...slow
        .map((tool) => ({ tool: tool.id, root: tool.root(surroundings) }))
        .filter(({ root }) => root.problem === undefined)
        .map(({ tool, root }) => ({ tool, path: root.path })),
      ...folders.filter(({ tool }) => slow.some(({ id }) => id === tool)),
    ];
    const found = new Map<string, Surveyed>();
    await Promise.all(
      places.map(async ({ tool, path }) => {
        const root = canonical(path);
        if (root === null) return;
        const surveyed = await this.#ask(tool, root).catch(() => null);
        if (surveyed !== null) found.set(surveyKey(tool, root), surveyed);
      }),
    );
    return found;
  }

  close(): Promise<void> {
    return this.#decoder.close();
  }

  #ask(tool: string, root: string): Promise<Surveyed> {
    const key = surveyKey(tool, root);
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const answer = this.#decoder.survey({ tool, root }).finally(() => this.#asked.delete(key));
    this.#asked.set(key, answer);
    return answer;
  }
}
