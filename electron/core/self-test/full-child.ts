import { execFileSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { CodedError, type Result } from '../../../shared/errors.ts';
import { isErrno } from '../fs/errno.ts';
import { fs } from '../fs/seam.ts';
import { openInspector } from '../inspector.ts';
import { seeNothingBut } from './alone.ts';
import { mounted } from './namespace.ts';

/** A script in a namespace: a history on a small disk, which is filled up before a clear is asked for. */
export interface FullAnswer {
  readonly code: string | null;
  readonly message: string;
  /** The history has it as cleared: room kept for that purpose is a way to go on. */
  readonly isWritten: boolean;
  /** What stands beside the thing that was to be cleared and was not there before. */
  readonly beside: readonly string[];
}

const { target, stateDir, home } = JSON.parse(process.argv[2] ?? '') as Readonly<
  Record<'target' | 'stateDir' | 'home', string>
>;

const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
};

const fill = (path: string): void => {
  const fd = fs.openSync(path, 'w');
  try {
    for (let size = 4096; size > 0; size = size > 1 ? size >> 1 : 0) {
      try {
        for (;;) fs.writeSync(fd, Buffer.alloc(size));
      } catch (thrown) {
        if (!isErrno(thrown, 'ENOSPC')) throw thrown;
      }
    }
  } finally {
    fs.closeSync(fd);
  }
};

/** Opens the history on a full disk and fills that again, since opening it may free what was kept for this. */
const clear = async (): Promise<boolean> => {
  const inspector = await openInspector({ door: 'self-test', stateDir });
  try {
    const { targets } = value(await inspector.call('resolve', { text: target }));
    const plan = value(await inspector.call('plan', { targets: [...targets], measure: false }));
    fill(join(stateDir, 'more'));
    value(await inspector.call('clear', { plan: plan.id, undoWindowMs: 0, evenIfInUse: true }));
    const { operations } = value(await inspector.call('history', {}));
    return operations.some(({ path, state }) => path === target && state === 'done');
  } finally {
    await inspector.close().catch(() => undefined);
  }
};

seeNothingBut(home);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', stateDir]);
process.stdout.write(`${mounted}\n`);
const first = await openInspector({ door: 'self-test', stateDir });
value(await first.call('add', { path: target, isCache: true }));
await first.close();
fill(join(stateDir, 'fill'));
const said = await clear().then(
  (isWritten) => ({ code: null, message: 'it was cleared', isWritten }),
  (thrown: unknown) =>
    thrown instanceof CodedError
      ? { code: thrown.code, message: thrown.message, isWritten: false }
      : { code: 'internal', message: String(thrown), isWritten: false },
);
const expected = [basename(target), basename(stateDir), basename(home)];
const beside = fs.readdirSync(dirname(target)).filter((name) => !expected.includes(name));
process.stdout.write(`${JSON.stringify({ ...said, beside } satisfies FullAnswer)}\n`);
