import path from 'node:path';
import { expect } from 'vitest';
import type { Operation, OperationState } from '../../../../../shared/model.ts';
import { fs } from '../../../fs/seam.ts';
import type { Record } from '../../../store/schema.ts';
import { print, printIfThere } from './print.ts';
import { type Unit, units, type World } from './world.ts';

/** A set-aside copy, as it must be. */
export interface Copy {
  readonly unit: Unit;
  readonly print: string;
  /** The door that keeps it; null: nobody does, and `recover now` ends it. */
  owner: string | null;
}

/** A clear that waits until its unit is idle. */
export interface Waiting {
  readonly unit: Unit;
  readonly window: boolean;
  /** The door that waits; null: nothing happens until a person says so. */
  owner: string | null;
}

const inode = (at: string): number => fs.lstatSync(at).ino;

/** What must be true of the disk and of the history. */
export class Model {
  /** What stands at the place of each unit; null: nothing. */
  readonly places = new Map<Unit, string | null>();
  readonly copies = new Map<string, Copy>();
  /** What undos have put beside a unit, by name. */
  readonly beside = new Map<string, { readonly unit: Unit; readonly print: string }>();
  /** Of every operation, oldest first. */
  readonly states = new Map<string, OperationState>();
  readonly waits = new Map<string, Waiting>();
  readonly protected = new Set<Unit>();
  isAdded = false;
  readonly #world: World;
  readonly #precious: string;

  constructor(world: World) {
    this.#world = world;
    this.#precious = print(world.precious);
    for (const unit of units) this.places.set(unit, printIfThere(world.place(unit)));
  }

  /** Something stands there that is not an empty folder. */
  isFilled(unit: Unit): boolean {
    return this.places.get(unit) !== null && fs.readdirSync(this.#world.place(unit)).length > 0;
  }

  /** The operation of that number, counted round: those that can be undone first. Null: there is none. */
  pick(which: number): string | null {
    const ids = [...new Set([...this.copies.keys(), ...this.states.keys()])];
    return ids[which % Math.max(1, ids.length)] ?? null;
  }

  /** A new operation, or a new state of one. */
  set({ id, state }: Pick<Operation, 'id' | 'state'>, expected: OperationState): void {
    expect(state).toBe(expected);
    this.states.set(id, state);
  }

  /** A unit is now the copy of an operation. */
  aside(id: string, unit: Unit, owner: string): void {
    this.copies.set(id, { unit, print: this.places.get(unit) ?? '', owner });
    this.places.set(unit, null);
  }

  async history(): Promise<readonly Operation[]> {
    const answer = await this.#world.door(0).call('history', {});
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.operations;
  }

  /** Looks at everything. */
  async check(): Promise<void> {
    const history = await this.history();
    expect(new Map(history.map(({ id, state }) => [id, state]).reverse() as [string, OperationState][])).toEqual(
      this.states,
    );
    const names = new Map<string, string[]>();
    const stands = (folder: string, name: string): void => void names.set(folder, [...(names.get(folder) ?? []), name]);
    for (const unit of units) {
      const whole = this.places.get(unit) ?? null;
      expect(printIfThere(this.#world.place(unit)), unit).toBe(whole);
      if (whole !== null) stands(this.#world.folderOf(unit), unit);
    }
    for (const { id, asidePath, state } of history) {
      const copy = this.copies.get(id);
      expect(asidePath !== null, `${id}, ${state}, has a copy`).toBe(copy !== undefined);
      if (asidePath === null || copy === undefined) continue;
      expect(print(asidePath), `the copy of ${id}`).toBe(copy.print);
      stands(path.dirname(asidePath), path.basename(asidePath));
    }
    for (const [name, { unit, print: whole }] of this.beside) {
      expect(print(path.join(this.#world.folderOf(unit), name)), name).toBe(whole);
      stands(this.#world.folderOf(unit), name);
    }
    expect(fs.readdirSync(this.#world.cache).sort()).toEqual((names.get(this.#world.cache) ?? []).sort());
    const inHome = [...(names.get(this.#world.home) ?? []), 'precious', '.cache'];
    expect(fs.readdirSync(this.#world.home).sort()).toEqual(inHome.sort());
    expect(fs.readdirSync(path.dirname(this.#world.cache)), 'locks').toEqual(['pip-tools']);
    expect(print(this.#world.precious), 'what is nobody’s business').toBe(this.#precious);
  }

  /**
   * Takes over what has happened where that was not certain: a door was killed, or two did something at once. Whatever
   * it was, nothing may be lost: each thing that was whole is whole somewhere, or the history says that it is deleted;
   * and operations go forward only.
   */
  async adopt(before: Things): Promise<void> {
    const { store } = this.#world;
    const records = new Map([...(await store.open()), ...(await store.history({}))].map((it) => [it.id, it]));
    const oldest = [...records.values()].sort((a, b) => a.startedAt - b.startedAt);
    for (const [id, state] of this.states) expect([...(forward[state] ?? []), state]).toContain(records.get(id)?.phase);
    this.states.clear();
    for (const { id, phase } of oldest) this.states.set(id, phase as OperationState);
    this.copies.clear();
    for (const unit of units) this.places.set(unit, null);
    for (const [ino, thing] of before) {
      const about = oldest.filter(({ identity }) => Number(identity.ino) === ino);
      this.#adoptOne(ino, thing, about);
    }
  }

  #adoptOne(ino: number, { unit, print: whole, isEmpty }: Thing, about: readonly Record[]): void {
    const folder = this.#world.folderOf(unit);
    const name = fs.readdirSync(folder).find((it) => inode(path.join(folder, it)) === ino);
    const phases = about.map(({ phase }) => phase);
    if (name === undefined) {
      // An undo may take the place of an empty folder.
      if (!isEmpty) expect(phases, `${unit} is gone`).toContain('done');
      return;
    }
    expect(print(path.join(folder, name)), `${unit} is whole as ${name}`).toBe(whole);
    const holding = about.filter(({ phase }) => phase === 'set-aside');
    if (name === unit) {
      expect(holding, `${unit} stands at its place`).toEqual([]);
      this.places.set(unit, whole);
      return;
    }
    expect(holding.length, `${name} belongs to one operation`).toBe(1);
    const [record] = holding;
    expect(record?.stale.toString()).toBe(name);
    if (record !== undefined)
      this.copies.set(record.id, { unit, print: whole, owner: record.owner === null ? null : record.door });
  }

  /** Everything that is whole now, by inode. */
  things(): Things {
    const found: [number, Thing][] = [];
    for (const [unit, whole] of this.places) {
      if (whole === null) continue;
      found.push([inode(this.#world.place(unit)), { unit, print: whole, isEmpty: !this.isFilled(unit) }]);
    }
    for (const { unit, print: whole } of this.copies.values()) {
      const folder = this.#world.folderOf(unit);
      const name = fs
        .readdirSync(folder)
        .find((it) => it.includes('.stale-') && print(path.join(folder, it)) === whole);
      if (name === undefined) throw new Error(`a copy of ${unit} is not there`);
      found.push([inode(path.join(folder, name)), { unit, print: whole, isEmpty: false }]);
    }
    return new Map(found);
  }
}

export interface Thing {
  readonly unit: Unit;
  readonly print: string;
  readonly isEmpty: boolean;
}
export type Things = ReadonlyMap<number, Thing>;

/** What may become of a state while two doors are at work, or one is killed. */
const forward: Partial<{ readonly [State in OperationState]: readonly OperationState[] }> = {
  'set-aside': ['undone', 'done'],
  partial: ['done'],
};
