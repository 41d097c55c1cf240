import fc from 'fast-check';
import type { UndoChoice } from '../../../../../shared/model.ts';
import { type Node, plain, tree } from './tree.ts';
import { type Unit, units } from './world.ts';

/** What may be in the way of the new name: made after the plan has shown it, and before it is carried out. */
export type Obstacle = 'none' | 'file' | 'empty folder' | 'folder' | 'link';

/** Something that a door does by itself, of two that do something at once. */
export type Part =
  | { readonly do: 'clear'; readonly unit: Unit; readonly window: boolean }
  | { readonly do: 'undo'; readonly which: number }
  | { readonly do: 'recover'; readonly now: boolean };

/** One step of a test. `door`: which of the two doors. */
export type Command =
  | {
      readonly do: 'clear';
      readonly door: number;
      readonly unit: Unit;
      readonly window: boolean;
      readonly how: 'if idle' | 'even if in use' | 'wait';
      readonly obstacle: Obstacle;
    }
  | { readonly do: 'undo'; readonly door: number; readonly which: number; readonly choice: UndoChoice }
  | { readonly do: 'make'; readonly unit: Unit; readonly nodes: readonly Node[] }
  | { readonly do: 'recover'; readonly door: number; readonly now: boolean }
  | { readonly do: 'restart'; readonly door: number }
  | {
      readonly do: 'sweep';
      readonly door: number;
      readonly nodes: readonly Node[];
      readonly planted: 'folder' | 'link';
    }
  | { readonly do: 'add' | 'forget'; readonly door: number }
  | { readonly do: 'protect' | 'unprotect'; readonly door: number; readonly unit: Unit }
  | { readonly do: 'use' | 'leave'; readonly unit: Unit }
  | { readonly do: 'cancel'; readonly door: number; readonly which: number }
  | { readonly do: 'at once'; readonly parts: readonly [Part, Part] }
  /** A door that is killed before or after its n-th write to the journal, and a recovery by another. */
  | { readonly do: 'killed'; readonly part: Part; readonly at: 'before' | 'after'; readonly write: number };

const only = <Kind extends string>(...kinds: readonly [Kind, ...Kind[]]) => fc.constantFrom(...kinds);
const unit = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...units) }, { weight: 1, arbitrary: only('pkgs') });
const door = fc.nat(1);
const which = fc.nat(5);
const mostly = fc
  .oneof({ weight: 3, arbitrary: only('yes') }, { weight: 1, arbitrary: only('no') })
  .map((it) => it === 'yes');
const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 3, arbitrary: plain({ do: only('clear'), unit, window: mostly }) },
  { weight: 2, arbitrary: plain({ do: only('undo'), which }) },
  { weight: 1, arbitrary: plain({ do: only('recover'), now: fc.boolean() }) },
);

const clear = plain({
  do: only('clear'),
  door,
  unit,
  window: mostly,
  how: fc.oneof({ weight: 3, arbitrary: only('if idle') }, { weight: 2, arbitrary: only('even if in use', 'wait') }),
  obstacle: fc.oneof(
    { weight: 4, arbitrary: only('none') },
    { weight: 1, arbitrary: only('file', 'empty folder', 'folder', 'link') },
  ),
});
const killed = plain({
  do: only('killed'),
  part,
  at: only('before', 'after'),
  write: fc.integer({ min: 1, max: 4 }),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: clear },
  { weight: 8, arbitrary: plain({ do: only('undo'), door, which, choice: only('refuse', 'beside', 'swap') }) },
  { weight: 7, arbitrary: plain({ do: only('make'), unit, nodes: tree }) },
  { weight: 5, arbitrary: plain({ do: only('recover'), door, now: mostly }) },
  { weight: 2, arbitrary: plain({ do: only('restart'), door }) },
  { weight: 1, arbitrary: plain({ do: only('sweep'), door, nodes: tree, planted: only('folder', 'link') }) },
  { weight: 2, arbitrary: plain({ do: only('add', 'forget'), door }) },
  { weight: 2, arbitrary: plain({ do: only('protect', 'unprotect'), door, unit }) },
  { weight: 3, arbitrary: plain({ do: only('use', 'leave'), unit }) },
  { weight: 1, arbitrary: plain({ do: only('cancel'), door, which }) },
  { weight: 3, arbitrary: plain({ do: only('at once'), parts: fc.tuple(part, part) }) },
  { weight: 3, arbitrary: killed },
);

/** Long ones from the first run on: what goes wrong needs several steps. */
export const commands = fc.array(command, { minLength: 3, maxLength: 14, size: 'max' });
