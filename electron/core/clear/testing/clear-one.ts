import { execFileSync } from 'node:child_process';
import type { Result } from '../../../../shared/errors.ts';
import type { Operation } from '../../../../shared/model.ts';
import { openInspector } from '../../inspector.ts';

// For tests only: one clear, and perhaps a recovery, in a process that can be killed or given other rights and mounts.

export interface ClearOneOrder {
  readonly stateDir: string;
  /** What to clear, as a person writes it; null: nothing. */
  readonly text: string | null;
  readonly undoWindowMs: number;
  /** How often to recover afterwards. */
  readonly recover: number;
  /** Commands that are run first. */
  readonly before?: readonly (readonly string[])[];
}

export interface ClearOneAnswer {
  readonly operations: readonly Operation[];
  readonly history: readonly Operation[];
}

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
};

const order = JSON.parse(process.argv[2] ?? '') as ClearOneOrder;
for (const [program = '', ...words] of order.before ?? []) execFileSync(program, words);
const inspector = await openInspector({ door: 'test', stateDir: order.stateDir });
let operations: readonly Operation[] = [];
if (order.text !== null) {
  const { targets } = value(await inspector.call('resolve', { text: order.text }));
  const plan = value(await inspector.call('plan', { targets: [...targets], measure: false }));
  const { undoWindowMs } = order;
  operations = value(await inspector.call('clear', { plan: plan.id, undoWindowMs, evenIfInUse: true })).operations;
}
for (let times = 0; times < order.recover; times += 1) value(await inspector.call('recover', { now: true }));
const history = value(await inspector.call('history', {})).operations;
process.stdout.write(`${JSON.stringify({ operations, history } satisfies ClearOneAnswer)}\n`);
await inspector.close();
