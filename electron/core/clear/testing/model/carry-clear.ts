import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { OperationState } from '../../../../../shared/model.ts';
import { fs } from '../../../fs/seam.ts';
import { value } from '../home.ts';
import type { Command, Obstacle } from './commands.ts';
import type { Model, Waiting } from './model.ts';
import { print } from './print.ts';
import type { Unit, World } from './world.ts';

type Clear = Extract<Command, { readonly do: 'clear' }>;

const hourMs = 3_600_000;

const obstruct = (at: string, obstacle: Obstacle, world: World): void => {
  if (obstacle === 'file') fs.writeFileSync(at, 'somebody else’s');
  else if (obstacle === 'link') fs.symlinkSync(world.precious, at);
  else fs.mkdirSync(obstacle === 'folder' ? `${at}/with/something` : at, { recursive: true });
};

/** How a clear of that unit ends. */
const endOf = (world: World, model: Model, unit: Unit, window: boolean, how: Clear['how']): OperationState => {
  if (model.places.get(unit) === null) return 'nothing-to-do';
  if (model.protected.has(unit)) return 'refused';
  if (world.isUsed(unit) && how !== 'even if in use') return how === 'wait' ? 'waiting' : 'refused';
  return window ? 'set-aside' : 'done';
};

/** What a clear that has ended so means for the unit. */
const took = (model: Model, id: string, unit: Unit, state: OperationState, door: string): void => {
  if (state === 'set-aside') model.aside(id, unit, door);
  if (state === 'done') model.places.set(unit, null);
};

export const clear = async (
  world: World,
  model: Model,
  { door, unit, window, how, obstacle }: Clear,
): Promise<void> => {
  if (how === 'wait' && [...model.waits.values()].some((wait) => wait.unit === unit)) return;
  const standing = { at: '', print: '' };
  const answer = await world.clear(door, unit, {
    windowMs: window ? hourMs : 0,
    how,
    planned: (to) => {
      if (obstacle === 'none' || to === null) return;
      obstruct(to, obstacle, world);
      standing.at = to;
      standing.print = print(to);
    },
  });
  if (standing.at !== '') {
    expect(print(standing.at), 'what had the name already').toBe(standing.print);
    fs.rmSync(standing.at, { recursive: true });
  }
  if (unit === 'extra' && !model.isAdded) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-cache' } });
    return;
  }
  const [operation] = value(answer).operations;
  if (operation === undefined) throw new Error('nothing was done');
  const expected = endOf(world, model, unit, window, how);
  model.set(operation, expected);
  if (expected === 'waiting') model.waits.set(operation.id, { unit, window, owner: operation.door });
  else took(model, operation.id, unit, expected, operation.door);
};

/** How a wait ends whose unit is idle. */
const firedAs = (world: World, model: Model, { unit, window }: Waiting): OperationState =>
  unit === 'extra' && !model.isAdded && model.places.get(unit) !== null
    ? 'refused'
    : endOf(world, model, unit, window, 'if idle');

/** Clears that wait begin by themselves when their unit is idle: waits for those, and looks what came of them. */
export const settleWaits = async (world: World, model: Model): Promise<void> => {
  for (const [id, wait] of model.waits) {
    if (wait.owner === null || (model.places.get(wait.unit) !== null && world.isUsed(wait.unit))) continue;
    const expected = firedAs(world, model, wait);
    const deadline = Date.now() + 60_000;
    let phase = 'waiting';
    while (phase !== expected && Date.now() < deadline) {
      await sleep(50);
      phase = (await world.store.get(id))?.phase ?? 'lost';
    }
    expect(phase, `${id}, which waited for ${wait.unit}`).toBe(expected);
    model.waits.delete(id);
    model.states.set(id, expected);
    took(model, id, wait.unit, expected, wait.owner);
  }
};
