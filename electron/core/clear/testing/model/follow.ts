import fc from 'fast-check';
import { expect } from 'vitest';
import { carry } from './carry.ts';
import { type Command, commands } from './commands.ts';
import { Model } from './model.ts';
import { type Node, tree } from './tree.ts';
import { units, World } from './world.ts';

/** All units are known at first. */
const add: Command = { do: 'add', door: 0 };

/**
 * Does it all, looks at everything after each step, and brings all to its end. Resolves with how the operations ended.
 * @throws what is not as it must be.
 */
export const follow = async (nodes: readonly Node[], sequence: readonly Command[]): Promise<readonly string[]> => {
  const world = await World.open(nodes);
  try {
    const model = new Model(world);
    for (const it of [add, ...sequence]) {
      await carry(world, model, it);
      await model.check();
    }
    for (const unit of units) await carry(world, model, { do: 'leave', unit });
    await world.oneDoor();
    for (const kept of [...model.copies.values(), ...model.waits.values()]) kept.owner = null;
    await carry(world, model, { do: 'recover', door: 0, now: true });
    await model.check();
    expect(model.copies.size).toBe(0);
    return [...model.states.values()];
  } finally {
    await world.close();
  }
};

export interface HowMany {
  readonly runs: number;
  /** No new run begins after this (ms); the others are not made then, which is no failure. */
  readonly budgetMs?: number;
  readonly seed?: number;
}

const count = (counts: Map<string, number>, what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
const told = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([what, times]) => `${what} ${times}`).join(', ');

/** Follows chance. Tells how many runs there were and of which steps; a failure is shrunk, and says how to repeat it. */
export const followChance = async ({ runs, budgetMs, seed }: HowMany): Promise<string> => {
  let done = 0;
  const steps = new Map<string, number>();
  const ends = new Map<string, number>();
  const deadline = budgetMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + budgetMs;
  const property = fc.asyncProperty(tree, commands, async (nodes, sequence) => {
    // Not fast-check's own limit: that leaves the run that is under way behind, at work.
    if (performance.now() > deadline) return;
    for (const end of await follow(nodes, sequence)) count(ends, end);
    for (const { do: what } of sequence) count(steps, what);
    done += 1;
    if (done % 100 === 0) process.stdout.write(`model: ${done} runs so far\n`);
  });
  await fc.assert(property, { numRuns: runs, ...(seed !== undefined && { seed }) });
  expect(done).toBeGreaterThan(0);
  return `model: ${done} runs, 0 violations\n  steps: ${told(steps)}\n  operations: ${told(ends)}\n`;
};
