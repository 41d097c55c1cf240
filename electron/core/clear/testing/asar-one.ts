import type { Result } from '../../../../shared/errors.ts';
import type { Operation, Unit } from '../../../../shared/model.ts';
import { openInspector } from '../../inspector.ts';

// For tests only: a scan and a clear in a process whose `node:fs` takes archives for directories.

export interface AsarOneOrder {
  readonly stateDir: string;
  readonly archive: string;
}
export interface AsarOneAnswer {
  /** What Node's own `fs` says there, so that the lie is seen to be told. */
  readonly shownAsDirectory: boolean;
  readonly unit: Unit | null;
  readonly operations: readonly Operation[];
}

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
};

const order = JSON.parse(process.argv[2] ?? '') as AsarOneOrder;
const shownAsDirectory = process.getBuiltinModule('node:fs').lstatSync(order.archive).isDirectory();
const inspector = await openInspector({ door: 'test', stateDir: order.stateDir });
const { caches } = value(await inspector.call('list', { measure: true, tools: ['pip-tools'] }));
const unit = caches[0]?.units.find(({ name }) => name === 'pkgs') ?? null;
const { targets } = value(await inspector.call('resolve', { text: 'pip-tools/pkgs' }));
const plan = value(await inspector.call('plan', { targets: [...targets], measure: false }));
const cleared = value(await inspector.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true }));
const answer: AsarOneAnswer = { shownAsDirectory, unit, operations: cleared.operations };
process.stdout.write(`${JSON.stringify(answer)}\n`);
await inspector.close();
