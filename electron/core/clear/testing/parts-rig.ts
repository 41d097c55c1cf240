import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fingerprint, smallTree, write } from '../../../../e2e/support/sandbox.ts';
import { look } from '../../fs/identity.ts';
import { raw } from '../../fs/raw.ts';
import { fs } from '../../fs/seam.ts';
import type { Record } from '../../store/schema.ts';
import type { Assignment } from '../assignment.ts';
import { namesFor } from '../names.ts';
import type { Piece, PieceRow } from '../pieces.ts';
import { newRig, type Rig } from './rig.ts';

// For tests only: a cache of which single things are cleared, with a book of its own.

/** What goes, in this order, and the row with it. The second is a folder that its owner may not write. */
export const moved = ['index/aa/entry', 'store/closed', 'store/tree', 'store/link', 'deep/er/down/file'] as const;
export const staying = ['index/aa/other', 'store/mine', 'deep/er/mine'] as const;

export interface PartsRig extends Rig {
  /** The cache: what stands in it is looked at as a whole. */
  readonly root: string;
  readonly book: string;
  readonly job: (more?: Partial<Assignment>) => Assignment;
}

export const pieceAt = (at: string): Piece => {
  const facts = look(at);
  if (facts === null) throw new Error(`${at} is not there`);
  const { kind, identity, born } = facts;
  return { parent: raw(path.dirname(at)), name: raw(path.basename(at)), kind, identity, born };
};

const row = { repo: 'https://host.example/hooks', ref: 'v1', path: 'store/tree', at: 1 };
export const rowOf = (book: string): PieceRow => ({ file: book, table: 'repos', row });

/** Every row of the book, in an order of its own. */
export const rowsIn = (book: string): readonly string[] => {
  const db = new DatabaseSync(book);
  try {
    return db
      .prepare('SELECT * FROM repos ORDER BY repo, ref')
      .all()
      .map((it) => JSON.stringify(it));
  } finally {
    db.close();
  }
};

export const makeCache = (root: string): void => {
  write(root, {
    'index/aa/entry': 'one',
    'index/aa/other': 'two',
    'store/closed/in': 'closed',
    'deep/er/down/file': 'down',
    'deep/er/mine': 'm',
  });
  for (const name of ['tree', 'mine']) smallTree(path.join(root, 'store', name));
  fs.symlinkSync('../nowhere', path.join(root, 'store/link'));
  fs.chmodSync(path.join(root, 'store/closed'), 0o555);
  const db = new DatabaseSync(path.join(root, 'book.db'));
  db.exec('CREATE TABLE repos (repo TEXT NOT NULL, ref TEXT NOT NULL, path TEXT, at, PRIMARY KEY (repo, ref))');
  const insert = db.prepare('INSERT INTO repos VALUES (?, ?, ?, ?)');
  for (const ref of ['v1', 'v2']) insert.run(row.repo, ref, ref === 'v1' ? row.path : 'store/mine', 1n);
  db.close();
};

export const jobFor = (root: string, pid: number, names: readonly string[] = moved): Assignment => ({
  plan: null,
  tool: 'made',
  unit: 'store',
  root,
  parent: raw(root),
  name: raw('store'),
  names: namesFor(raw('store'), pid),
  identity: { dev: 0, ino: 0 },
  born: null,
  planned: null,
  occupied: null,
  undoWindowMs: 60_000,
  pieces: {
    pieces: names.map((name) => pieceAt(path.join(root, name))),
    rows: [rowOf(path.join(root, 'book.db'))],
    about: { entries: 2, moves: names.length, rows: 1, names: ['tree', 'entry'] },
  },
});

export const partsRig = async (): Promise<PartsRig> => {
  const rig = await newRig();
  const root = path.join(rig.box, 'cache');
  makeCache(root);
  const job = (more: Partial<Assignment> = {}): Assignment => ({ ...jobFor(root, rig.engine.self.pid), ...more });
  return { ...rig, root, book: path.join(root, 'book.db'), job };
};

/** Everything below the cache by its name, kind, mode, inode and content; of folders not when they were changed. */
export const picture = (root: string): readonly string[] => {
  const lines: string[] = [];
  const visit = (below: string): void => {
    for (const name of fs.readdirSync(path.join(root, below)).sort()) {
      const at = path.join(below, name);
      if (at.startsWith('book.db')) continue;
      const stats = fs.lstatSync(path.join(root, at));
      const content = stats.isFile() ? fs.readFileSync(path.join(root, at), 'utf8') : '';
      lines.push([at, stats.mode.toString(8), stats.ino, stats.nlink, content].join(' '));
      if (stats.isDirectory()) visit(at);
    }
  };
  visit('');
  return lines;
};

/** Each of the moved things as it stands in the copy, or null where it does not. */
export const inCopy = (root: string, { stale }: Pick<Record, 'stale'>): readonly (string | null)[] =>
  moved.map((_, n) => {
    const at = path.join(root, stale.toString(), String(n));
    return fs.lstatSync(at, { throwIfNoEntry: false }) === undefined ? null : fingerprint(at);
  });

export const atPlaces = (root: string): readonly (string | null)[] =>
  moved.map((name) => {
    const at = path.join(root, name);
    return fs.lstatSync(at, { throwIfNoEntry: false }) === undefined ? null : fingerprint(at);
  });
