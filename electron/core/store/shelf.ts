import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../../../shared/model.ts';
import type { Folder } from './schema.ts';

/** The undo window of doors that people look at. The terminal's own default is 0. */
export const defaultSettings: Settings = {
  undoWindowMs: 20_000,
  theme: 'system',
  byteUnits: 'platform',
  oneClick: false,
  protectedFolders: [],
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Everything that is kept besides operations: sizes over time, added folders, settings. */
export class Shelf {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Remembers a measurement (JSON) of a unit, unless it says the same as the last one. `at` in ms. */
  saveSize(unit: string, at: number, measurement: string): void {
    if (this.lastSize(unit)?.measurement === measurement) {
      this.#db
        .prepare('UPDATE sizes SET at = ? WHERE unit = ? AND at = (SELECT max(at) FROM sizes WHERE unit = ?)')
        .run(at, unit, unit);
      return;
    }
    this.#db.prepare('INSERT INTO sizes VALUES (?, ?, ?)').run(unit, at, measurement);
  }

  lastSize(unit: string): { readonly at: number; readonly measurement: string } | null {
    const row = this.#db.prepare('SELECT at, measurement FROM sizes WHERE unit = ? ORDER BY at DESC LIMIT 1').get(unit);
    return row ? { at: Number(row['at']), measurement: String(row['measurement']) } : null;
  }

  /** The units (ids) measured after `at` (ms), with the time of the newest measurement of each. */
  measuredSince(at: number): readonly { readonly unit: string; readonly at: number }[] {
    const rows = this.#db.prepare('SELECT unit, max(at) AS at FROM sizes WHERE at > ? GROUP BY unit').all(at);
    return rows.map((row) => ({ unit: String(row['unit']), at: Number(row['at']) }));
  }

  /** A number that is another one after another process has changed the database, and after nothing else. */
  changeMark(): number {
    return Number(this.#db.prepare('PRAGMA data_version').get()?.['data_version']);
  }

  folders(): readonly Folder[] {
    const rows = this.#db.prepare('SELECT path, tool, because FROM folders ORDER BY added_at, path').all();
    return rows.map((row) => ({
      path: String(row['path']),
      tool: String(row['tool']),
      because: String(row['because']),
    }));
  }

  addFolder({ path, tool, because }: Folder, at: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?)').run(path, tool, because, at);
  }

  /** False when it was not there. */
  forgetFolder(path: string): boolean {
    return Number(this.#db.prepare('DELETE FROM folders WHERE path = ?').run(path).changes) > 0;
  }

  /** What was set, over the defaults. A value that no longer makes sense is as if it had never been set. */
  settings(): Settings {
    const rows = this.#db.prepare('SELECT key, value FROM settings').all();
    const set = new Map(rows.map((row) => [String(row['key']), parsed(String(row['value']))]));
    const chosen = Object.entries(defaultSettings).map(([key, fallback]) => {
      const value = set.get(key);
      const fits = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
      return [key, fits ? value : fallback];
    });
    return Object.fromEntries(chosen) as Settings;
  }

  saveSettings(settings: Partial<Settings>): void {
    const insert = this.#db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)');
    for (const [key, value] of Object.entries(settings)) insert.run(key, JSON.stringify(value));
  }

  /** Changes the protected folders in one step, so that of two doors that do neither is lost. False: nothing changed. */
  changeProtected(path: string, to: 'protected' | 'free'): boolean {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const before = this.settings().protectedFolders;
      const rest = before.filter((it) => it !== path);
      const after = to === 'protected' ? [...rest, path].sort() : rest;
      if (after.length !== before.length) this.saveSettings({ protectedFolders: after });
      this.#db.exec('COMMIT');
      return after.length !== before.length;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
