import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Assignment, newEntry } from '../../../../electron/core/clear/assignment.ts';
import type { Engine } from '../../../../electron/core/clear/engine.ts';
import { namesFor } from '../../../../electron/core/clear/names.ts';
import { setAside } from '../../../../electron/core/clear/set-aside.ts';
import { look } from '../../../../electron/core/fs/identity.ts';
import { raw } from '../../../../electron/core/fs/raw.ts';
import { openInspector } from '../../../../electron/core/inspector.ts';
import type { Phase } from '../../../../electron/core/store/schema.ts';
import { openStore } from '../../../../electron/core/store/store.ts';
import { self } from '../../../../electron/core/usage/processes.ts';
import type { Answer, Interrupted, LaneOrder, Told } from './lane.ts';

// Makes histories of doors that have ended, and recovers, in a process that goes on living: a start of Node each time
// would be most of the work.

/** A process of this boot that has ended: the last number, which nothing here ever reached, with another start. */
const ended = { ...self(), pid: 4_194_303, startTicks: 1 };

const engineOn = async (stateDir: string): Promise<Engine> => ({
  store: await openStore(stateDir),
  door: 'test',
  stateDir,
  self: ended,
  now: Date.now,
  deleteTree: () => Promise.reject(new Error('nothing is deleted here')),
  changed: () => undefined,
  deleting: () => undefined,
});

const assignment = (folder: string, name: string, undoWindowMs: number): Assignment => {
  const facts = look(join(folder, name));
  if (facts === null) throw new Error(`${name} is not there`);
  const { identity, born } = facts;
  const names = namesFor(raw(name), ended.pid);
  const known = { plan: null, tool: 'pip-tools', unit: name, root: folder, planned: null, occupied: null };
  return { ...known, parent: raw(folder), name: raw(name), names, identity, born, undoWindowMs };
};

const hourMs = 3_600_000;

interface Made {
  readonly id: string;
  readonly stale: Buffer;
  readonly deleting: Buffer;
}

/** Brings one operation to where its process ended. */
const interrupt = async (engine: Engine, folder: string, { name, how }: Interrupted): Promise<Made> => {
  // What waited is deleted at once when its turn has come.
  const job = assignment(folder, name, how === 'waiting' ? 0 : hourMs);
  const { stale, deleting } = job.names;
  const move = (from: string, to: { toString(): string }): void =>
    renameSync(join(folder, from), join(folder, to.toString()));
  const began = async (phase: Phase): Promise<Made> => {
    const drawn = newEntry(engine, job, phase);
    const waits = phase === 'waiting' ? { owner: null, endedAt: null, undoUntil: null } : {};
    const entry = { ...drawn, ...waits, ...(phase === 'waiting' && { waitUntil: drawn.startedAt + hourMs }) };
    await engine.store.begin(entry, { step: phase, at: entry.startedAt, note: null });
    return entry;
  };
  if (how === 'waiting') return began('waiting');
  if (how === 'intent' || how === 'intent, renamed') {
    const entry = await began('intent');
    if (how === 'intent, renamed') move(name, stale);
    return entry;
  }
  const record = await setAside(engine, job);
  const to = async (phase: Phase): Promise<void> => {
    await engine.store.advance(record.id, ['set-aside'], phase, Date.now(), { owner: ended });
  };
  const copy = record.stale.toString();
  if (how === 'undoing' || how === 'undoing, renamed') await to('undoing');
  if (how === 'undoing, renamed') move(copy, name);
  if (how === 'deleting' || how === 'half deleted') await to('deleting');
  if (how === 'half deleted') {
    move(copy, deleting);
    rmSync(join(folder, deleting.toString(), 'a'), { recursive: true });
  }
  return record;
};

const prepare = async ({ state, cache, interrupted }: LaneOrder): Promise<Answer> => {
  const engine = await engineOn(state);
  const made: Made[] = [];
  for (const one of interrupted) made.push(await interrupt(engine, cache, one));
  await engine.store.close();
  // What waits is given other names when its turn has come.
  const named = made.filter((_, at) => interrupted[at]?.how !== 'waiting');
  const names = named.flatMap(({ stale, deleting }) => [stale.toString(), deleting.toString()]);
  return { ids: made.map(({ id }) => id), names, told: [], changed: [], notices: [] };
};

/** Everything that the journal has, oldest first. */
const everything = (state: string): readonly Told[] => {
  const db = new DatabaseSync(join(state, 'history.db'), { readOnly: true });
  const rows = db.prepare('SELECT id, phase, ino, name, restored FROM operations ORDER BY seq').all();
  db.close();
  const text = (value: unknown): string => Buffer.from(value as Uint8Array).toString();
  return rows.map(({ id, phase, ino, name, restored }) => ({
    id: String(id),
    phase: String(phase),
    ino: Number(ino),
    name: text(name),
    restored: restored === null ? null : text(restored),
  }));
};

/** Twice, each time by another door. */
const recoverTwice = async ({ state, now }: LaneOrder): Promise<Answer> => {
  const changed: string[][] = [];
  const notices: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    const inspector = await openInspector({ door: 'test', stateDir: state });
    const answer = await inspector.call('recover', { now });
    if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
    changed.push(answer.value.operations.map(({ id, state: to }) => `${id} ${to}`));
    const doctor = await inspector.call('doctor', {});
    if (doctor.ok) notices.push(...doctor.value.notices.map(({ message }) => message));
    await inspector.close();
  }
  return { ids: [], names: [], told: everything(state), changed, notices };
};

process.on('message', (message) => {
  const order = message as LaneOrder;
  for (const [name, text] of Object.entries(order.env)) {
    if (text === '') delete process.env[name];
    else process.env[name] = text;
  }
  (order.do === 'prepare' ? prepare(order) : recoverTwice(order)).then(
    (answer) => process.send?.({ answer }),
    (thrown: unknown) => process.send?.({ failed: thrown instanceof Error ? thrown.stack : String(thrown) }),
  );
});
