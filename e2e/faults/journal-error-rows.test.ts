import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { OperationState } from '../../shared/model.ts';
import { madeAgain } from './support/again.ts';
import type { Box } from './support/box.ts';
import { strace } from './support/needs.ts';
import { row } from './support/row.ts';
import { underStrace } from './support/ways.ts';

// Row 38: the disk says no to the journal, at its first call, its second, and so on until a clear does not meet it.

/** strace writes down what it injected. */
const injectedInto = (log: string): number => (fs.readFileSync(log, 'utf8').match(/\(INJECTED\)/g) ?? []).length;

/** How an operation may end whose journal failed, when somebody has recovered it. */
const ends: Readonly<Record<'whole' | 'absent', readonly (OperationState | undefined)[]>> = {
  // Nothing written; the intent alone; set aside and put back.
  whole: [undefined, 'failed', 'undone'],
  absent: ['done'],
};

interface Round {
  readonly injected: number;
  readonly code: number | null;
}

/** One clear into one fault, and what must hold whenever the fault came. */
const oneRound = async (box: Box, injection: string, known: Set<string>): Promise<Round> => {
  await madeAgain(box);
  const log = path.join(box.scratch, 'injected');
  const cleared = await box.clear(['--even-if-in-use'], { through: [...underStrace(injection), '-o', log] });
  const [said] = cleared.operations;
  const injected = injectedInto(log);
  const about = { injection, code: cleared.code, said: said?.state ?? cleared.error?.code };

  // What the disk shows is what was said.
  if (cleared.code === 0)
    expect({ about, absent: box.isAbsent(), ours: box.ourNames() }).toEqual({ about, absent: true, ours: [] });
  else expect(['store-unavailable', 'partial', 'failed'], JSON.stringify(about)).toContain(about.said);
  if (cleared.error !== null) expect(cleared.error.message).toContain(box.state);
  for (const at of box.staleCopies()) expect(await box.wholeAs(at)).toBe(true);

  await box.recover();
  const fresh = (await box.history()).filter(({ id }) => !known.has(id));
  // No clear without a durable intent, and nothing that was acknowledged is lost.
  if (box.isAbsent()) expect({ about, fresh: fresh.length }).toEqual({ about, fresh: 1 });
  if (said !== undefined) expect({ about, ids: fresh.map(({ id }) => id) }).toEqual({ about, ids: [said.id] });

  const place = box.isAbsent() ? 'absent' : 'whole';
  const [now] = fresh;
  expect({ about, ours: box.ourNames() }).toEqual({ about, ours: [] });
  expect(ends[place], JSON.stringify({ about, place })).toContain(now?.state);
  if (now !== undefined) known.add(now.id);
  if (place === 'whole') expect(await box.isWhole()).toBe(true);
  return { injected, code: cleared.code };
};

/** Far more calls than a clear makes. */
const most = 90;

const sweep = (calls: string, error: string, stride: number, mustStop: boolean): void => {
  const title = `${calls} says ${error}, at ${stride === 1 ? 'each' : `each ${stride}.`} call in turn`;
  row(38, title, { needs: [strace], timeoutMs: 900_000 }, async (box) => {
    await box.history();
    const known = new Set<string>();
    const seen = { stopped: 0, rounds: 0 };
    for (let when = 1; when < most; when += stride) {
      const { injected, code } = await oneRound(box, `${calls}:error=${error}:when=${when}`, known);
      if (injected === 0) break;
      seen.rounds += 1;
      if (code !== 0) seen.stopped += 1;
    }
    // An fsync that failed is never taken for one that was done. A write may be tried again, with more room.
    if (mustStop) expect(seen.stopped).toBeGreaterThan(0);
    expect(seen.rounds).toBeGreaterThan(1);
    expect(seen.rounds).toBeLessThan(most / stride);
    const unit = box.isAbsent() ? 'absent' : 'whole';
    return { unit, history: (await box.history()).map(({ state }) => state) };
  });
};

sweep('fsync,fdatasync', 'EIO', 1, true);
sweep('fsync,fdatasync', 'EDQUOT', 2, true);
sweep('fsync,fdatasync', 'ENOSPC', 3, true);
const isLong = Boolean(process.env['LONG']);
sweep('pwrite64', 'EIO', isLong ? 11 : 17, false);
sweep('pwrite64', 'ENOSPC', isLong ? 13 : 17, false);
sweep('pwrite64', 'EDQUOT', 17, false);

const forEver = (calls: string, first: readonly number[]): void => {
  row(
    38,
    `from some call on every ${calls} says EIO, to the end`,
    { needs: [strace], timeoutMs: 600_000 },
    async (box) => {
      await box.history();
      const known = new Set<string>();
      for (const when of first) {
        const { injected, code } = await oneRound(box, `${calls}:error=EIO:when=${when}+`, known);
        if (injected > 0) expect(code).not.toBe(0);
      }
      const unit = box.isAbsent() ? 'absent' : 'whole';
      return { unit, history: (await box.history()).map(({ state }) => state) };
    },
  );
};

forEver('fsync,fdatasync', [1, 2, 3, 4, 5, 6]);
forEver('pwrite64', [1, 8, 16, 20, 24, 28, 32]);
