import path from 'node:path';
import { expect } from 'vitest';
import type { CodedError, Result } from '../../../../../shared/errors.ts';
import type { OperationId } from '../../../../../shared/ids.ts';
import type { UndoChoice } from '../../../../../shared/model.ts';
import { fs } from '../../../fs/seam.ts';
import { command as runCommand, script } from '../children.ts';
import { value } from '../home.ts';
import { clear, settleWaits } from './carry-clear.ts';
import type { Command, Part } from './commands.ts';
import type { DoomedOrder } from './doomed.ts';
import type { Model } from './model.ts';
import { print } from './print.ts';
import { foreignName, type Unit, type World } from './world.ts';

const hourMs = 3_600_000;
type Of<What extends Command['do']> = Extract<Command, { readonly do: What }>;

/** The code of the error that an answer is. */
const refused = (answer: Result<unknown>): CodedError['code'] | null => (answer.ok ? null : answer.error.code);

/** Why an undo is refused when there is a copy; null: it is not. */
const againstUndo = (world: World, model: Model, unit: Unit, choice: UndoChoice): string | null => {
  if (!model.isFilled(unit) || choice === 'beside') return null;
  if (choice === 'refuse') return 'recreated';
  if (unit === 'extra' && !model.isAdded) return 'unknown-cache';
  if (model.protected.has(unit)) return 'protected-place';
  return world.isUsed(unit) ? 'in-use' : null;
};

const undo = async (world: World, model: Model, { door, which, choice }: Of<'undo'>): Promise<void> => {
  const id = model.pick(which);
  if (id === null) return;
  const copy = model.copies.get(id);
  const against = copy === undefined ? 'not-undoable' : againstUndo(world, model, copy.unit, choice);
  const isFilled = copy !== undefined && model.isFilled(copy.unit);
  const answer = await world.door(door).call('undo', { operation: id as OperationId, ifRecreated: choice });
  expect(refused(answer), `undo of ${copy?.unit}`).toBe(against);
  if (copy === undefined) return;
  const { unit } = copy;
  if (!answer.ok) {
    copy.owner = null;
    return;
  }
  model.set(answer.value, 'undone');
  model.copies.delete(id);
  const { restoredTo } = answer.value;
  const there = model.places.get(unit) ?? null;
  expect(restoredTo !== null, 'it stands beside').toBe(isFilled && choice === 'beside');
  if (restoredTo !== null) {
    const name = path.basename(restoredTo);
    expect(name).toMatch(new RegExp(`^${unit}\\.restored-\\d{4}-\\d\\d-\\d\\d(-\\d+)?$`));
    expect(model.beside.has(name)).toBe(false);
    model.beside.set(name, { unit, print: copy.print });
    return;
  }
  model.places.set(unit, copy.print);
  const [other] = await model.history();
  const isNew = other !== undefined && !model.states.has(other.id);
  expect(isNew, 'the new one has an operation of its own').toBe(isFilled);
  if (!isNew) return;
  model.set(other, 'set-aside');
  model.copies.set(other.id, { unit, print: there ?? '', owner: other.door });
};

const recover = async (world: World, model: Model, { door, now }: Of<'recover'>): Promise<void> => {
  value(await world.door(door).call('recover', { now }));
  if (!now) return;
  for (const [id, { owner }] of model.copies) {
    if (owner !== null) continue;
    model.copies.delete(id);
    model.states.set(id, 'done');
  }
};

const restart = async (world: World, model: Model, { door }: Of<'restart'>): Promise<void> => {
  const name = world.nameOf(door);
  await world.reopen(door);
  await world.door(door).resume();
  for (const kept of [...model.copies.values(), ...model.waits.values()]) if (kept.owner === name) kept.owner = null;
};

const sweep = async (world: World, model: Model, { door, nodes, planted }: Of<'sweep'>): Promise<void> => {
  const at = path.join(world.cache, foreignName);
  if (planted === 'link') fs.symlinkSync(world.precious, at);
  else world.plant(nodes);
  const { leftovers } = value(await world.door(door).call('leftovers', { measure: false }));
  const found = leftovers.filter((it) => it.path === at);
  expect(found.length).toBe(1);
  const answer = await world.door(door).call('clean', { which: found.map(({ id }) => id) });
  if (planted === 'link') {
    expect(refused(answer)).toBe('look-first');
    fs.unlinkSync(at);
    return;
  }
  const [operation] = value(answer).operations;
  if (operation === undefined) throw new Error('nothing was swept');
  expect(operation.kind).toBe('sweep');
  model.set(operation, 'done');
};

const folder = async (world: World, model: Model, { do: what, door }: Of<'add' | 'forget'>): Promise<void> => {
  const at = world.place('extra');
  const client = world.door(door);
  if (what === 'add') {
    const answer = await client.call('add', { path: at, isCache: true });
    const isThere = model.places.get('extra') !== null;
    if (isThere) expect(answer.ok).toBe(!model.protected.has('extra'));
    if (answer.ok) model.isAdded = true;
    return;
  }
  if (!model.isAdded) return;
  const { caches } = value(await client.call('list', { measure: false }));
  const known = caches.find(({ root }) => root === at);
  if (known === undefined) throw new Error('a folder that was added is not listed');
  value(await client.call('forget', { cache: known.id }));
  model.isAdded = false;
};

const protect = async (world: World, model: Model, { do: what, door, unit }: Of<'protect' | 'unprotect'>) => {
  const at = world.place(unit);
  const answer = await world.door(door).call(what, { path: at });
  if (what === 'protect') {
    expect(answer.ok).toBe(model.places.get(unit) !== null);
    if (answer.ok) model.protected.add(unit);
  } else {
    expect(answer.ok).toBe(model.protected.has(unit));
    model.protected.delete(unit);
  }
};

const cancel = async (world: World, model: Model, { door, which }: Of<'cancel'>): Promise<void> => {
  const id = model.pick(which);
  if (id === null) return;
  const { stopped } = value(await world.door(door).call('cancel', { operation: id as OperationId }));
  expect(stopped).toBe(model.waits.has(id));
  if (!stopped) return;
  model.waits.delete(id);
  model.states.set(id, 'refused');
};

/** One of two things at once. What comes of it is not certain, but an error of the program would be one. */
const doPart = async (world: World, model: Model, part: Part, door: number): Promise<void> => {
  const client = world.door(door);
  if (part.do === 'recover') {
    value(await client.call('recover', { now: part.now }));
    return;
  }
  const answer =
    part.do === 'undo'
      ? await client.call('undo', { operation: model.pick(part.which) as OperationId })
      : await world.clear(door, part.unit, { windowMs: part.window ? hourMs : 0, how: 'if idle' });
  if (!answer.ok) expect(['not-undoable', 'recreated', 'unknown-cache', 'changed']).toContain(answer.error.code);
};

const canBegin = (world: World, model: Model, part: Part): boolean =>
  part.do === 'clear'
    ? !world.isUsed(part.unit) && (part.unit !== 'extra' || model.isAdded)
    : part.do === 'recover' || model.pick(part.which) !== null;

const atOnce = async (world: World, model: Model, { parts }: Of<'at once'>): Promise<void> => {
  if (model.waits.size > 0 || !parts.every((part) => canBegin(world, model, part))) return;
  const before = model.things();
  await Promise.all(parts.map((part, door) => doPart(world, model, part, door)));
  await model.adopt(before);
};

const killed = async (world: World, model: Model, { part, at, write }: Of<'killed'>): Promise<void> => {
  if (model.waits.size > 0 || !canBegin(world, model, part)) return;
  if (part.do === 'clear' && model.places.get(part.unit) === null) return;
  const before = model.things();
  const work: DoomedOrder['work'] =
    part.do === 'clear'
      ? {
          do: 'clear',
          root: part.unit === 'extra' ? world.place('extra') : world.cache,
          folder: world.folderOf(part.unit),
          name: part.unit,
          windowMs: part.window ? hourMs : 0,
        }
      : part.do === 'undo'
        ? { do: 'undo', id: model.pick(part.which) ?? '' }
        : part;
  const order: DoomedOrder = { stateDir: world.state, at, write, work };
  await runCommand(script('model/doomed', order));
  value(await world.door(0).call('recover', { now: false }));
  await model.adopt(before);
};

/** Does one thing, and looks whether what came of it is what must come of it. */
export const carry = async (world: World, model: Model, it: Command): Promise<void> => {
  switch (it.do) {
    case 'clear':
      await clear(world, model, it);
      break;
    case 'undo':
      await undo(world, model, it);
      break;
    case 'make':
      if (model.places.get(it.unit) !== null) return;
      world.make(it.unit, it.nodes);
      model.places.set(it.unit, print(world.place(it.unit)));
      break;
    case 'recover':
      await recover(world, model, it);
      break;
    case 'restart':
      await restart(world, model, it);
      break;
    case 'sweep':
      await sweep(world, model, it);
      break;
    case 'add':
    case 'forget':
      await folder(world, model, it);
      break;
    case 'protect':
    case 'unprotect':
      await protect(world, model, it);
      break;
    case 'use':
      if (model.places.get(it.unit) !== null) await world.use(it.unit);
      break;
    case 'leave':
      await world.leave(it.unit);
      break;
    case 'cancel':
      await cancel(world, model, it);
      break;
    case 'at once':
      await atOnce(world, model, it);
      break;
    case 'killed':
      await killed(world, model, it);
  }
  await settleWaits(world, model);
};
