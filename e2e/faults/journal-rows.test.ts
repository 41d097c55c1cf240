import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { madeAgain } from './support/again.ts';
import type { Box } from './support/box.ts';
import { killGroup, openDoor, startScript } from './support/door.ts';
import { readSpoilt } from './support/histories.ts';
import { row } from './support/row.ts';

// The file that the journal stands in: torn, with rubbish behind its end, and after its process was killed.

/** A history that no process closed: the newest operations stand in the write-ahead log. */
interface Cut {
  /** The folder of it. */
  readonly dir: string;
  /** In the order in which the program said that they are done, with the length of the log by then. */
  readonly acknowledged: readonly { readonly id: string; readonly log: number }[];
}

const logOf = (dir: string): string => path.join(dir, 'history.db-wal');

/** Clears and keeps what a power cut would leave of the history: nobody closed it, nothing of the log was moved. */
const cut = async (box: Box, clears: number): Promise<Cut> => {
  await box.history();
  // While it is open no other door is the last one, and the last one moves the log into the database.
  const door = await openDoor(box);
  const acknowledged: { id: string; log: number }[] = [];
  for (let turn = 0; turn < clears; turn += 1) {
    await madeAgain(box);
    const { code, operations } = await box.clear();
    expect(code).toBe(0);
    acknowledged.push({ id: the(operations).id, log: fs.statSync(logOf(box.state)).size });
  }
  const dir = path.join(box.scratch, 'cut');
  fs.cpSync(box.state, dir, { recursive: true });
  // The index of the log is memory that processes share: a power cut leaves none.
  fs.rmSync(path.join(dir, 'history.db-shm'));
  await door.close();
  expect(acknowledged.map(({ log }) => log)).toEqual(acknowledged.map(({ log }) => log).sort((a, b) => a - b));
  return { dir, acknowledged };
};

/** sqlite.org/fileformat2.html#walformat: a header of 32 bytes, then frames of 24 and a page. */
const header = 32;
const frame = 24 + 4096;

/** Where a write can be torn: at, just before and just after each part of a frame, of the last two operations. */
const tears = ({ acknowledged }: Cut): readonly number[] => {
  const [before, , last] = acknowledged.slice(-3).map(({ log }) => log);
  const lengths = new Set([0, 1, header - 1, header, header + 23, header + 24, header + frame - 1]);
  for (let at = before ?? 0; at < (last ?? 0); at += frame) for (const more of [0, 1, 24, 2000]) lengths.add(at + more);
  for (const { log } of acknowledged) for (const more of [-1, 0]) lengths.add(log + more);
  return [...lengths].filter((length) => length <= (last ?? 0)).sort((a, b) => a - b);
};

row(37, 'the log of the journal is torn, at every length that means something', { timeoutMs: 400_000 }, async (box) => {
  const history = await cut(box, 5);
  const lengths = tears(history);
  expect(lengths.length).toBeGreaterThan(30);
  const spoils = lengths.map((length) => (copy: string) => fs.truncateSync(logOf(copy), length));
  for (const [at, { ids, notices, error }] of (await readSpoilt(box, history.dir, spoils)).entries()) {
    const length = lengths[at] ?? 0;
    const lost = history.acknowledged.filter(({ id, log }) => log <= length && !ids.includes(id));
    expect({ length, lost, notices, error }).toEqual({ length, lost: [], notices: [], error: null });
  }
  return { unit: 'absent', history: Array.from({ length: 5 }, () => 'done' as const) };
});

/** Rubbish that a cut, or a file system, leaves at the end of a file. */
const tails: readonly (readonly [string, (log: Buffer) => Buffer])[] = [
  ['13 NULs', () => Buffer.alloc(13)],
  ['a page of NULs', () => Buffer.alloc(4096)],
  ['half a line of text', () => Buffer.from('{"op":"o_0123","phase":"inte')],
  ['half a letter', () => Buffer.from([0xe2, 0x82])],
  ['noise', () => randomBytes(9000)],
  ['its own last frame again', (log) => log.subarray(log.length - frame)],
  ['the first half of its last frame', (log) => log.subarray(log.length - frame, log.length - frame / 2)],
  ['its own beginning', (log) => log.subarray(0, header + frame)],
];

row(46, 'rubbish behind the end of the log, and of the database', { timeoutMs: 300_000 }, async (box) => {
  const history = await cut(box, 3);
  const all = history.acknowledged.map(({ id }) => id).reverse();
  const log = fs.readFileSync(logOf(history.dir));
  const spoilt = tails.flatMap(([what, tail]) => [
    { what, file: 'history.db-wal', tail: tail(log) },
    { what, file: 'history.db', tail: tail(log) },
  ]);
  const read = await readSpoilt(
    box,
    history.dir,
    spoilt.map(
      ({ file, tail }) =>
        (copy) =>
          fs.appendFileSync(path.join(copy, file), tail),
    ),
  );
  for (const [at, { what, file }] of spoilt.entries()) {
    expect({ what, file, ...read[at] }).toEqual({ what, file, ids: all, notices: [], error: null });
  }
  return { unit: 'absent', history: ['done', 'done', 'done'] };
});

row(46, 'the end of the log is NULs: everything before it is kept', { timeoutMs: 200_000 }, async (box) => {
  const history = await cut(box, 3);
  const [first, second] = history.acknowledged;
  const [one, two] = [first?.log ?? 0, second?.log ?? 0];
  const places = [one, one + 1, one + frame, two, two + 24, two + frame];
  const spoils = places.map((from) => (copy: string) => {
    fs.writeFileSync(logOf(copy), fs.readFileSync(logOf(copy)).fill(0, from));
  });
  for (const [at, { ids, notices, error }] of (await readSpoilt(box, history.dir, spoils)).entries()) {
    const from = places[at] ?? 0;
    const lost = history.acknowledged.filter(({ id, log }) => log <= from && !ids.includes(id));
    expect({ from, lost, notices, error }).toEqual({ from, lost: [], notices: [], error: null });
  }
  return { unit: 'absent', history: ['done', 'done', 'done'] };
});

/** Of everything that was acknowledged the last word counts. */
const lastWords = (said: string): ReadonlyMap<string, string> => {
  // A line that was cut is no acknowledgement.
  const lines = said.slice(0, said.lastIndexOf('\n') + 1).split('\n');
  return new Map(lines.filter(Boolean).map((line) => line.split(' ') as [string, string]));
};

row(49, 'killed 25 times while it clears and undoes', { timeoutMs: 400_000 }, async (box) => {
  await box.history();
  await box.settled();
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < 25; round += 1) {
    const writer = startScript(box, 'clear-for-ever', box.unit);
    const wanted = 1 + (round % 5);
    let said = '';
    const ended = new Promise((resolve) => writer.once('close', resolve));
    await new Promise((resolve) => {
      writer.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.split('\n').length > wanted) resolve(said);
      });
    });
    // Anywhere in what it does next: a clear takes some tens of ms.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
    killGroup(writer);
    await ended;
    for (const [id, state] of lastWords(said)) acknowledged.set(id, state);
  }
  const history = await box.history();
  const states = new Map<string, Operation['state']>(history.map(({ id, state }) => [id, state]));
  expect(acknowledged.size).toBeGreaterThan(50);
  const lost = [...acknowledged].filter(([id, said]) => {
    const now = states.get(id);
    // Undone after it was set aside, and killed before it could say so.
    if (said === 'set-aside') return now !== 'set-aside' && now !== 'undone';
    return now !== said;
  });
  expect(lost).toEqual([]);
  await box.recover();
  if (!fs.existsSync(box.unit)) await madeAgain(box);
  await box.settled();
  return { unit: 'whole', history: (await box.history()).map(({ state }) => state) };
});
