import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ApiError } from '../../../shared/errors.ts';
import type { Operation } from '../../../shared/model.ts';
import { type Inspected, inspect } from '../../support/program.ts';
import { smallTree } from '../../support/sandbox.ts';
import { folderForTest } from '../../support/temporary.ts';

/** A home on Windows or macOS with one folder that its owner says is a cache: three folders with three files each. */
export interface Place {
  readonly home: string;
  readonly unit: string;
  readonly run: (...args: readonly string[]) => Promise<Inspected>;
  /** `add` the unit, then `clear` it. Nobody can tell there who uses it, so that is said to be fine. */
  readonly clear: (
    ...flags: readonly string[]
  ) => Promise<{ readonly code: number | null; readonly operation: Operation | null; readonly error: ApiError | null }>;
}

const newPlace = (unitName: string): Place => {
  const dir = folderForTest();
  const home = path.join(dir, 'home');
  const unit = path.join(home, unitName);
  smallTree(unit);
  mkdirSync(path.join(dir, 'elsewhere'));
  const run = (...args: readonly string[]) =>
    inspect(home, args, { env: { LOCALAPPDATA: path.join(home, 'AppData', 'Local') } });
  const clear: Place['clear'] = async (...flags) => {
    const added = await run('add', unit, '--this-is-a-cache');
    expect({ code: added.code, stderr: added.stderr }).toMatchObject({ code: 0 });
    const ran = await run('clear', unit, '--yes', '--even-if-in-use', '--json', ...flags);
    const said = ran.json<{ operations?: readonly Operation[]; error?: ApiError }>();
    return { code: ran.code, operation: said.operations?.[0] ?? null, error: said.error ?? null };
  };
  return { home, unit, run, clear };
};

const names = { win32: 'Windows', darwin: 'macOS' } as const;

/** A row that only another system than Linux can show. Anywhere else it is skipped, and says so. */
export const rowOn = (
  system: keyof typeof names,
  number: number,
  title: string,
  work: (place: Place, impossible: (reason: string) => never) => Promise<void>,
  unitName = 'cache',
): void => {
  test(`row ${number}: ${title}`, { timeout: 120_000 }, async (context) => {
    const impossible = (reason: string): never => context.skip(`impossible here: ${reason}`);
    if (process.platform !== system) impossible(`SKIPPED, this is not ${names[system]}`);
    await work(newPlace(unitName), impossible);
  });
};
