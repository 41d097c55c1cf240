import { openInspector } from '../../../electron/core/inspector.ts';
import type { Result } from '../../../shared/errors.ts';
import { smallTree } from '../../support/sandbox.ts';

// Makes a cache and clears it, again and again, by turns at once, with a window, and with an undo. What it says on
// stdout has been acknowledged: `o_… done`. To be killed.

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
};

const unit = process.argv[2] ?? '';
const inspector = await openInspector({ door: 'test' });
for (let turn = 0; ; turn += 1) {
  smallTree(unit);
  const { targets } = value(await inspector.call('resolve', { text: unit }));
  const plan = value(await inspector.call('plan', { targets: [...targets], measure: false }));
  const undoWindowMs = turn % 3 === 0 ? 0 : 3_600_000;
  const { operations } = value(await inspector.call('clear', { plan: plan.id, undoWindowMs, evenIfInUse: true }));
  for (const { id, state } of operations) process.stdout.write(`${id} ${state}\n`);
  const [aside] = operations;
  if (turn % 3 === 2 && aside !== undefined) {
    const { id, state } = value(await inspector.call('undo', { operation: aside.id }));
    process.stdout.write(`${id} ${state}\n`);
  }
}
