import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../e2e/support/sandbox.ts';
import type { Operation } from '../../../shared/model.ts';
import type { Inspector } from '../inspector.ts';
import { carryOut, type Home, newHome, planFor, value } from './testing/home.ts';

type Node =
  | { readonly kind: 'file'; readonly name: string; readonly mode: number }
  | { readonly kind: 'directory'; readonly name: string; readonly mode: number }
  | { readonly kind: 'link'; readonly name: string; readonly to: string }
  | { readonly kind: 'hard'; readonly name: string; readonly to: string };

const oddName = fc.constantFrom('a', 'b', 'c d', 'new\nline', '-rf', 'é', '\ufeffbom', '.hidden', 'n'.repeat(255));
const node: fc.Arbitrary<Node> = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), name: oddName, mode: fc.constantFrom(0o644, 0o444, 0o755) }),
  fc.record({ kind: fc.constant('directory' as const), name: oddName, mode: fc.constantFrom(0o755, 0o700, 0o555) }),
  fc.record({ kind: fc.constant('link' as const), name: oddName, to: fc.constantFrom('.', '..', '/', 'a', 'nowhere') }),
  fc.record({ kind: fc.constant('hard' as const), name: oddName, to: oddName }),
);
const tree = fc.array(node, { maxLength: 8 });

/** Nodes go into the last directory that was made; what cannot be made there is left out. */
const build = (top: string, nodes: readonly Node[]): void => {
  fs.mkdirSync(top, { recursive: true });
  const modes: [string, number][] = [];
  let at = top;
  for (const it of nodes) {
    const place = path.join(at, it.name);
    if (fs.lstatSync(place, { throwIfNoEntry: false })) continue;
    if (it.kind === 'file') {
      fs.writeFileSync(place, it.name, { mode: it.mode });
    } else if (it.kind === 'directory') {
      fs.mkdirSync(place);
      modes.push([place, it.mode]);
      at = place;
    } else if (it.kind === 'link') {
      fs.symlinkSync(it.to, place);
    } else {
      const from = path.join(at, it.to);
      if (fs.lstatSync(from, { throwIfNoEntry: false })?.isFile()) fs.linkSync(from, place);
    }
  }
  for (const [place, mode] of modes) fs.chmodSync(place, mode);
};

type Command =
  | { readonly do: 'clear'; readonly window: boolean }
  | { readonly do: 'undo'; readonly which: number }
  | { readonly do: 'make'; readonly nodes: readonly Node[] }
  | { readonly do: 'recover'; readonly now: boolean }
  | { readonly do: 'restart' };

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('clear' as const), window: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('undo' as const), which: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('make' as const), nodes: tree }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('recover' as const), now: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 1, maxLength: 8 },
) satisfies fc.Arbitrary<Command[]>;

/** What must be true of the disk and the history: the unit's fingerprint, and those of the copies by operation. */
class Model {
  unit: string | null;
  readonly copies = new Map<string, { readonly print: string; owned: boolean }>();
  readonly states = new Map<string, Operation['state']>();
  readonly #home: Home;
  readonly #precious: string;
  inspector: Inspector;

  constructor(home: Home, inspector: Inspector) {
    this.#home = home;
    this.inspector = inspector;
    this.unit = this.#print();
    this.#precious = fingerprint(path.join(home.home, 'precious'));
  }

  #print(): string | null {
    return fs.existsSync(this.#home.unit) ? fingerprint(this.#home.unit) : null;
  }

  async clear(window: boolean): Promise<void> {
    const operation = await carryOut(this.inspector, await planFor(this.inspector), window ? 3_600_000 : 0);
    const expected = this.unit === null ? 'nothing-to-do' : window ? 'set-aside' : 'done';
    expect(operation.state).toBe(expected);
    this.states.set(operation.id, operation.state);
    if (expected === 'set-aside' && this.unit !== null)
      this.copies.set(operation.id, { print: this.unit, owned: true });
    this.unit = null;
  }

  async undo(which: number): Promise<void> {
    const ids = [...this.states.keys()];
    const id = ids[which % Math.max(1, ids.length)];
    if (id === undefined) return;
    const operation = (await this.history()).find((it) => it.id === id);
    if (operation === undefined) throw new Error('the history lost an operation');
    const answer = await this.inspector.call('undo', { operation: operation.id });
    const copy = this.copies.get(id);
    if (copy === undefined) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'not-undoable' } });
    } else if (this.unit !== null && fs.readdirSync(this.#home.unit).length > 0) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'recreated' } });
      copy.owned = false;
    } else {
      expect(answer).toMatchObject({ ok: true, value: { state: 'undone' } });
      this.states.set(id, 'undone');
      this.copies.delete(id);
      this.unit = copy.print;
    }
  }

  make(nodes: readonly Node[]): void {
    if (this.unit !== null) return;
    build(this.#home.unit, nodes);
    this.unit = this.#print();
  }

  async recover(now: boolean): Promise<void> {
    value(await this.inspector.call('recover', { now }));
    if (!now) return;
    for (const [id, { owned }] of this.copies) {
      if (owned) continue;
      this.copies.delete(id);
      this.states.set(id, 'done');
    }
  }

  async restart(): Promise<void> {
    await this.inspector.close();
    this.inspector = await this.#home.open();
    await this.inspector.resume();
    for (const copy of this.copies.values()) copy.owned = false;
  }

  async history(): Promise<readonly Operation[]> {
    return value(await this.inspector.call('history', {})).operations;
  }

  async check(): Promise<void> {
    expect(this.#print()).toBe(this.unit);
    const history = await this.history();
    expect(new Map(history.map(({ id, state }) => [id, state]))).toEqual(new Map([...this.states].reverse()));
    const asides: string[] = [];
    for (const { id, asidePath } of history) {
      const copy = this.copies.get(id);
      expect(asidePath !== null).toBe(copy !== undefined);
      if (asidePath === null || copy === undefined) continue;
      expect(fingerprint(asidePath)).toBe(copy.print);
      asides.push(path.basename(asidePath));
    }
    const expected = this.unit === null ? asides : [...asides, 'pkgs'];
    expect(fs.readdirSync(path.dirname(this.#home.unit)).sort()).toEqual(expected.sort());
    expect(fingerprint(path.join(this.#home.home, 'precious'))).toBe(this.#precious);
  }
}

const carry = async (model: Model, it: Command): Promise<void> => {
  if (it.do === 'clear') await model.clear(it.window);
  else if (it.do === 'undo') await model.undo(it.which);
  else if (it.do === 'make') model.make(it.nodes);
  else if (it.do === 'recover') await model.recover(it.now);
  else await model.restart();
};

describe('any sequence of clears, undos, recoveries and restarts on any tree', () => {
  it('leaves the unit whole or absent at every step, the history true, and nothing behind at the end', async () => {
    await fc.assert(
      fc.asyncProperty(tree, commands, async (nodes, sequence) => {
        const home = newHome();
        fs.rmSync(home.unit, { recursive: true });
        build(home.unit, nodes);
        build(path.join(home.home, 'precious'), nodes);
        const model = new Model(home, await home.open());
        for (const it of sequence) {
          await carry(model, it);
          await model.check();
        }
        await model.restart();
        await model.recover(true);
        await model.check();
        expect(model.copies.size).toBe(0);
        await model.inspector.close();
      }),
      { numRuns: process.env['LONG'] ? 2000 : 20 },
    );
  }, 240_000);
});
