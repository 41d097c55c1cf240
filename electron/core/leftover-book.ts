import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { CodedError } from '../../shared/errors.ts';
import { LeftoverId, OperationId } from '../../shared/ids.ts';
import type { Leftover, Sizes } from '../../shared/model.ts';
import { closedBecause, type KnownCache } from './caches.ts';
import { assignmentNames } from './clear/assignment.ts';
import { stillIs } from './clear/same.ts';
import type { SweepOrder } from './clear/sweep.ts';
import { timestamp } from './clear/view.ts';
import type { Facts } from './fs/identity.ts';
import { ProtectedFolders } from './fs/protected-folders.ts';
import { type Finding, findLeftovers, type Place } from './leftovers/find.ts';
import { parseLeftover } from './leftovers/grammar.ts';
import type { ToolFinding } from './leftovers/tool-leftovers.ts';
import { ToolLook } from './leftovers/tool-look.ts';
import { leftoverWords } from './leftovers/words.ts';
import type { Scanner } from './scan/scanner.ts';
import type { Record } from './store/schema.ts';
import type { Store } from './store/store.ts';
import { self } from './usage/processes.ts';

/** What tools left is looked for anew after this long, in ms, while somebody wants to hear of it. */
export const toolsAnewMs = 60_000;

/** A leftover that has been shown, and the exact thing that was meant. */
export interface Shown {
  readonly view: Leftover;
  readonly finding: Finding | ToolFinding;
}

/** Where leftovers of these caches can stand: beside their units. */
export const leftoverPlaces = (caches: readonly KnownCache[]): readonly Place[] => {
  const places = new Map<string, { tool: string; units: string[]; isToolRoot: boolean }>();
  for (const cache of caches) {
    if (closedBecause(cache) !== null) continue;
    // A root that is itself the unit holds whatever it holds: what was set aside stands beside it.
    const isUnit = cache.units.some(({ path }) => path === cache.root);
    // The root is looked through even when it has no unit now.
    if (!isUnit) places.set(cache.root, places.get(cache.root) ?? { tool: cache.tool.id, units: [], isToolRoot: true });
    for (const { path } of cache.units) {
      const dir = dirname(path);
      const place = places.get(dir) ?? { tool: cache.tool.id, units: [], isToolRoot: dir === cache.root };
      place.units.push(basename(path));
      places.set(dir, place);
    }
  }
  return [...places].map(([dir, place]) => ({ dir, ...place }));
};

const idOf = ({ rawPath, facts }: Finding): LeftoverId => {
  const hash = createHash('sha256').update(rawPath).update(`\0${facts.identity.dev}:${facts.identity.ino}`);
  return LeftoverId.parse(`l_${hash.digest('hex').slice(0, 12)}`);
};

/**
 * What a person protected may hold leftovers that somebody else made: they are shown, and never cleaned. Copies of ours
 * were set aside before, with their word: those end as it was agreed.
 */
const guarded = <Found extends Finding>(finding: Found, folders: ProtectedFolders): Found => {
  if (finding.operation !== null) return finding;
  const because = folders.around(finding.path) ?? folders.inside(finding.path);
  if (because === null) return finding;
  return { ...finding, cleaning: 'never', evidence: [...finding.evidence, because.replace(/\.$/, '')] };
};

const viewOf = (
  finding: Finding | ToolFinding,
  tool: string | null,
  sizes: { readonly bytes: Sizes; readonly files: number } | null,
): Leftover => ({
  id: idOf(finding),
  path: finding.path,
  tool,
  ...leftoverWords(finding),
  verdict: finding.verdict,
  cleaning: finding.cleaning,
  evidence: finding.evidence,
  bytes: sizes?.bytes ?? null,
  files: sizes?.files ?? null,
  since: timestamp(finding.sinceMs),
  operation: finding.operation === null ? null : OperationId.parse(finding.operation),
});

interface LookWish {
  readonly measure: boolean;
  readonly tools: 'now' | 'known';
  readonly tool?: string | undefined;
}

/** What stands there that somebody set aside or left, with a verdict on each. */
export class LeftoverBook {
  readonly #scanner: Scanner;
  readonly #store: Store;
  readonly #tools = new ToolLook();

  constructor(scanner: Scanner, store: Store) {
    this.#scanner = scanner;
    this.#store = store;
  }

  /**
   * What stands there, ours first. `tools`: what tools left is looked for now, or (`known`) told as it was found last,
   * and looked for in the background when that is a while ago. `measure`: sizes too, of real directories and files.
   * `tool`: only what is of this one.
   */
  async look(caches: readonly KnownCache[], { measure, tools, tool }: LookWish): Promise<readonly Shown[]> {
    const open = await this.#store.open();
    const looking = tools === 'now' ? this.#tools.now(caches) : null;
    // A failure of the other look must not leave this one's unheard.
    looking?.catch(() => undefined);
    const { findings } = await findLeftovers({
      places: [...leftoverPlaces(caches), ...open.map(placeOfRecord)],
      journal: (token, facts) => {
        const record = recordOf(open, token, facts);
        return record === null
          ? null
          : {
              operation: record.id,
              phase: record.phase,
              identity: record.identity,
              born: record.born,
              owner: record.owner,
              boot: record.boot,
              undoUntilMs: record.undoUntil,
            };
      },
    });
    const folders = new ProtectedFolders((await this.#store.settings()).protectedFolders);
    const known = new Set(findings.map(({ rawPath }) => rawPath.toString('latin1')));
    const ofTools = looking === null ? this.#tools.known(caches, toolsAnewMs) : await looking;
    const others = ofTools.filter(({ rawPath }) => !known.has(rawPath.toString('latin1')));
    const shown: Shown[] = [];
    for (const finding of [...findings, ...others].map((it) => guarded(it, folders))) {
      // A copy of ours belongs to what it was taken from, wherever it stands.
      const whose = finding.tool ?? open.find(({ id }) => id === finding.operation)?.tool ?? null;
      if (tool !== undefined && whose !== tool) continue;
      shown.push({ finding, view: viewOf(finding, whose, measure ? await this.#sizes(finding) : null) });
    }
    return shown;
  }

  /** See {@link ToolLook.listen}. */
  listen(listener: (failure: unknown) => void): () => void {
    return this.#tools.listen(listener);
  }

  close(): void {
    this.#tools.close();
  }

  async #sizes({ facts, path, rawPath }: Finding): Promise<{ bytes: Sizes; files: number } | null> {
    const measurable = (facts.kind === 'directory' || facts.kind === 'file') && rawPath.equals(Buffer.from(path));
    if (!measurable) return null;
    const { bytes, files } = await this.#scanner.measure({ root: path, rewritten: 'anything', memory: null });
    return { bytes, files };
  }
}

/** A folder that was forgotten may still hold a copy of ours: the journal knows where. */
const placeOfRecord = (record: { readonly parent: Buffer; readonly tool: string | null }): Place => ({
  dir: record.parent.toString(),
  tool: record.tool ?? 'folder',
  units: [],
  isToolRoot: false,
});

/** Whose thing it is, of those that gave the token to one of their two names; else the first that did. */
const recordOf = (open: readonly Record[], token: string, facts: Facts): Record | null => {
  const gave = open.filter(({ stale, deleting }) => [stale, deleting].some((it) => parseLeftover(it)?.token === token));
  return gave.find((record) => stillIs(record, facts, self().bootId) !== null) ?? gave[0] ?? null;
};

/** The order to clean what was shown. @throws CodedError `in-use` or `look-first` when its verdict forbids that. */
export const sweepOrder = ({ view, finding }: Shown): SweepOrder => {
  const reasons = view.evidence.join('; ');
  if (view.verdict === 'in-progress') {
    throw new CodedError({ code: 'in-use', path: view.path, message: `${view.path} is being worked on: ${reasons}.` });
  }
  if (view.cleaning === 'never') {
    const message = [`${view.path} is left alone: ${reasons}.`, view.remedy ?? ''].join(' ').trim();
    throw new CodedError({ code: 'look-first', path: view.path, message });
  }
  const cut = finding.rawPath.lastIndexOf(0x2f);
  const names =
    cut > 0
      ? { parent: finding.rawPath.subarray(0, cut), name: finding.rawPath.subarray(cut + 1) }
      : assignmentNames(view.path);
  return {
    ...names,
    identity: finding.facts.identity,
    born: finding.facts.born,
    tool: view.tool,
    planned: view.bytes?.reclaimable ?? null,
    evidence: reasons,
    ...('again' in finding && {
      cache: finding.cache,
      locks: finding.locks,
      again: finding.again,
      certain: view.cleaning === 'safe',
    }),
  };
};
