import path from 'node:path';
import { onTestFinished } from 'vitest';
import { sandbox, smallTree } from '../../../../e2e/support/sandbox.ts';
import { look } from '../../fs/identity.ts';
import { raw } from '../../fs/raw.ts';
import type { Entry, Phase } from '../../store/schema.ts';
import { openStore } from '../../store/store.ts';
import type { Owner } from '../../usage/processes.ts';
import { self } from '../../usage/processes.ts';
import type { Assignment } from '../assignment.ts';
import { deleteTree } from '../deleter.ts';
import type { Engine } from '../engine.ts';
import { namesFor } from '../names.ts';

// For tests only: an engine over a real journal and real directories, without the rest of the application.

export interface Rig {
  readonly box: string;
  readonly engine: Engine;
  /** Makes a small tree called `name` and the order to set it aside. */
  readonly assignment: (name: string) => Assignment;
}

/** Another engine on the same journal. */
export const engineOn = async (stateDir: string): Promise<Engine> => {
  const store = await openStore(stateDir);
  onTestFinished(() => store.close().catch(() => undefined));
  return {
    store,
    door: 'test',
    stateDir,
    self: self(),
    now: Date.now,
    deleteTree: (order, options) => deleteTree(order, options),
    changed: () => undefined,
    deleting: () => undefined,
  };
};

export const newRig = async (): Promise<Rig> => {
  const box = sandbox();
  const engine = await engineOn(path.join(box, 'state'));
  const assignment = (name: string): Assignment => {
    const at = path.join(box, name);
    smallTree(at);
    const facts = look(at);
    if (facts === null) throw new Error(`${at} is not there`);
    return {
      plan: null,
      tool: null,
      unit: null,
      root: at,
      parent: raw(box),
      name: raw(name),
      names: namesFor(raw(name), engine.self.pid),
      identity: facts.identity,
      born: facts.born,
      planned: null,
      occupied: null,
      undoWindowMs: 60_000,
    };
  };
  return { box, engine, assignment };
};

/** A process of this machine and this boot that has ended: the first number after the greatest. */
export const deadOwner = (): Owner => ({ ...self(), pid: 4_194_305, startTicks: 1 });

/** A journal entry for what stands at `at` (or stood: then with the identity given). */
export const entryFor = (at: string, phase: Phase, more: Partial<Entry> = {}): Entry => {
  const name = raw(path.basename(at));
  const { token, stale, deleting } = namesFor(name, 4_194_303);
  return {
    id: `o_${token}`,
    token,
    plan: null,
    kind: 'clear',
    parts: null,
    phase,
    door: 'test',
    tool: null,
    unit: null,
    parent: raw(path.dirname(at)),
    name,
    stale,
    deleting,
    identity: look(at)?.identity ?? { dev: 0, ino: 0 },
    boot: self().bootId,
    born: look(at)?.born ?? null,
    owner: deadOwner(),
    startedAt: Date.now(),
    endedAt: null,
    undoUntil: Date.now() + 3_600_000,
    planned: null,
    freed: 0,
    entries: 0,
    leftCount: 0,
    undoWindowMs: null,
    waitUntil: null,
    holders: [],
    occupied: null,
    restored: null,
    evenIfInUse: false,
    ...more,
  };
};
