import type { Implementation } from '../../shared/api.ts';
import { CodedError } from '../../shared/errors.ts';
import type { LeftoverId, OperationId } from '../../shared/ids.ts';
import type { SelfTest } from '../../shared/model.ts';
import { cancelWait } from './clear/end-wait.ts';
import { recover } from './clear/recover.ts';
import { finishUnlessHeld } from './clear/second-look.ts';
import { sweep } from './clear/sweep.ts';
import { undo } from './clear/undo.ts';
import { viewOf } from './clear/view.ts';
import { examine } from './doctor.ts';
import { type Shown, sweepOrder } from './leftover-book.ts';
import { cachesNow, type Parts } from './parts.ts';
import type { Phase, Record } from './store/schema.ts';
import { swapOrder } from './swap-order.ts';
import { removeDeadLock } from './usage/lock.ts';

const openPhases: readonly Phase[] = ['set-aside', 'deleting', 'partial'];

/** A copy of ours is finished as the operation that it belongs to; a found one is claimed first. */
const clean = async (parts: Parts, shown: Shown): Promise<Record> => {
  const { engine, clears, store } = parts;
  const order = sweepOrder(shown);
  const { operation } = shown.view;
  if (operation === null) return clears.enqueue(shown.view.id, (signal) => sweep(engine, order, signal));
  const owner = (await store.get(operation))?.owner ?? null;
  const ownedBy = owner === null ? null : JSON.stringify(owner);
  const result = await clears.enqueue(operation, (signal) =>
    finishUnlessHeld(engine, operation, openPhases, { signal, ownedBy }),
  );
  const record = result ?? (await store.get(operation));
  if (record) return record;
  throw new CodedError({ code: 'unknown-target', message: `${shown.view.path} is not there any more.` });
};

const chosen = (all: readonly Shown[], which: 'safe' | readonly LeftoverId[]): readonly Shown[] => {
  if (which === 'safe') return all.filter(({ view }) => view.cleaning === 'safe');
  return which.map((id) => {
    const shown = all.find(({ view }) => view.id === id);
    if (shown) return shown;
    throw new CodedError({
      code: 'unknown-target',
      message: `There is no leftover with the id ${id} (any more). 'leftovers' shows those that are there.`,
    });
  });
};

/** Loaded when it is asked for, once. */
const selfTestOf = (parts: Parts): Implementation['selfTest'] => {
  let tester: Promise<() => Promise<SelfTest>> | null = null;
  return async () => {
    tester ??= import('./self-test/self-test.ts').then(({ selfTester }) => selfTester(parts));
    return (await tester)();
  };
};

/** @throws CodedError for a tool of which nothing is known that it leaves. Loads all grammars, so only when one is named. */
const mustLeave = async (tool: string | undefined): Promise<void> => {
  if (tool !== undefined) (await import('./leftovers/leavers.ts')).mustLeave(tool);
};

type OperationCalls = Pick<
  Implementation,
  'undo' | 'cancel' | 'runOwn' | 'leftovers' | 'clean' | 'recover' | 'history' | 'settings' | 'doctor' | 'selfTest'
>;

/** @throws CodedError `unknown-target` for an operation that is not in the history. */
const known = async ({ store }: Parts, operation: OperationId): Promise<OperationId> => {
  if ((await store.get(operation)) !== null) return operation;
  throw new CodedError({
    code: 'unknown-target',
    message: `There is no operation ${operation}. 'history' shows those that there are.`,
  });
};

/** The calls about what has been done: undo, leftovers, recovery, history; and about the program itself. */
export const operationCalls = (parts: Parts): OperationCalls => ({
  undo: async ({ operation, ifRecreated }) => {
    const record = await undo(parts.engine, operation, {
      ...(ifRecreated !== undefined && { ifRecreated }),
      orderFor: (open) => swapOrder(parts, open),
      swapped: (other) => parts.clears.keep(other),
    });
    parts.clears.forget(operation);
    return viewOf(record);
  },

  cancel: async ({ operation }: { operation: OperationId }) => ({
    stopped:
      parts.commands.cancel(operation) ||
      parts.clears.cancel(operation) ||
      (await cancelWait(parts.engine, await known(parts, operation))),
  }),

  leftovers: async ({ measure, tool }) => {
    await mustLeave(tool);
    const all = await parts.leftovers.look(await cachesNow(parts), { measure, tools: 'now', tool });
    return { leftovers: all.map(({ view }) => view) };
  },

  clean: async ({ which, tool }) => {
    await mustLeave(tool);
    const wanted = chosen(
      await parts.leftovers.look(await cachesNow(parts), { measure: true, tools: 'now', tool }),
      which,
    );
    // A verdict that forbids one forbids all of them, before anything is touched.
    for (const shown of wanted) sweepOrder(shown);
    const records: Record[] = [];
    for (const shown of wanted) records.push(await clean(parts, shown));
    return { operations: records.map(viewOf) };
  },

  recover: async ({ now }) => {
    const records = await parts.clears.enqueue('recovery', (signal) => recover(parts.engine, { now, signal }));
    for (const { root } of await cachesNow(parts)) removeDeadLock(root, parts.stateDir);
    return { operations: records.map(viewOf) };
  },

  runOwn: async ({ cache }) => viewOf(await parts.commands.run(parts, cache)),

  history: async ({ sinceMs, state, limit }) => {
    const since = sinceMs === undefined ? undefined : Date.now() - sinceMs;
    const records = await parts.store.history({ since, phase: state, limit });
    return { operations: records.map(viewOf) };
  },

  settings: async (changes) => {
    const named = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (named.length === 0) return parts.store.settings();
    await parts.store.saveSettings(Object.fromEntries(named));
    const settings = await parts.store.settings();
    parts.events.emit('settings', settings);
    return settings;
  },

  selfTest: selfTestOf(parts),

  doctor: async () => examine(parts.stateDir, await cachesNow(parts), parts.notices),
});
