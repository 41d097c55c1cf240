import fs from 'node:fs';
import path from 'node:path';
import { until } from '../until.ts';
import { type Call, compiledAt, pathsOf, readTrace, type Trace } from './calls.ts';
import { judge, lost } from './judge.ts';
import type { Lane } from './lane.ts';
import type { Phase } from './phases.ts';
import { startVictim, type Victim } from './start-victim.ts';
import type { Said, VictimOrder } from './victim.ts';
import { World } from './world.ts';

/** What came of one run. */
export interface Point {
  /** Where it was to be killed. */
  readonly at: string;
  readonly name: string;
  /** Whether it was killed there; else at which call, or not at all. */
  readonly hit: 'there' | 'not' | `at ${string}`;
  /** The phases of its operations when all had been recovered, sorted. */
  readonly ends: string;
  /** What speaks against the invariant. */
  readonly wrong: readonly string[];
}

const strace = (...words: readonly string[]): readonly string[] => [
  ...['strace', '-f', '-qq', '-y', '-e', 'signal=none'],
  ...words,
];

export const callText = ({ name, about, nthAbout }: Call): string => `${name} of ${about}, number ${nthAbout}`;

/** Which call of a trace was the last of a thread that was killed in it: it has no result. */
const hitOf = (log: string, world: World, call: Call, when: number): Point['hit'] => {
  const { calls } = readTrace(log, world);
  const cut = log.split('\n').find((line) => / = \?$/.test(line));
  if (cut === undefined) return 'not';
  const thread = cut.split(' ')[0];
  const last = calls.filter((it) => it.thread === thread).at(-1);
  if (last === undefined) return 'at a call of no matter';
  return last.about === call.about && last.nth === when ? 'there' : `at ${callText(last)}`;
};

const isGone = (pid: number): boolean => {
  try {
    return /^State:\s+[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return true;
  }
};

/** A door that takes so long (ms) hangs, and is ended: then it was not killed where it was to be. */
const patienceMs = 300_000;

/** Kills a door at one call after another, each time in a world of its own. */
export class Sweep {
  readonly #dir: string;
  readonly #template: string;
  readonly #victims = new Set<Victim>();
  #worlds = 0;

  private constructor(dir: string) {
    this.#dir = dir;
    this.#template = path.join(dir, 'history');
  }

  /**
   * Everything stands below `dir`, which is the caller's. Makes a history that is there already, and has the program
   * compiled: neither is what is swept.
   */
  static async begin(dir: string): Promise<Sweep> {
    const sweep = new Sweep(dir);
    const world = sweep.#newWorld();
    world.tree('the unit', 'pkgs');
    const state = { stateDir: world.state };
    await sweep.#run(world, { ...state, work: { do: 'clear', undoWindowMs: 0 } }, []);
    fs.rmSync(world.state, { recursive: true });
    await sweep.#run(world, { ...state, work: { do: 'open' } }, []);
    fs.renameSync(world.state, sweep.#template);
    return sweep;
  }

  /** Ends what still runs. */
  close(): void {
    for (const victim of this.#victims) victim.kill();
  }

  /** Does it once without killing anything: each call that changes something, and what came of it. */
  async trace(phase: Phase, lane: Lane): Promise<Trace & { readonly point: Point }> {
    const { world, order, end } = await this.#ready(phase, lane);
    const log = path.join(world.dir, 'calls');
    const said = await this.#run(world, order, strace('-o', log)).finally(end);
    const trace = readTrace(fs.readFileSync(log, 'utf8'), world);
    const now = [...new Map(said.flatMap((line) => ('state' in line ? [[line.id, line.state]] : []))).values()];
    if (now.sort().join() !== [...phase.ends].sort().join()) {
      throw new Error(`${phase.name} ended as ${now.join(', ')}: ${JSON.stringify(said)}`);
    }
    const point = await this.#outcome(world, lane, said, { at: 'nothing', name: 'nothing', hit: 'not' });
    return { ...trace, calls: trace.calls.filter(phase.calls ?? (() => true)), point };
  }

  /** Does it and has it killed before that call; then everything is recovered, and looked at. */
  async kill(phase: Phase, call: Call, lane: Lane): Promise<Point> {
    const { world, order, end } = await this.#ready(phase, lane);
    const log = path.join(world.dir, 'calls');
    const paths = pathsOf(world, call);
    const when = paths.length === 0 ? call.nth : call.nthAbout;
    const inject = ['-e', `trace=${call.name}`, '-e', `inject=${call.name}:signal=KILL:when=${when}`];
    const through = strace('-o', log, ...inject, ...paths.flatMap((it) => ['-P', it]));
    const said = await this.#run(world, order, through).finally(end);
    const hit = hitOf(fs.readFileSync(log, 'utf8'), world, call, when);
    return this.#outcome(world, lane, said, { at: callText(call), name: call.name, hit });
  }

  /** Kills the door alone when so few files are left, while its helper goes on deleting: recovery meets the helper. */
  async orphan(phase: Phase, files: number, lane: Lane): Promise<Point> {
    const { world, order, end } = await this.#ready(phase, lane);
    const slowly = ['-o', '/dev/null', '-e', 'trace=unlink', '-e', 'inject=unlink:delay_enter=150000'];
    const doomed = { ...order, diesAt: { folder: world.cache, files } };
    const victim = this.#start(world, doomed, strace(...slowly));
    await until(() => victim.said.some((line) => 'pid' in line), 'the door to start');
    const pid = victim.said.flatMap((line) => ('pid' in line ? [line.pid] : []))[0] ?? 0;
    let hasEnded = false;
    const ended = victim.ended.finally(() => {
      hasEnded = true;
    });
    while (!isGone(pid) && !hasEnded) await new Promise((resolve) => setTimeout(resolve, 5));
    const hit = hasEnded ? 'not' : 'there';
    const { told } = await lane.recover(world, false);
    const wrong = [...judge(world, told, 'killed'), ...lost(victim.said, told)];
    await ended.finally(end);
    const name = 'the door, while its helper deletes';
    const point = await this.#outcome(world, lane, victim.said, { at: `${name}, ${files} files`, name, hit });
    return { ...point, wrong: [...wrong, ...point.wrong] };
  }

  #newWorld(): World {
    this.#worlds += 1;
    return new World(path.join(this.#dir, `world-${this.#worlds}`));
  }

  #start(world: World, order: VictimOrder, through: readonly string[]): Victim {
    const victim = startVictim(world, order, { through, compiled: compiledAt(world) });
    this.#victims.add(victim);
    return victim;
  }

  /** To its end. @throws when it neither ended as it should nor was killed. */
  async #run(world: World, order: VictimOrder, through: readonly string[]): Promise<readonly Said[]> {
    const victim = this.#start(world, order, through);
    const tooLong = setTimeout(() => victim.kill(), patienceMs);
    const { code, stderr } = await victim.ended.finally(() => clearTimeout(tooLong));
    this.#victims.delete(victim);
    const wasKilled = code === null || code === 137;
    if (code !== 0 && !wasKilled) throw new Error(`the door ended with ${code}: ${stderr}`);
    return victim.said;
  }

  /** A world as a phase wants it, the order to its victim, and what ends with it. */
  async #ready(phase: Phase, lane: Lane) {
    const world = this.#newWorld();
    if (phase.isFirst !== true) fs.cpSync(this.#template, world.state, { recursive: true });
    const { work, end = () => undefined } = await phase.prepare(world, lane);
    world.settled();
    return { world, order: { ...work, stateDir: world.state } satisfies VictimOrder, end };
  }

  /** Recovers twice, keeping what can be undone, and twice to the end; looks before, between and after. */
  async #outcome(
    world: World,
    lane: Lane,
    said: readonly Said[],
    point: Pick<Point, 'at' | 'name' | 'hit'>,
  ): Promise<Point> {
    const wrong = [...judge(world, [], 'killed')];
    const kept = await lane.recover(world, false);
    wrong.push(...judge(world, kept.told, 'recovered'), ...lost(said, kept.told));
    const over = await lane.recover(world, true);
    wrong.push(...judge(world, over.told, 'ended'), ...lost(said, over.told));
    for (const { changed, notices } of [kept, over]) {
      wrong.push(...(changed[1] ?? []).map((what) => `the second recovery changed ${what}`));
      wrong.push(...notices.map((notice) => `it says: ${notice}`));
    }
    // What went wrong stays, until the whole folder goes, for whoever looks at it.
    if (wrong.length === 0) fs.rmSync(world.dir, { recursive: true });
    const ends = over.told.map(({ phase }) => phase).sort();
    return { ...point, ends: ends.join(' and ') || 'no operation', wrong };
  }
}
