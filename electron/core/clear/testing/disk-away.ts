import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { look } from '../../fs/identity.ts';
import { raw } from '../../fs/raw.ts';
import { fs } from '../../fs/seam.ts';
import { openStore } from '../../store/store.ts';
import { self } from '../../usage/processes.ts';
import { deleteTree } from '../deleter.ts';
import type { Engine } from '../engine.ts';
import { namesFor } from '../names.ts';
import { recover } from '../recover.ts';
import { setAside } from '../set-aside.ts';
import { undo } from '../undo.ts';

// For tests only, and in a mount namespace of its own: a disk that is taken away, and comes back.

export interface DiskAwayAnswer {
  /** The phases after a recovery while it is away, first one that keeps windows, then one after the window. */
  readonly away: readonly (string | undefined)[];
  readonly back: string;
  /** What was set aside stands at its place in the end. */
  readonly stands: boolean;
}

const run = (program: string, ...words: readonly string[]): void => void execFileSync(program, words);

const box = fs.mkdtempSync(path.join(os.tmpdir(), 'cache-inspector-test-'));
const [disk, away, stateDir] = ['disk', 'away', 'state'].map((name) => path.join(box, name)) as [
  string,
  string,
  string,
];
for (const dir of [disk, away]) fs.mkdirSync(dir);
run('mount', '-t', 'tmpfs', 'none', disk);
const root = path.join(disk, 'D');
fs.mkdirSync(root);
fs.writeFileSync(path.join(root, 'file'), 'old');
const facts = look(root);
if (facts === null) throw new Error('it is not there');
const store = await openStore(stateDir);
const engine: Engine = {
  ...{ store, door: 'test', stateDir, self: self(), now: Date.now },
  deleteTree: (job, options) => deleteTree(job, options),
  changed: () => undefined,
  deleting: () => undefined,
};
const { identity, born } = facts;
const name = raw('D');
const { id } = await setAside(engine, {
  ...{ plan: null, tool: null, unit: null, root, parent: raw(disk), name, names: namesFor(name, process.pid) },
  ...{ identity, born, planned: null, occupied: null, undoWindowMs: 60_000 },
});
const phases: (string | undefined)[] = [];
run('mount', '--move', disk, away);
for (const undoUntil of [Date.now() + 60_000, 1]) {
  await store.advance(id, ['set-aside'], 'set-aside', Date.now(), { owner: null, undoUntil });
  await recover(engine, { now: false });
  phases.push((await store.get(id))?.phase);
}
run('mount', '--move', away, disk);
const { phase } = await undo(engine, id);
const answer: DiskAwayAnswer = { away: phases, back: phase, stands: fs.existsSync(path.join(root, 'file')) };
process.stdout.write(`${JSON.stringify(answer)}\n`);
await store.close();
run('umount', disk);
fs.rmSync(box, { recursive: true });
