import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openInspector } from '../../../../electron/core/inspector.ts';
import type { Operation } from '../../../../shared/model.ts';
import { program } from '../../../support/program.ts';
import type { ClearerReport } from './clearer.ts';
import type { CrowdReport } from './crowd.ts';
import type { ReaderReport } from './reader.ts';
import { type RivalReport, rival } from './rival.ts';
import { report, told } from './world.ts';
import type { WriterReport } from './writer.ts';

// Starts a crowd, waits for its end, and adds up what all of them say, what the history says, and what is left.

const { world, order } = told();
const dir = path.dirname(world.home);
world.make();
const namesBefore = fs.readdirSync(world.cache);

const children = new Set<ChildProcess>();

/** Runs one of the crowd to its end; its last line is what it has to say. One that fails ends everything. */
const run = <Report>(command: string, words: readonly string[]): Promise<Report> =>
  new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      if (code === 0) return resolve(JSON.parse(said) as Report);
      for (const other of children) other.kill('SIGKILL');
      process.stderr.write(`${words.join(' ').slice(0, 500)} ended with ${code ?? signal}\n`);
      process.exit(1);
    });
  });

const member = <Report>(name: string, count: number): Promise<readonly Report[]> =>
  Promise.all(
    Array.from({ length: count }, (_, me) => {
      const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
      const [command = '', ...rest] = [...program.slice(0, -1), script, JSON.stringify({ dir, order, me })];
      return run<Report>(command, rest);
    }),
  );

const clearers = member<ClearerReport>('clearer', 8);
const readers = member<ReaderReport>('reader', 2);
const over = path.join(dir, 'over');
const rivals = order.rival ? run<RivalReport>('python3', ['-c', rival, world.unit, over, world.ready]) : { taken: [] };
while (fs.readdirSync(world.ready).length < (order.rival ? 11 : 10)) await sleep(20);
const began = performance.now();
const written = await member<WriterReport>('writer', 2);
// The last generation is still to be cleared.
while (fs.existsSync(world.unit)) await sleep(5);
const seconds = (performance.now() - began) / 1000;
world.sayOver();
const [cleared, read, raced] = [await clearers, await readers, await rivals];

const inspector = await openInspector({ door: 'crowd' });
const operations = async (name: 'recover' | 'history'): Promise<readonly Operation[]> => {
  const result = await (name === 'recover'
    ? inspector.call('recover', { now: true })
    : inspector.call('history', { limit: 1_000_000 }));
  if (!result.ok) throw new Error(result.error.message);
  return result.value.operations;
};
const recovered = [...(await operations('recover')), ...(await operations('recover'))];
const history = await operations('history');
await inspector.close();

const count = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};
const sum = (counts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const total: Record<string, number> = {};
  for (const one of counts) for (const [word, times] of Object.entries(one)) total[word] = (total[word] ?? 0) + times;
  return total;
};

const taken = cleared.flatMap((it) => it.taken);
const done = new Set(history.filter(({ state }) => state === 'done').map(({ id }) => id as string));
/** An inode number can be given again: as many trees as were made with it must have been taken with it. */
const [made, gone] = [
  count(written.flatMap((it) => it.made)),
  count([...taken.map(({ identity }) => identity), ...raced.taken]),
];
const wrong = [...new Set([...Object.keys(made), ...Object.keys(gone)])].filter((it) => made[it] !== gone[it]);
const below = (folder: string): readonly string[] => (fs.existsSync(folder) ? fs.readdirSync(folder) : []);

report({
  rounds: written.reduce((all, it) => all + it.made.length, 0),
  seconds,
  byWriter: written.map((it) => it.made.length),
  byClearer: cleared.map((it) => it.taken.length),
  byRival: raced.taken.length,
  ends: sum(cleared.map((it) => it.ends)),
  history: count(history.map(({ state }) => state)),
  recovered: recovered.map(({ state }) => state),
  notExactlyOnce: wrong.map((it) => `${it}: made ${made[it] ?? 0} times, taken ${gone[it] ?? 0} times`),
  takenButNotDone: taken.filter(({ operation }) => !done.has(operation)).map(({ operation }) => operation),
  doneButNotTaken: [...done].filter((id) => !taken.some(({ operation }) => operation === id)),
  looks: sum(read.map(({ none, whole, moved }) => ({ none, whole, moved }))),
  torn: read.flatMap((it) => it.torn),
  left: [
    ...below(world.cache).filter((name) => !namesBefore.includes(name)),
    ...below(path.dirname(world.cache)).filter((name) => name !== path.basename(world.cache)),
    ...below(path.join(world.state, 'locks')),
  ],
} satisfies CrowdReport);
