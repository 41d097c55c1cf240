import { readdirSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ForkHelper, forkHelper } from '../../../../electron/core/clear/helper-process.ts';
import { openInspector } from '../../../../electron/core/inspector.ts';
import { CodedError, type Result } from '../../../../shared/errors.ts';
import type { OperationId } from '../../../../shared/ids.ts';
import type { Operation, UndoChoice } from '../../../../shared/model.ts';

// One door that does one thing and is killed meanwhile. Everything that it is told it says at once: that is what has
// been acknowledged.

export interface VictimOrder {
  readonly stateDir: string;
  readonly work:
    | { readonly do: 'open' }
    | { readonly do: 'clear'; readonly undoWindowMs: number }
    | { readonly do: 'undo'; readonly id: string; readonly ifRecreated: UndoChoice }
    | { readonly do: 'recover' }
    | { readonly do: 'sweep' }
    /** Waits for what the test has in use, and stops waiting. */
    | { readonly do: 'wait' }
    /** Goes on with a wait whose door has closed. */
    | { readonly do: 'wait again'; readonly id: string };
  /** It dies when its helper has died. */
  readonly dies?: 'with its helper';
  /** It dies, and its helper does not, when so few files are left below this folder. */
  readonly diesAt?: { readonly folder: string; readonly files: number };
}

/** A line that the victim says. */
export type Said =
  | { readonly pid: number }
  | { readonly id: string; readonly state: Operation['state'] }
  | { readonly error: string }
  | { readonly ended: true };

const say = (said: Said): void => void writeSync(1, `${JSON.stringify(said)}\n`);
const tell = (operation: Operation): void => say({ id: operation.id, state: operation.state });

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
};

const { stateDir, work, dies, diesAt } = JSON.parse(process.argv[2] ?? '') as VictimOrder;
const die = (): void => process.kill(process.pid, 'SIGKILL') as never;

/** Every helper ends by SIGKILL, as a rule when it has told its result. */
const deadlyFork: ForkHelper = (script) => {
  const helper = forkHelper(script);
  let hasTold = false;
  helper.onMessage((message) => {
    if ((message as { readonly type: string }).type !== 'progress') hasTold = true;
  });
  helper.onExit(() => {
    if (!hasTold && dies !== undefined) die();
  });
  return helper;
};

const filesBelow = (folder: string): number => {
  try {
    const of = readdirSync(folder).find((name) => name.includes('.deleting-'));
    if (of === undefined) return Number.POSITIVE_INFINITY;
    const all = readdirSync(`${folder}/${of}`, { recursive: true, withFileTypes: true });
    return all.filter((entry) => entry.isFile()).length;
  } catch {
    // It is being deleted: a folder of it has gone at that moment.
    return Number.POSITIVE_INFINITY;
  }
};
if (diesAt !== undefined) setInterval(() => filesBelow(diesAt.folder) <= diesAt.files && die(), 1).unref();

say({ pid: process.pid });
const inspector = await openInspector({ door: 'test', stateDir, fork: deadlyFork });
inspector.on('operation', tell);

const plan = async (): Promise<string> => {
  const { targets } = value(await inspector.call('resolve', { text: 'pip-tools/pkgs' }));
  const drawn = value(await inspector.call('plan', { targets: [...targets], measure: false }));
  return drawn.id;
};
const clear = async (undoWindowMs: number, waitMs?: number): Promise<readonly Operation[]> => {
  const id = (await plan()) as never;
  const how = { plan: id, undoWindowMs, evenIfInUse: false, ...(waitMs !== undefined && { waitMs }) };
  const { operations } = value(await inspector.call('clear', how));
  operations.forEach(tell);
  return operations;
};

const sweepAll = async (): Promise<void> => {
  const { leftovers } = value(await inspector.call('leftovers', { measure: false }));
  const which = leftovers.map(({ id }) => id);
  value(await inspector.call('clean', { which })).operations.forEach(tell);
};

const waitAgain = async (id: string): Promise<void> => {
  const operation = id as OperationId;
  tell(value(await inspector.call('resume', { operation })));
  for (;;) {
    const { operations } = value(await inspector.call('history', {}));
    const now = operations.find((it) => it.id === id);
    if (now !== undefined && !['waiting', 'set-aside', 'deleting'].includes(now.state)) return tell(now);
    await sleep(50);
  }
};

const run = async (): Promise<unknown> => {
  switch (work.do) {
    case 'open':
      return value(await inspector.call('history', {}));
    case 'clear':
      return clear(work.undoWindowMs);
    case 'undo': {
      const { id, ifRecreated } = work;
      return tell(value(await inspector.call('undo', { operation: id as OperationId, ifRecreated })));
    }
    case 'recover':
      for (const now of [false, true]) value(await inspector.call('recover', { now })).operations.forEach(tell);
      return;
    case 'sweep':
      return sweepAll();
    case 'wait': {
      const [operation] = await clear(0, 3_600_000);
      if (operation !== undefined) value(await inspector.call('cancel', { operation: operation.id }));
      return;
    }
    case 'wait again':
      return waitAgain(work.id);
  }
};

try {
  await run();
} catch (thrown) {
  say({ error: thrown instanceof CodedError ? thrown.code : String(thrown) });
}
say({ ended: true });
await inspector.close();
