import type { UndoChoice } from '../../../../shared/model.ts';
import { fs } from '../../fs/seam.ts';
import { openStore, type Store } from '../../store/store.ts';
import { self } from '../../usage/processes.ts';
import { deleteTree } from '../deleter.ts';
import type { Engine } from '../engine.ts';
import { undo } from '../undo.ts';
import { orderFor } from './swap.ts';

// For tests only: one undo in a process that can be killed, traced, or given other mounts.

export interface UndoOneOrder {
  readonly stateDir: string;
  readonly id: string;
  readonly ifRecreated?: UndoChoice;
  /** Dies by SIGKILL before its n-th write to the journal (from 1), or right after it. */
  readonly killed?: { readonly at: 'before' | 'after'; readonly write: number };
  /** A file that is made when the undo begins. */
  readonly begins?: string;
}

export interface UndoOneAnswer {
  readonly phase: string | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Writes to the journal. */
  readonly writes: number;
}

const order = JSON.parse(process.argv[2] ?? '') as UndoOneOrder;
let writes = 0;

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
/** Counts what is written, and dies there. */
const deadly = (store: Store): Store => {
  const watched =
    <Args extends readonly unknown[], Answer>(write: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      writes += 1;
      const mine = order.killed?.write === writes;
      if (mine && order.killed?.at === 'before') die();
      const answer = await write(...args);
      if (mine) die();
      return answer;
    };
  return { ...store, begin: watched(store.begin), advance: watched(store.advance) };
};

const store = await openStore(order.stateDir);
const engine: Engine = {
  store: deadly(store),
  door: 'test',
  stateDir: order.stateDir,
  self: self(),
  now: Date.now,
  deleteTree: (job, options) => deleteTree(job, options),
  changed: () => undefined,
  deleting: () => undefined,
};
let answer: Omit<UndoOneAnswer, 'writes'> = { phase: null, code: null, message: null };
if (order.begins !== undefined) fs.writeFileSync(order.begins, '');
try {
  const { phase } = await undo(engine, order.id, { ifRecreated: order.ifRecreated ?? 'refuse', orderFor });
  answer = { ...answer, phase };
} catch (thrown) {
  const { code, message } = thrown as { readonly code?: string; readonly message: string };
  answer = { ...answer, code: code ?? null, message };
}
process.stdout.write(`${JSON.stringify({ ...answer, writes } satisfies UndoOneAnswer)}\n`);
await store.close();
