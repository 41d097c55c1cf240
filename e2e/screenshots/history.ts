import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const dayMs = 86_400_000;

interface Past {
  readonly days: number;
  readonly hour: number;
  readonly tool: string;
  readonly unit: string;
  /** Below home. */
  readonly place: string;
  readonly MB: number;
  readonly entries: number;
  readonly door?: string;
  readonly phase?: 'done' | 'partial' | 'refused' | 'undone';
}

const npm = { tool: 'npm', unit: '_cacache', place: '.npm/_cacache' } as const;
const pip = { tool: 'pip', unit: 'http-v2', place: '.cache/pip/http-v2' } as const;
const pkgs = { tool: 'pip-tools', unit: 'pkgs', place: '.cache/pip-tools/pkgs' } as const;

/** A few months of a developer's clears. */
const past: readonly Past[] = [
  { ...npm, days: 80, hour: 9, MB: 1240, entries: 18_204, door: 'terminal' },
  { ...pip, days: 73, hour: 17, MB: 630, entries: 412 },
  { ...npm, days: 60, hour: 10, MB: 890, entries: 14_411 },
  { ...pkgs, days: 52, hour: 11, MB: 214, entries: 96, door: 'terminal' },
  { ...npm, days: 44, hour: 18, MB: 1130, entries: 16_820 },
  { ...pip, days: 38, hour: 14, MB: 420, entries: 388 },
  { ...npm, days: 30, hour: 9, MB: 760, entries: 12_002 },
  { ...npm, days: 23, hour: 20, MB: 0, entries: 0, phase: 'undone' },
  { ...pip, days: 16, hour: 8, MB: 980, entries: 530, door: 'terminal' },
  { ...npm, days: 9, hour: 16, MB: 0, entries: 0, phase: 'refused' },
  { ...npm, days: 9, hour: 17, MB: 1410, entries: 19_377 },
  { ...pkgs, days: 3, hour: 10, MB: 168, entries: 71, phase: 'partial' },
  { ...pip, days: 1, hour: 12, MB: 540, entries: 405 },
];

const hex = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 16);

/** Writes a past into the database that the program has made. */
export const writeHistory = (state: string, home: string): void => {
  const db = new DatabaseSync(join(state, 'history.db'));
  const operation = db.prepare(
    `INSERT INTO operations (id, token, plan, kind, phase, door, tool, unit, parent, name, stale, deleting, dev, ino,
      started_at, ended_at, planned, freed, entries, left_count)
     VALUES (?, ?, ?, 'clear', ?, ?, ?, ?, ?, ?, ?, ?, '1', '1', ?, ?, ?, ?, ?, ?)`,
  );
  const step = db.prepare('INSERT INTO steps VALUES (?, ?, ?, ?)');
  const error = db.prepare('INSERT INTO errors VALUES (?, ?, ?, ?, ?, ?)');
  const remains = db.prepare('INSERT INTO remains VALUES (?, ?, ?, ?)');
  for (const [at, { days, hour, tool, unit, place, MB, entries, door = 'desktop', phase = 'done' }] of past.entries()) {
    const began = new Date(Date.now() - days * dayMs).setHours(hour, (at * 17) % 60, (at * 29) % 60, 0);
    const [id, token] = [`o_${hex(`id ${at}`)}`, hex(`token ${at}`)];
    const took = Math.round(300 + entries / 9);
    const ended = began + (phase === 'done' || phase === 'partial' ? 20_000 + took : 5000);
    const names = place.split('/');
    const name = names.pop() ?? '';
    const parent = join(home, ...names);
    const freed = MB * 1_000_000 + at * 4096;
    const left = phase === 'partial' ? 2 : 0;
    const bytes = [parent, name, `${name}.stale-4711-${token}`, `${name}.deleting-4711-${token}`].map((it) =>
      Buffer.from(it),
    );
    operation.run(
      id,
      token,
      `p_${hex(`plan ${at}`)}`,
      phase,
      door,
      tool,
      unit,
      ...bytes,
      began,
      ended,
      freed,
      entries === 0 ? 0 : freed,
      entries,
      left,
    );
    step.run(id, began, 'intent', null);
    if (phase !== 'refused') step.run(id, began + 12, 'set-aside', null);
    if (entries > 0) step.run(id, began + 20_000, 'deleting', null);
    step.run(id, ended, phase, null);
    if (phase === 'refused') {
      const message = 'npm install (31877) is using it: its working directory is inside.';
      error.run(id, 'plan', null, 'in-use', join(home, place), message);
    }
    for (let one = 0; one < left; one += 1) {
      const path = join(parent, `${name}.deleting-4711-${token}`, `torch-2.${one}.0.whl`);
      remains.run(id, path, 1, 'operation not permitted: it is immutable (chattr -i makes it deletable)');
    }
  }
  db.close();
};
