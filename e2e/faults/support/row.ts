import { expect, test } from 'vitest';
import type { OperationState } from '../../../shared/model.ts';
import { Box } from './box.ts';
import { linux, type Need } from './needs.ts';

/*
 * The fault suite: each row of the fault matrix is a test named 'row N: …' that runs the real program into the real
 * fault, through the terminal door. `npm run test:faults` runs all of them, as root on Linux; build/fault-reporter.ts
 * tells what came of each row. How a row is written:
 *
 *   row(19, 'the file system is read-only', { needs: [namespaces] }, async (box) => {
 *     await box.mount('mount --bind "$CACHE" "$CACHE"; mount -o remount,ro,bind "$CACHE"');
 *     const { code, operations } = await box.clear();
 *     expect(code).toBe(1);
 *     expect(the(operations).errors).toMatchObject([{ code: 'EROFS' }]);
 *     return { unit: 'whole', history: ['failed'] };
 *   });
 *
 * What it returns is how it ended, in its own words; the frame looks whether that is so, and whether the invariant
 * holds (see {@link hasHeld}), then runs `recover` twice and looks again. A row that needs several tests calls `row`
 * several times with the same number: it has passed when all have.
 */

/** How a row ended. */
export interface Outcome {
  /** The unit at its place: as it was, nothing at all, or something new that the row (a tool) made there itself. */
  readonly unit: 'whole' | 'absent' | 'new';
  /**
   * The states in the history when the row ends, newest first. Null: there is no history to read, and `why` says why
   * (it was taken away, say).
   */
  readonly history: readonly OperationState[] | null;
  readonly why?: string;
  /** The states after `recover` twice, where those differ. */
  readonly recovered?: readonly OperationState[];
  /** The unit's place after `recover` twice, where that differs. */
  readonly unitRecovered?: 'whole' | 'absent' | 'new';
}

export interface RowOptions {
  readonly needs?: readonly Need[];
  readonly timeoutMs?: number;
}

/** Rows that a machine may be unable to show. For all others what they need is a part of the deal. */
export const mayBeImpossible: ReadonlySet<number> = new Set([
  11, 14, 15, 16, 17, 18, 29, 30, 31, 32, 33, 34, 35, 59, 60, 61, 68, 77,
]);

/** For the running row: this machine cannot show it. Ends the test. A failure on a build server for most rows. */
export type Impossible = (reason: string) => never;

/** D is whole or absent, every set-aside copy is whole, and nothing else has changed. */
export const hasHeld = async (box: Box, unit: Outcome['unit']): Promise<void> => {
  if (box.before === null) throw new Error('the row ran nothing, and did not say that its world was settled');
  const now = await box.unitNow();
  const state = now === null ? 'absent' : now === box.before.unit ? 'whole' : 'new';
  expect(state, 'the unit at its place').toBe(unit);
  for (const at of box.staleCopies()) expect(await box.wholeAs(at), `${at} is whole`).toBe(true);
  expect(await box.outsideNow(), 'everything outside the unit').toBe(box.before.outside);
};

const states = async (box: Box): Promise<readonly OperationState[]> => (await box.history()).map(({ state }) => state);

const check = async (box: Box, outcome: Outcome): Promise<void> => {
  await hasHeld(box, outcome.unit);
  if (outcome.history === null) expect(outcome.why, 'why there is no history').toBeTruthy();
  else expect(await states(box), 'the history').toEqual(outcome.history);
  await box.recover();
  await box.recover();
  await hasHeld(box, outcome.unitRecovered ?? outcome.unit);
  expect(box.ourNames(), 'what is left of ours after two recoveries').toEqual([]);
  const recovered = outcome.recovered ?? outcome.history;
  if (recovered !== null) expect(await states(box), 'the history after two recoveries').toEqual(recovered);
};

/** One row of the matrix, or a part of one. */
export const row = (
  number: number,
  title: string,
  { needs = [], timeoutMs = 120_000 }: RowOptions,
  work: (box: Box, impossible: Impossible) => Promise<Outcome>,
): void => {
  test(`row ${number}: ${title}`, { timeout: timeoutMs }, async (context) => {
    const impossible: Impossible = (reason) => {
      if (process.env['CI'] && !mayBeImpossible.has(number)) {
        throw new Error(`row ${number} must be shown on a build server, but it is impossible here: ${reason}`);
      }
      return context.skip(`impossible here: ${reason}`);
    };
    const lacking = [linux, ...needs].filter(({ isThere }) => !isThere()).map(({ what }) => what);
    if (lacking.length > 0) impossible(`there is no ${lacking.join(', no ')}`);
    const box = new Box();
    await check(box, await work(box, impossible));
  });
};
