import { look } from '../../../fs/identity.ts';
import { raw } from '../../../fs/raw.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { self } from '../../../usage/processes.ts';
import { deleteTree } from '../../deleter.ts';
import type { Engine } from '../../engine.ts';
import { finish } from '../../finish.ts';
import { namesFor } from '../../names.ts';
import { recover } from '../../recover.ts';
import { setAside } from '../../set-aside.ts';
import { undo } from '../../undo.ts';

// For tests only: a door that does one thing, and dies by SIGKILL before its n-th write to the journal or right after it.

export interface DoomedOrder {
  readonly stateDir: string;
  readonly at: 'before' | 'after';
  readonly write: number;
  readonly work:
    | {
        readonly do: 'clear';
        readonly root: string;
        readonly folder: string;
        readonly name: string;
        readonly windowMs: number;
      }
    | { readonly do: 'undo'; readonly id: string }
    | { readonly do: 'recover'; readonly now: boolean };
}

const order = JSON.parse(process.argv[2] ?? '') as DoomedOrder;
let writes = 0;
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const deadly = (store: Store): Store => {
  const watched =
    <Args extends readonly unknown[], Answer>(write: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      writes += 1;
      const isIt = writes === order.write;
      if (isIt && order.at === 'before') die();
      const answer = await write(...args);
      if (isIt) die();
      return answer;
    };
  return { ...store, begin: watched(store.begin), advance: watched(store.advance) };
};

const store = await openStore(order.stateDir);
const engine: Engine = {
  store: deadly(store),
  door: 'doomed',
  stateDir: order.stateDir,
  self: self(),
  now: Date.now,
  deleteTree: (job, options) => deleteTree(job, options),
  changed: () => undefined,
  deleting: () => undefined,
};

const clear = async (root: string, folder: string, name: string, undoWindowMs: number): Promise<void> => {
  const facts = look(`${folder}/${name}`);
  if (facts === null) throw new Error('there is nothing to clear');
  const { identity, born } = facts;
  const known = { plan: null, tool: null, unit: null, planned: null, occupied: null };
  const names = namesFor(raw(name), engine.self.pid);
  const job = { ...known, root, parent: raw(folder), name: raw(name), names, identity, born, undoWindowMs };
  const { id, phase } = await setAside(engine, job);
  if (phase === 'set-aside' && undoWindowMs === 0) await finish(engine, id, ['set-aside']);
};

const { work } = order;
try {
  if (work.do === 'clear') await clear(work.root, work.folder, work.name, work.windowMs);
  else if (work.do === 'undo') await undo(engine, work.id);
  else await recover(engine, { now: work.now });
} catch (thrown) {
  // What it says is not what is tested: it may be asked for what cannot be.
  process.stdout.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
}
await store.close();
