import { setTimeout as sleep } from 'node:timers/promises';
import type { Box, Cleared } from './box.ts';
import { until } from './until.ts';
import { underStrace } from './ways.ts';

/**
 * A clear, held at the very call that renames: everything has been looked at, and `meanwhile` changes it. Needs strace.
 * The history must be there already (`box.begun()`), since making it renames too.
 */
export const clearHeldAtRename = async (box: Box, meanwhile: () => unknown): Promise<Cleared> => {
  const slow = underStrace('rename:delay_enter=4000000:when=1');
  const { ended } = await box.start(['clear', box.target, '--yes', '--json'], { through: slow });
  // The lock is taken before the intent is written down; the rename comes right after that.
  await until(() => box.ourNames().length > 0, 'the lock');
  await sleep(1000);
  await meanwhile();
  const { code, stdout, stderr } = await ended;
  const said = JSON.parse(stdout) as Partial<Cleared>;
  return { code, operations: said.operations ?? [], error: said.error ?? null, stderr };
};
