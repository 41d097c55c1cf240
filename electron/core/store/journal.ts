import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { LeftItem, StepError } from '../../../shared/model.ts';
import { bytes, idNumber, number, text } from './columns.ts';
import { forgetPieces, hasPieces, keepPieces, keptPieces } from './pieces.ts';
import type { Entry, HistoryFilter, KeptPieces, Patch, Phase, Record, Seen, Step } from './schema.ts';

type Row = { readonly [column: string]: SQLInputValue };

const entryOf = (row: Row): Entry => ({
  id: String(row['id']),
  token: String(row['token']),
  plan: text(row['plan']),
  kind: row['kind'] as Entry['kind'],
  parts: row['parts'] === null ? null : JSON.parse(String(row['parts'])),
  phase: row['phase'] as Phase,
  door: String(row['door']),
  tool: text(row['tool']),
  unit: text(row['unit']),
  parent: bytes(row['parent']),
  name: bytes(row['name']),
  stale: bytes(row['stale']),
  deleting: bytes(row['deleting']),
  identity: { dev: idNumber(row['dev']), ino: idNumber(row['ino']) },
  boot: text(row['boot']),
  born: text(row['born']),
  owner: row['owner'] === null ? null : JSON.parse(String(row['owner'])),
  startedAt: Number(row['started_at']),
  endedAt: number(row['ended_at']),
  undoUntil: number(row['undo_until']),
  planned: number(row['planned']),
  freed: Number(row['freed']),
  entries: Number(row['entries']),
  leftCount: Number(row['left_count']),
  undoWindowMs: number(row['undo_window']),
  waitUntil: number(row['wait_until']),
  holders: row['holders'] === null ? [] : JSON.parse(String(row['holders'])),
  occupied: number(row['occupied']),
  restored: row['restored'] === null ? null : bytes(row['restored']),
  evenIfInUse: row['even_if_in_use'] === 1,
});

const holdersText = (holders: Entry['holders']): string | null =>
  holders.length === 0 ? null : JSON.stringify(holders);

const columns = `id, token, plan, kind, phase, door, tool, unit, parent, name, stale, deleting, dev, ino, boot, born, owner,
  started_at, ended_at, undo_until, planned, freed, entries, left_count, undo_window, wait_until, holders, occupied,
  restored, even_if_in_use, parts`;

/** Nothing follows these. */
const ends: ReadonlySet<Phase> = new Set(['done', 'undone', 'failed', 'refused', 'nothing-to-do']);

/** Journal and history in one: an operation is written before anything is touched, and never removed. */
export class Journal {
  readonly #db: DatabaseSync;
  readonly #mustBeThere: () => void;

  /** `mustBeThere`: see `OpenDatabase`. Asked before and after everything that is written. */
  constructor(db: DatabaseSync, mustBeThere: () => void) {
    this.#db = db;
    this.#mustBeThere = mustBeThere;
  }

  /** Writes an operation down, with what it takes when it is one in parts. When this returns it is on the disk. */
  begin(entry: Entry, step: Step, errors: readonly StepError[] = [], pieces: KeptPieces | null = null): void {
    this.#transaction(() => {
      const values: readonly SQLInputValue[] = [
        entry.id,
        entry.token,
        entry.plan,
        entry.kind,
        entry.phase,
        entry.door,
        entry.tool,
        entry.unit,
        entry.parent,
        entry.name,
        entry.stale,
        entry.deleting,
        String(entry.identity.dev),
        String(entry.identity.ino),
        entry.boot,
        entry.born,
        entry.owner === null ? null : JSON.stringify(entry.owner),
        entry.startedAt,
        entry.endedAt,
        entry.undoUntil,
        entry.planned,
        entry.freed,
        entry.entries,
        entry.leftCount,
        entry.undoWindowMs,
        entry.waitUntil,
        holdersText(entry.holders),
        entry.occupied,
        entry.restored,
        entry.evenIfInUse ? 1 : 0,
        entry.parts === null ? null : JSON.stringify(entry.parts),
      ];
      this.#db
        .prepare(`INSERT INTO operations (${columns}) VALUES (${values.map(() => '?').join(', ')})`)
        .run(...values);
      this.#addStep(entry.id, step);
      this.#replace('errors', entry.id, errors);
      if (pieces !== null) keepPieces(this.#db, entry.id, pieces);
    });
  }

  /** What a clear in parts took, for as long as it is not at its end. Not with each `Record`: they may be many. */
  pieces(id: string): KeptPieces {
    return keptPieces(this.#db, id);
  }

  /**
   * Takes an operation from one of `from` to `to`, durably; false when it is in another phase, or, with `owner`, when
   * another process took it first. This is the claim: of several that try, exactly one gets true.
   */
  advance(id: string, from: readonly Phase[], to: Phase, at: number, patch: Patch, ownedBy?: string | null): boolean {
    const taken = this.#transaction(() => {
      const row = this.#db.prepare('SELECT phase, owner FROM operations WHERE id = ?').get(id) as Row | undefined;
      if (!row || !from.includes(row['phase'] as Phase)) return false;
      if (ownedBy !== undefined && text(row['owner']) !== ownedBy) return false;
      this.#set(id, to, patch);
      this.#addStep(id, { step: to, at, note: patch.note ?? null });
      return true;
    });
    if (taken && ends.has(to)) this.#forgetPieces(id);
    return taken;
  }

  /**
   * Writes down who has the thing of an operation open, with no step: it stays where it is. False when it is not in
   * `phase` any more, or when another process has it.
   */
  saw(id: string, phase: Phase, { holders, undoUntil }: Seen, ownedBy: string | null): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE operations SET holders = ?, undo_until = coalesce(?, undo_until)
         WHERE id = ? AND phase = ? AND owner IS ?`,
      )
      .run(holdersText(holders), undoUntil ?? null, id, phase, ownedBy);
    return Number(changes) > 0;
  }

  /** How far a delete has come, so that one that is killed is not remembered as nothing. */
  note(id: string, freed: number, entries: number): void {
    this.#db
      .prepare("UPDATE operations SET freed = ?, entries = ? WHERE id = ? AND phase = 'deleting'")
      .run(freed, entries, id);
  }

  get(id: string): Record | null {
    return this.#one('SELECT * FROM operations WHERE id = ?', id);
  }

  byToken(token: string): Record | null {
    return this.#one('SELECT * FROM operations WHERE token = ?', token);
  }

  /** Operations that are not at an end, oldest first; `partial` ones may have a copy left, so they are among them. */
  open(): readonly Record[] {
    const rows = this.#db
      .prepare(
        "SELECT * FROM operations WHERE phase IN ('waiting', 'intent', 'set-aside', 'undoing', 'deleting', 'partial') ORDER BY seq",
      )
      .all() as readonly Row[];
    return rows.map((row) => this.#whole(row));
  }

  /** Newest first. Intents that nobody has acted on yet are not history. */
  history({ since, phase, limit }: HistoryFilter): readonly Record[] {
    const rows = this.#db
      .prepare(
        `SELECT * FROM operations WHERE phase <> 'intent' AND started_at >= ? AND (? IS NULL OR phase = ?)
         ORDER BY seq DESC LIMIT ?`,
      )
      .all(since ?? 0, phase ?? null, phase ?? null, limit ?? -1) as readonly Row[];
    return rows.map((row) => this.#whole(row));
  }

  #one(sql: string, value: string): Record | null {
    const row = this.#db.prepare(sql).get(value) as Row | undefined;
    return row ? this.#whole(row) : null;
  }

  #whole(row: Row): Record {
    const all = (sql: string) => this.#db.prepare(sql).all(row['id'] as string) as unknown[];
    return {
      ...entryOf(row),
      steps: all('SELECT step, at, note FROM steps WHERE operation = ? ORDER BY rowid').map((it) => ({
        ...(it as Step),
      })),
      errors: all('SELECT step, errno, code, path, message FROM errors WHERE operation = ? ORDER BY rowid').map(
        (it) => ({
          ...(it as StepError),
        }),
      ),
      left: all('SELECT path, errno, message FROM remains WHERE operation = ? ORDER BY rowid').map((it) => ({
        ...(it as LeftItem),
      })),
    };
  }

  #set(id: string, phase: Phase, patch: Patch): void {
    const changes: [string, SQLInputValue][] = [['phase', phase]];
    if (patch.owner !== undefined) changes.push(['owner', patch.owner === null ? null : JSON.stringify(patch.owner)]);
    if (patch.endedAt !== undefined) changes.push(['ended_at', patch.endedAt]);
    if (patch.undoUntil !== undefined) changes.push(['undo_until', patch.undoUntil]);
    if (patch.freed !== undefined) changes.push(['freed', patch.freed]);
    if (patch.entries !== undefined) changes.push(['entries', patch.entries]);
    if (patch.leftCount !== undefined) changes.push(['left_count', patch.leftCount]);
    if (patch.undoWindowMs !== undefined) changes.push(['undo_window', patch.undoWindowMs]);
    if (patch.waitUntil !== undefined) changes.push(['wait_until', patch.waitUntil]);
    if (patch.holders !== undefined) changes.push(['holders', holdersText(patch.holders)]);
    if (patch.occupied !== undefined) changes.push(['occupied', patch.occupied]);
    if (patch.restored !== undefined) changes.push(['restored', patch.restored]);
    if (patch.assignment !== undefined) {
      const { token, stale, deleting, identity, boot, born, planned } = patch.assignment;
      const [dev, ino] = [String(identity.dev), String(identity.ino)];
      changes.push(...Object.entries({ token, stale, deleting, dev, ino, boot, born, planned }));
    }
    const assignments = changes.map(([column]) => `${column} = ?`).join(', ');
    this.#db.prepare(`UPDATE operations SET ${assignments} WHERE id = ?`).run(...changes.map(([, value]) => value), id);
    if (patch.errors) this.#replace('errors', id, patch.errors);
    if (patch.left) this.#replace('remains', id, patch.left);
  }

  /** By itself, since it may take more room than an end does: where there is none, they stay. */
  #forgetPieces(id: string): void {
    try {
      if (hasPieces(this.#db, id)) this.#transaction(() => forgetPieces(this.#db, id));
    } catch {
      // They only make the history larger.
    }
  }

  #addStep(id: string, { step, at, note }: Step): void {
    this.#db.prepare('INSERT INTO steps VALUES (?, ?, ?, ?)').run(id, at, step, note);
  }

  #replace(table: 'errors' | 'remains', id: string, items: readonly (StepError | LeftItem)[]): void {
    this.#db.prepare(`DELETE FROM ${table} WHERE operation = ?`).run(id);
    for (const item of items) {
      if ('step' in item) {
        this.#db
          .prepare('INSERT INTO errors VALUES (?, ?, ?, ?, ?, ?)')
          .run(id, item.step, item.errno, item.code, item.path, item.message);
      } else {
        this.#db.prepare('INSERT INTO remains VALUES (?, ?, ?, ?)').run(id, item.path, item.errno, item.message);
      }
    }
  }

  #transaction<T>(work: () => T): T {
    this.#mustBeThere();
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      // It may have been taken away in between: what nobody can find again is not acknowledged.
      this.#mustBeThere();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
