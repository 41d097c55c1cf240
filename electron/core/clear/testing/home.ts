import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { sandbox, smallTree } from '../../../../e2e/support/sandbox.ts';
import type { Result } from '../../../../shared/errors.ts';
import { CodedError } from '../../../../shared/errors.ts';
import type { Operation, Plan } from '../../../../shared/model.ts';
import { fs } from '../../fs/seam.ts';
import { type Inspector, type InspectorOptions, openInspector } from '../../inspector.ts';

// For tests only: a home folder of its own, with a pip-tools cache in it, and inspectors that see nothing else.

export interface Home {
  readonly box: string;
  readonly home: string;
  readonly stateDir: string;
  /** The unit that is cleared: `~/.cache/pip-tools/pkgs`. */
  readonly unit: string;
  readonly open: (more?: Partial<InspectorOptions>) => Promise<Inspector>;
}

/** The words of a child's environment in which nothing but the sandbox is seen. */
export const homeEnv = (home: string): Readonly<Record<string, string>> => ({
  HOME: home,
  XDG_CACHE_HOME: '',
  XDG_CONFIG_HOME: '',
  PIP_TOOLS_CACHE_DIR: '',
  PIP_CACHE_DIR: '',
  PIP_CONFIG_FILE: '',
  npm_config_cache: '',
  NPM_CONFIG_CACHE: '',
  XDG_DATA_HOME: '',
  UV_CACHE_DIR: '',
  PNPM_HOME: '',
  YARN_CACHE_FOLDER: '',
  CARGO_HOME: '',
  GRADLE_USER_HOME: '',
  HF_HOME: '',
  HF_HUB_CACHE: '',
  PRE_COMMIT_HOME: '',
  // Else Yarn, started by root, has its cache outside of every home.
  FAKEROOTKEY: 'sandbox',
});

export const newHome = (): Home => {
  const box = sandbox();
  const temporary = sandbox();
  const home = path.join(box, 'home');
  const unit = path.join(home, '.cache/pip-tools/pkgs');
  const stateDir = path.join(box, 'state');
  fs.mkdirSync(unit, { recursive: true });
  smallTree(unit);
  for (const [name, text] of Object.entries(homeEnv(home))) vi.stubEnv(name, text === '' ? undefined : text);
  // What other programs left in this machine's folder for temporary files is no matter of a test.
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const open = async (more: Partial<InspectorOptions> = {}): Promise<Inspector> => {
    const inspector = await openInspector({ door: 'test', stateDir, ...more });
    onTestFinished(() => inspector.close().catch(() => undefined));
    return inspector;
  };
  return { box, home, stateDir, unit, open };
};

/** The value of an answer; an error is thrown. */
export const value = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
};

export const planFor = async (inspector: Inspector, text = 'pip-tools/pkgs'): Promise<Plan> => {
  const { targets } = value(await inspector.call('resolve', { text }));
  return value(await inspector.call('plan', { targets: [...targets], measure: false }));
};

/** Carries out a plan of one unit. */
export const carryOut = async (inspector: Inspector, plan: Plan, undoWindowMs: number): Promise<Operation> => {
  const answer = value(await inspector.call('clear', { plan: plan.id, undoWindowMs, evenIfInUse: true }));
  const [operation] = answer.operations;
  if (operation === undefined) throw new Error('nothing was done');
  return operation;
};

export const clearUnit = async (inspector: Inspector, undoWindowMs: number): Promise<Operation> =>
  carryOut(inspector, await planFor(inspector), undoWindowMs);

/** The operation as the history has it now. */
export const inHistory = async (inspector: Inspector, id: string): Promise<Operation> => {
  const { operations } = value(await inspector.call('history', {}));
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`${id} is not in the history`);
  return found;
};

/** Resolves when an operation has reached a state. */
export const reaches = (inspector: Inspector, state: Operation['state']): Promise<Operation> =>
  new Promise((resolve) => {
    const stop = inspector.on('operation', (operation) => {
      if (operation.state !== state) return;
      stop();
      resolve(operation);
    });
  });
