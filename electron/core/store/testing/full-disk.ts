import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Notice } from '../../../../shared/model.ts';
import { raw } from '../../fs/raw.ts';
import { fs } from '../../fs/seam.ts';
import type { Entry } from '../schema.ts';
import { openStore } from '../store.ts';

// For tests only: a store on a small disk that is filled to its last byte, in a process with mounts of its own.

export interface FullDiskOrder {
  /** Where the small disk is mounted. */
  readonly at: string;
  readonly size: string;
  /** The room that is kept is taken away before the disk is filled. */
  readonly withoutReserve: boolean;
  /** Fill it before the store is opened for what follows, or while it is open. */
  readonly fill: 'before' | 'while';
  readonly entry: Omit<Entry, 'id' | 'token' | 'parent' | 'name' | 'stale' | 'deleting'>;
}

export interface FullDiskAnswer {
  readonly reserveAtFirst: number | null;
  readonly reserveAfter: number | null;
  readonly reserveInTheEnd: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Ids that the history has at last. */
  readonly kept: readonly string[];
  readonly notices: readonly Notice[];
}

const order = JSON.parse(process.argv[2] ?? '') as FullDiskOrder;
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${order.size}`, 'none', order.at]);
const dir = join(order.at, 'state');
const notices: Notice[] = [];
const open = async () => {
  const store = await openStore(dir, (notice) => notices.push(notice));
  notices.push(...store.notices);
  return store;
};
const reserveSize = (): number | null =>
  fs.existsSync(join(dir, 'reserve')) ? fs.statSync(join(dir, 'reserve')).size : null;

const fill = (): void => {
  const fd = fs.openSync(join(order.at, 'filler'), 'w');
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) if (fs.writeSync(fd, Buffer.alloc(size, 1)) === 0) break;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
    }
  }
  fs.closeSync(fd);
};

const entryOf = (id: string): Entry => {
  const name = raw(id);
  return { ...order.entry, id, token: id, parent: name, name, stale: name, deleting: name };
};

let store = await open();
const reserveAtFirst = reserveSize();
if (order.withoutReserve) fs.rmSync(join(dir, 'reserve'), { force: true });
if (order.fill === 'before') {
  await store.close();
  fill();
} else fill();
let error: FullDiskAnswer['error'] = null;
try {
  if (order.fill === 'before') store = await open();
  for (let turn = 0; turn < 12; turn += 1) {
    await store.begin(entryOf(`o_${turn}`), { step: 'intent', at: 1, note: null });
    await store.advance(`o_${turn}`, ['intent'], 'set-aside', 2, {});
  }
} catch (thrown) {
  const { code, message } = thrown as { code: string; message: string };
  error = { code, message };
}
const reserveAfter = reserveSize();
await store.close().catch(() => undefined);
fs.rmSync(join(order.at, 'filler'));
const again = await open();
const kept = (await again.history({})).map(({ id }) => id);
const reserveInTheEnd = reserveSize();
await again.close();
process.stdout.write(
  `${JSON.stringify({ reserveAtFirst, reserveAfter, reserveInTheEnd, error, kept, notices } satisfies FullDiskAnswer)}\n`,
);
