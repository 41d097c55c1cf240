import { type ErrorCode, errorKind } from '../../shared/errors.ts';
import type { Operation, OperationState } from '../../shared/model.ts';

/** What scripts read: 0 done, 1 failed or partly done, 2 wrong usage, 3 refused. 130: left by a second Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 3;
export const leftByInterrupt = 130;

const ofKind = { failure: 1, usage: 2, refusal: 3 } as const;

/** The exit code of a call that was answered with an error. */
export const exitOfError = (code: ErrorCode): ExitCode => ofKind[errorKind(code)];

const unfinished: ReadonlySet<OperationState> = new Set(['waiting', 'running', 'deleting', 'partial', 'failed']);

/** Set aside, and due, but somebody still has the copy open. */
export const isKept = ({ state, holders }: Pick<Operation, 'state' | 'holders'>): boolean =>
  state === 'set-aside' && holders.length > 0;

/** The exit code of several operations: any that is not finished is 1, else any refused one is 3. */
export const exitOfOperations = (operations: readonly Pick<Operation, 'state' | 'holders'>[]): ExitCode => {
  if (operations.some((operation) => unfinished.has(operation.state) || isKept(operation))) return 1;
  return operations.some(({ state }) => state === 'refused') ? 3 : 0;
};
