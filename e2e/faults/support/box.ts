import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ApiError } from '../../../shared/errors.ts';
import type { Leftover, Operation } from '../../../shared/model.ts';
import { type Inspected, inspect, newHome, type RunOptions, stateOf } from '../../support/program.ts';
import { run } from '../../support/run.ts';
import { smallTree, write } from '../../support/sandbox.ts';
import { type Started, startInspecting } from './start.ts';
import { asNobody, nobody } from './ways.ts';
import { fingerprintOf } from './whole.ts';

export interface Cleared {
  readonly code: number | null;
  readonly operations: readonly Operation[];
  readonly error: ApiError | null;
  readonly stderr: string;
}

export interface HowToRun extends Pick<RunOptions, 'env' | 'cwd'> {
  /** Words before the program: `underStrace(…)`. */
  readonly through?: readonly string[];
}

/** Names that the program gives to what it sets aside and condemns, and its lock. */
const ours = /\.(stale|deleting)-\d+-[0-9a-f]{16}$|^\.cache-inspector-/;

/**
 * The world of one row: a home with a cache of pip-tools whose unit `pkgs` has three folders with three files each,
 * and neighbours that nothing may touch. Everything is run as the program's users do, through the terminal door.
 *
 * The row builds its fault, then runs the program. At its first run (or `settled()`) the unit is taken down as it is:
 * from then on it must be this or absent, and nothing else in the box may change, but for `scratch` and the history.
 */
export class Box {
  /** Everything of this row stands below. */
  readonly dir: string;
  readonly home: string;
  /** The cache's root, `~/.cache/pip-tools`. */
  readonly cache: string;
  /** The unit that is cleared: D of the matrix. */
  unit: string;
  /** What the program is told to clear. */
  target = 'pip-tools/pkgs';
  /** Where the program keeps its history. */
  readonly state: string;
  /** A folder for the row's own things, which may change at any time. */
  readonly scratch: string;
  /** The environment of every run, for rows about settings. */
  env: Readonly<Record<string, string>> = {};
  /** How the unit was, and all that is outside. */
  before: { readonly unit: string | null; readonly outside: string | null } | null = null;
  #namespace: readonly string[] = [];
  #namespacePid: number | null = null;
  #user: readonly string[] = [];

  constructor() {
    this.home = newHome();
    this.dir = path.dirname(this.home);
    this.cache = path.join(this.home, '.cache', 'pip-tools');
    this.unit = path.join(this.cache, 'pkgs');
    this.state = stateOf(this.home);
    this.scratch = path.join(this.dir, 'scratch');
    fs.mkdirSync(this.scratch, { mode: 0o777 });
    smallTree(this.unit);
    write(this.home, { 'precious/photo': 'mine', 'precious/sub/letter': 'mine' });
    write(this.cache, { 'depcache-cp3.11.json': '{}', 'neighbour/file': 'n' });
  }

  // ── where it runs ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Runs a shell script in a mount namespace of its own, in which all that follows is run as well, the frame's last
   * look included; the mounts end with the row. `$DIR`, `$UNIT`, `$CACHE`, `$HOME`, `$SCRATCH` are the box's. A script
   * that fails throws what it said.
   */
  async mount(script: string): Promise<void> {
    if (this.#namespacePid === null) {
      const holder = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', 'echo; exec sleep 3600'], {
        cwd: '/',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => {
        holder.kill('SIGKILL');
      });
      await new Promise((resolve, reject) => holder.once('error', reject).stdout.once('data', resolve));
      this.#namespacePid = holder.pid ?? 0;
      const enter = ['nsenter', '-m', '-t', String(this.#namespacePid), '--'];
      this.#namespace = [...enter, 'sh', '-c', 'cd "$0" && exec "$@"', path.join(this.dir, 'elsewhere')];
    }
    await this.sh(script);
  }

  /** A path as this process can open it: through the row's mounts, where it has some. */
  seen(at: string): string {
    return this.#namespacePid === null ? at : `/proc/${this.#namespacePid}/root${at}`;
  }

  /** Words that lead into the row's namespace. */
  get namespace(): readonly string[] {
    return this.#namespace;
  }

  /** From here on the program is run as a user without rights, to whom all of the box belongs. */
  become(): void {
    execFileSync('chown', ['-R', '-h', `${nobody}:${nobody}`, this.dir]);
    this.#user = asNobody;
  }

  /** Runs a shell script as root, within the row's mounts. Throws what it said when it fails. */
  async sh(script: string): Promise<string> {
    const [command = '', ...rest] = [...this.#namespace, 'sh', '-ec', script];
    const { dir: DIR, unit: UNIT, cache: CACHE, home: HOME, scratch: SCRATCH } = this;
    const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', DIR, UNIT, CACHE, HOME, SCRATCH, STATE: this.state };
    const ran = await run(command, rest, { cwd: path.join(this.dir, 'elsewhere'), env });
    if (ran.code !== 0) throw new Error(`${script}\nended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  // ── what it runs ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs the program to its end, whatever its exit code. */
  async run(args: readonly string[], { through = [], env = {}, cwd }: HowToRun = {}): Promise<Inspected> {
    await this.#taken();
    return inspect(this.home, args, {
      env: { ...this.env, ...env },
      through: [...this.#namespace, ...this.#user, ...through],
      ...(cwd !== undefined && { cwd }),
    });
  }

  /** `clear TARGET --yes --json` and what came of it: operations, or an error where there were none. */
  async clear(flags: readonly string[] = [], how: HowToRun & { readonly target?: string } = {}): Promise<Cleared> {
    const ran = await this.run(['clear', how.target ?? this.target, '--yes', '--json', ...flags], how);
    const said = ran.json<{ operations?: readonly Operation[]; error?: ApiError }>();
    return { code: ran.code, operations: said.operations ?? [], error: said.error ?? null, stderr: ran.stderr };
  }

  /** Starts the program and leaves it running. */
  async start(args: readonly string[], { through = [], env = {} }: HowToRun = {}): Promise<Started> {
    await this.#taken();
    return startInspecting(this.home, args, {
      env: { ...this.env, ...env },
      through: [...this.#namespace, ...this.#user, ...through],
    });
  }

  /** Runs the program once, so that its history is there already when a fault comes. */
  async begun(): Promise<void> {
    await this.history();
  }

  async recover(...flags: readonly string[]): Promise<readonly Operation[]> {
    return this.#operations(['recover', ...flags]);
  }

  /** Newest first. */
  async history(): Promise<readonly Operation[]> {
    return this.#operations(['history']);
  }

  async leftovers(): Promise<readonly Leftover[]> {
    return (await this.run(['leftovers', '--json'])).json<{ leftovers: readonly Leftover[] }>().leftovers;
  }

  async #operations(args: readonly string[]): Promise<readonly Operation[]> {
    const ran = await this.run([...args, '--json']);
    const { operations } = ran.json<{ operations?: readonly Operation[] }>();
    if (operations === undefined) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stdout}`);
    return operations;
  }

  // ── what it looks at ───────────────────────────────────────────────────────────────────────────────────────────

  /** The world is as the row wants it, now or again: how it is now is how it must be at the end. */
  async settled(): Promise<void> {
    this.before = { unit: await this.unitNow(), outside: await this.outsideNow() };
  }

  async #taken(): Promise<void> {
    if (this.before === null) await this.settled();
  }

  /** The unit as it is now; null when nothing stands there. */
  unitNow(): Promise<string | null> {
    return fingerprintOf(this.unit, { through: this.#namespace });
  }

  /** All of the box but the unit, what it became, the history and the row's own things. */
  outsideNow(): Promise<string | null> {
    const aside = [`${this.unit}`, `${this.unit}.stale-*`, `${this.unit}.deleting-*`];
    const beside = path.join(path.dirname(this.cache), '.cache-inspector-*');
    return fingerprintOf(this.dir, {
      through: this.#namespace,
      but: [...aside, beside, this.state, this.scratch],
      renamedIn: [this.dir, path.dirname(this.unit), path.dirname(this.cache)],
    });
  }

  /** Names that are ours: beside the unit, and beside the cache. */
  ourNames(): readonly string[] {
    const folders = [...new Set([path.dirname(this.unit), path.dirname(this.cache)])];
    return folders.flatMap((folder) => {
      const at = this.seen(folder);
      if (!fs.existsSync(at)) return [];
      const names = fs.readdirSync(at).filter((name) => ours.test(name));
      return names.map((name) => path.join(folder, name));
    });
  }

  /** Where set-aside copies stand. */
  staleCopies(): readonly string[] {
    return this.ourNames().filter((at) => /\.stale-\d+-[0-9a-f]{16}$/.test(at));
  }

  /** True when what stands at a path is the unit exactly as it was. */
  async wholeAs(at: string): Promise<boolean> {
    return (await fingerprintOf(at, { through: this.#namespace })) === this.before?.unit;
  }

  /** True when the unit stands at its place exactly as it was. */
  async isWhole(): Promise<boolean> {
    const now = await this.unitNow();
    return now !== null && now === this.before?.unit;
  }

  /** True when nothing at all stands at the unit's place. */
  isAbsent(): boolean {
    return fs.lstatSync(this.seen(this.unit), { throwIfNoEntry: false }) === undefined;
  }
}
