import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import type { Result } from '../../../../../shared/errors.ts';
import type { Operation } from '../../../../../shared/model.ts';
import { fs } from '../../../fs/seam.ts';
import { type Inspector, openInspector } from '../../../inspector.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { homeEnv } from '../home.ts';
import { type Outsider, standsIn } from '../outsiders.ts';
import { build, makeSpecials, type Node, type Specials } from './tree.ts';

/** Two units of one cache of a tool, and a folder that a person adds. */
export const units = ['pkgs', 'http', 'extra'] as const;
export type Unit = (typeof units)[number];

/** How a unit is to be cleared. */
export interface HowToClear {
  readonly windowMs: number;
  readonly how: 'if idle' | 'even if in use' | 'wait';
  readonly planned?: (to: string | null) => void;
}

/** A name that pip-tools gives to what it sets aside, of a process that has ended. */
export const foreignName = 'pkgs.stale-4194302';

const removeTree = (at: string): void => {
  // Nothing but root ignores modes.
  if (process.geteuid?.() !== 0) spawnSync('chmod', ['-R', 'u+rwX', at]);
  fs.rmSync(at, { recursive: true, force: true });
};

/** A home with the units in it, and two doors on one history. */
export class World {
  readonly box: string;
  readonly home: string;
  readonly state: string;
  readonly cache: string;
  /** Who works in what once stood there as a unit, by its inode: they stay in it wherever it is moved. */
  readonly #users = new Map<Unit, { readonly who: Outsider; readonly ino: number }>();
  readonly #specials: Specials;
  #doors: Inspector[] = [];
  #store: Store | null = null;

  private constructor(box: string, made: Specials) {
    this.box = box;
    this.#specials = made;
    this.home = path.join(box, 'home');
    this.state = path.join(box, 'state');
    this.cache = path.join(this.home, '.cache', 'pip-tools');
  }

  /** Every unit is such a tree at first, and so is what nothing may touch. */
  static async open(nodes: readonly Node[]): Promise<World> {
    const box = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cache-inspector-test-')));
    const world = new World(box, await makeSpecials(path.join(box, 'specials')));
    // Never taken back: should a test be ended while a door still works, it must not come to the real home.
    for (const [name, text] of Object.entries(homeEnv(world.home))) vi.stubEnv(name, text === '' ? undefined : text);
    for (const unit of units) world.make(unit, nodes);
    build(world.precious, nodes, world.#specials);
    world.#doors = [await world.#door(0), await world.#door(1)];
    world.#store = await openStore(world.state);
    return world;
  }

  /** The person's own, and the only thing beside the cache. */
  get precious(): string {
    return path.join(this.home, 'precious');
  }

  /** What the history has, oldest first: a connection of its own, as another program has. */
  get store(): Store {
    if (this.#store === null) throw new Error('the world is closed');
    return this.#store;
  }

  #door(which: number): Promise<Inspector> {
    return openInspector({ door: this.nameOf(which), stateDir: this.state });
  }

  /** What a door is called in the history. */
  nameOf(which: number): string {
    return ['first', 'second'][which % 2] ?? '';
  }

  door(which: number): Inspector {
    const door = this.#doors[which % this.#doors.length];
    if (door === undefined) throw new Error('there is no such door');
    if (process.env['HOME'] !== this.home) throw new Error('another world is open');
    return door;
  }

  /** Closes a door as it should be, and opens another one in its place. */
  async reopen(which: number): Promise<void> {
    const at = which % this.#doors.length;
    await this.door(at).close();
    this.#doors[at] = await this.#door(at);
  }

  /** Closes all doors as they should be, and opens one. */
  async oneDoor(): Promise<void> {
    for (const door of this.#doors) await door.close();
    this.#doors = [await this.#door(0)];
  }

  folderOf(unit: Unit): string {
    return unit === 'extra' ? this.home : this.cache;
  }

  place(unit: Unit): string {
    return path.join(this.folderOf(unit), unit);
  }

  make(unit: Unit, nodes: readonly Node[]): void {
    build(this.place(unit), nodes, this.#specials);
  }

  plant(nodes: readonly Node[]): void {
    build(path.join(this.cache, foreignName), nodes, this.#specials);
  }

  /** Somebody who does not descend from this process works in a unit from now on. One of them each. */
  async use(unit: Unit): Promise<void> {
    if (this.#users.has(unit)) return;
    const { ino } = fs.lstatSync(this.place(unit));
    this.#users.set(unit, { who: await standsIn(this.place(unit)), ino });
  }

  async leave(unit: Unit): Promise<void> {
    await this.#users.get(unit)?.who.leave();
    this.#users.delete(unit);
  }

  /** Somebody works in what stands there now. */
  isUsed(unit: Unit): boolean {
    const ino = fs.lstatSync(this.place(unit), { throwIfNoEntry: false })?.ino;
    return ino !== undefined && [...this.#users.values()].some((user) => user.ino === ino);
  }

  /** Plans a clear of a unit and carries it out; `planned` hears the name that the plan would give it. */
  async clear(
    which: number,
    unit: Unit,
    { windowMs, how, planned = () => undefined }: HowToClear,
  ): Promise<Result<{ readonly operations: readonly Operation[] }>> {
    const door = this.door(which);
    const text = unit === 'extra' ? this.place(unit) : `pip-tools/${unit}`;
    const resolved = await door.call('resolve', { text });
    if (!resolved.ok) return resolved;
    const plan = await door.call('plan', { targets: [...resolved.value.targets], measure: false });
    if (!plan.ok) return plan;
    planned(plan.value.steps[0]?.rename.to ?? null);
    return door.call('clear', {
      plan: plan.value.id,
      undoWindowMs: windowMs,
      evenIfInUse: how === 'even if in use',
      ...(how === 'wait' && { waitMs: 3_600_000 }),
    });
  }

  /** Ends everything of it. */
  async close(): Promise<void> {
    for (const unit of [...this.#users.keys()]) await this.leave(unit);
    for (const door of this.#doors) await door.close().catch(() => undefined);
    this.#doors = [];
    await this.#store?.close();
    this.#store = null;
    removeTree(this.box);
  }
}
