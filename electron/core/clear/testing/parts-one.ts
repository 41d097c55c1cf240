import { spawnSync } from 'node:child_process';
import type { UndoChoice } from '../../../../shared/model.ts';
import { fs } from '../../fs/seam.ts';
import { openStore, type Store } from '../../store/store.ts';
import { self } from '../../usage/processes.ts';
import { deleteTree } from '../deleter.ts';
import type { Engine } from '../engine.ts';
import { recover } from '../recover.ts';
import { setAside } from '../set-aside.ts';
import { undo } from '../undo.ts';
import { jobFor } from './parts-rig.ts';

// For tests only: one clear in parts, its undo or its recovery, in a process that can be killed or given other rights.

export interface PartsOneOrder {
  readonly stateDir: string;
  readonly root: string;
  readonly do: 'clear' | 'undo' | 'recover';
  readonly id?: string;
  readonly ifRecreated?: UndoChoice;
  /** Dies by SIGKILL before its n-th step (from 1), or right after it: a change of a name, or a write to the journal. */
  readonly killed?: { readonly at: 'before' | 'after'; readonly step: number };
  /** Commands that are run first. */
  readonly before?: readonly (readonly string[])[];
}

export interface PartsOneAnswer {
  readonly id: string | null;
  readonly phase: string | null;
  readonly errors: readonly unknown[];
  /** What its steps were. */
  readonly steps: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '') as PartsOneOrder;
const steps: string[] = [];

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const watched =
  <Args extends readonly unknown[], Answer>(name: string, call: (...args: Args) => Promise<Answer>) =>
  async (...args: Args): Promise<Answer> => {
    steps.push(name);
    const mine = order.killed?.step === steps.length;
    if (mine && order.killed?.at === 'before') die();
    const answer = await call(...args);
    if (mine) die();
    return answer;
  };

for (const [program = '', ...words] of order.before ?? []) spawnSync(program, words);
const store = await openStore(order.stateDir);
const { promises } = fs;
promises.rename = watched('rename', promises.rename);
promises.link = watched('link', promises.link);
promises.unlink = watched('unlink', promises.unlink);
promises.rmdir = watched('rmdir', promises.rmdir);
promises.mkdir = watched('mkdir', promises.mkdir as never) as never;
const deadly: Store = {
  ...store,
  begin: watched('begin', store.begin),
  advance: watched('advance', store.advance),
};
const engine: Engine = {
  store: deadly,
  door: 'test',
  stateDir: order.stateDir,
  self: self(),
  now: Date.now,
  deleteTree: (job, options) => deleteTree(job, options),
  changed: () => undefined,
  deleting: () => undefined,
};

const run = async () => {
  switch (order.do) {
    case 'clear':
      return setAside(engine, jobFor(order.root, process.pid));
    case 'undo':
      return undo(engine, order.id ?? '', { ifRecreated: order.ifRecreated ?? 'refuse' });
    case 'recover':
      return (await recover(engine, { now: false }))[0];
  }
};

const tell = (answer: Omit<PartsOneAnswer, 'steps'>): void =>
  void process.stdout.write(`${JSON.stringify({ ...answer, steps } satisfies PartsOneAnswer)}\n`);
try {
  const record = await run();
  tell({ id: record?.id ?? null, phase: record?.phase ?? null, errors: record?.errors ?? [] });
} catch (thrown) {
  const { code, message } = thrown as { readonly code?: string; readonly message: string };
  tell({ id: order.id ?? null, phase: null, errors: [{ code, message }] });
}
await store.close();
