import { spawn } from 'node:child_process';
import type { Call } from './calls.ts';
import type { Interrupted, Lane } from './lane.ts';
import type { VictimOrder } from './victim.ts';
import type { World } from './world.ts';

type Work = Omit<VictimOrder, 'stateDir'>;

export const groups = ['clears', 'undos', 'waits and sweeps', 'recoveries'] as const;
export type Group = (typeof groups)[number];

/** Something that a door does, and that is cut off at every call that changes anything. */
export interface Phase {
  /** Those that are shown together: `recoveries` are row 44 of the matrix, all others row 43. */
  readonly group: Group;
  readonly name: string;
  /** Makes what the door finds. Resolves with what it is to do, and what ends with it. */
  readonly prepare: (world: World, lane: Lane) => Promise<{ readonly work: Work; readonly end?: () => void }>;
  /** There is no history yet. */
  readonly isFirst?: boolean;
  /** The calls that are meant; all without it. */
  readonly calls?: (call: Call) => boolean;
  /** How many points the short run takes. */
  readonly short: number;
  /** How it ends when nothing is killed: the phases of its operations, sorted. */
  readonly ends: readonly string[];
}

const clear: Work = { work: { do: 'clear', undoWindowMs: 0 } };

/** What the deleter does: it names things by the handle of their folder, and links and locks are not its business. */
const byDeleter = ({ name, about }: Call): boolean =>
  about.startsWith('@/') && ['unlink', 'unlinkat', 'rmdir', 'renameat', 'fchmod'].includes(name);

const undoOf = async (
  world: World,
  lane: Lane,
  ifRecreated: 'refuse' | 'beside' | 'swap',
  made: 'nothing' | 'empty' | 'whole',
): Promise<{ readonly work: Work }> => {
  const [id = ''] = await lane.prepare(world, [{ name: 'pkgs', how: 'set aside' }]);
  if (made !== 'nothing') world.tree('the new one', 'pkgs', made);
  return { work: { work: { do: 'undo', id, ifRecreated } } };
};

/** Operations of doors that have ended, each on a folder of its own. */
const cutOff: readonly Interrupted['how'][] = [
  'intent',
  'intent, renamed',
  'set aside',
  'undoing',
  'undoing, renamed',
  'deleting',
  'half deleted',
];

const interruptedEverywhere = async (
  world: World,
  lane: Lane,
  hows: readonly Interrupted['how'][],
): Promise<{ readonly work: Work }> => {
  for (const [at] of hows.entries()) world.tree(`folder ${at}`, `folder${at}`);
  await lane.prepare(
    world,
    hows.map((how, at) => ({ name: `folder${at}`, how })),
  );
  return { work: { work: { do: 'recover' } } };
};

/** Somebody who does not descend from the door has the unit open. */
const user = (world: World): (() => void) => {
  const child = spawn('sleep', ['600'], { cwd: world.at('pkgs'), stdio: 'ignore' });
  return () => void child.kill('SIGKILL');
};

const unit = (world: World): void => world.tree('the unit', 'pkgs');

export const phases: readonly Phase[] = [
  {
    group: 'clears',
    name: 'the first start, which makes the history',
    isFirst: true,
    prepare: async (world) => {
      unit(world);
      return { work: { work: { do: 'open' } } };
    },
    short: 16,
    ends: [],
  },
  {
    group: 'clears',
    name: 'a clear without an undo window',
    prepare: async (world) => {
      unit(world);
      return { work: clear };
    },
    short: 36,
    ends: ['done'],
  },
  {
    group: 'clears',
    name: 'a delete, door and helper at once',
    prepare: async (world) => {
      unit(world);
      return { work: { ...clear, dies: 'with its helper' } };
    },
    calls: byDeleter,
    short: 7,
    ends: ['done'],
  },
  {
    group: 'clears',
    name: 'a clear with an undo window',
    prepare: async (world) => {
      unit(world);
      return { work: { work: { do: 'clear', undoWindowMs: 3_600_000 } } };
    },
    short: 14,
    ends: ['set-aside'],
  },
  {
    group: 'undos',
    name: 'an undo',
    prepare: async (world, lane) => {
      unit(world);
      return undoOf(world, lane, 'refuse', 'nothing');
    },
    short: 12,
    ends: ['undone'],
  },
  {
    group: 'undos',
    name: 'an undo that replaces an empty folder',
    prepare: async (world, lane) => {
      unit(world);
      return undoOf(world, lane, 'refuse', 'empty');
    },
    short: 6,
    ends: ['undone'],
  },
  {
    group: 'undos',
    name: 'an undo that puts the old one beside the new one',
    prepare: async (world, lane) => {
      unit(world);
      return undoOf(world, lane, 'beside', 'whole');
    },
    short: 16,
    ends: ['undone'],
  },
  {
    group: 'undos',
    name: 'an undo that swaps the two',
    prepare: async (world, lane) => {
      unit(world);
      return undoOf(world, lane, 'swap', 'whole');
    },
    short: 20,
    ends: ['set-aside', 'undone'],
  },
  {
    group: 'waits and sweeps',
    name: 'the sweep of a leftover',
    prepare: async (world) => {
      world.tree('the leftover', 'pkgs.stale-4194302', 'leftover');
      return { work: { work: { do: 'sweep' } } };
    },
    short: 18,
    ends: ['done'],
  },
  {
    group: 'waits and sweeps',
    name: 'a wait that begins and is cancelled',
    prepare: async (world) => {
      unit(world);
      return { work: { work: { do: 'wait' } }, end: user(world) };
    },
    short: 6,
    ends: ['refused'],
  },
  {
    group: 'waits and sweeps',
    name: 'a wait that fires',
    prepare: async (world, lane) => {
      unit(world);
      const [id = ''] = await lane.prepare(world, [{ name: 'pkgs', how: 'waiting' }]);
      return { work: { work: { do: 'wait again', id } } };
    },
    short: 18,
    ends: ['done'],
  },
  {
    group: 'recoveries',
    name: 'a recovery of all that can be cut off',
    prepare: (world, lane) => interruptedEverywhere(world, lane, cutOff),
    short: 36,
    ends: ['done', 'done', 'done', 'done', 'failed', 'undone', 'undone'],
  },
  {
    group: 'recoveries',
    name: 'a recovery that deletes, door and helper at once',
    prepare: async (world, lane) => {
      const { work } = await interruptedEverywhere(world, lane, ['deleting', 'half deleted']);
      return { work: { ...work, dies: 'with its helper' } };
    },
    calls: byDeleter,
    short: 11,
    ends: ['done', 'done'],
  },
];
