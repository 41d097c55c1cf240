import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { homeEnv } from '../../../../electron/core/clear/testing/home.ts';
import type { World } from './world.ts';

/** An operation on `name` in the cache whose process ended there. */
export interface Interrupted {
  readonly name: string;
  readonly how:
    | 'waiting'
    | 'intent'
    | 'intent, renamed'
    | 'set aside'
    | 'undoing'
    | 'undoing, renamed'
    | 'deleting'
    | 'half deleted';
}

export interface LaneOrder {
  readonly do: 'prepare' | 'recover';
  readonly env: Readonly<Record<string, string>>;
  readonly state: string;
  readonly cache: string;
  readonly interrupted: readonly Interrupted[];
  readonly now: boolean;
}

/** What the journal has of an operation. */
export interface Told {
  readonly id: string;
  readonly phase: string;
  /** Of the thing that it is about. */
  readonly ino: number;
  readonly name: string;
  readonly restored: string | null;
}

export interface Answer {
  readonly ids: readonly string[];
  /** What these operations call their things while they are set aside and deleted. */
  readonly names: readonly string[];
  /** Oldest first. */
  readonly told: readonly Told[];
  /** What each of two recoveries changed. */
  readonly changed: readonly (readonly string[])[];
  readonly notices: readonly string[];
}

type Said = { readonly answer: Answer } | { readonly failed: string };

/** A process that prepares and recovers one world after another. */
export class Lane {
  readonly #child: ChildProcess;
  #heard: (said: Said) => void = () => undefined;

  constructor() {
    this.#child = fork(new URL('./lane-process.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (said) => this.#heard(said as Said));
    this.#child.on('exit', () => this.#heard({ failed: 'the process that recovers has ended' }));
  }

  /** Journals operations of doors that have ended. Resolves with their ids. */
  async prepare(world: World, interrupted: readonly Interrupted[]): Promise<readonly string[]> {
    const { ids, names } = await this.#ask(world, { do: 'prepare', interrupted, now: false });
    world.names.push(...names);
    return ids;
  }

  recover(world: World, now: boolean): Promise<Answer> {
    return this.#ask(world, { do: 'recover', interrupted: [], now });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  #ask(world: World, order: Omit<LaneOrder, 'env' | 'state' | 'cache'>): Promise<Answer> {
    const { home, state, cache } = world;
    return new Promise((resolve, reject) => {
      this.#heard = (said) => ('answer' in said ? resolve(said.answer) : reject(new Error(said.failed)));
      this.#child.send({ ...order, env: homeEnv(home), state, cache } satisfies LaneOrder);
    });
  }
}
