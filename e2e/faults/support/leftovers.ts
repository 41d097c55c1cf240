import fs from 'node:fs';
import { expect } from 'vitest';
import type { Leftover, Operation } from '../../../shared/model.ts';
import { the } from '../../support/answers.ts';
import { fingerprint, write } from '../../support/sandbox.ts';
import type { Box, HowToRun } from './box.ts';

/** A copy as pip-tools names it, beside the unit. */
export const plant = (box: Box, suffix: string | number): string => {
  const at = `${box.unit}.stale-${suffix}`;
  write(at, { 'a/one.whl': 'one', 'two.whl': 'two' });
  return at;
};

export const looked = async (box: Box, at: string, how: HowToRun = {}): Promise<Leftover> => {
  const { leftovers } = (await box.run(['leftovers', '--json'], how)).json<{ leftovers: readonly Leftover[] }>();
  return the(leftovers, (it) => it.path === at);
};

export interface Cleaned {
  readonly code: number | null;
  readonly operations: readonly Operation[];
  readonly error: string | null;
}

export const clean = async (box: Box, words: readonly string[], how: HowToRun = {}): Promise<Cleaned> => {
  const ran = await box.run(['leftovers', ...words, '--json'], how);
  const said = ran.json<{ operations?: readonly Operation[]; error?: { code: string } }>();
  return { code: ran.code, operations: said.operations ?? [], error: said.error?.code ?? null };
};

/** Nothing that runs by itself, and no general word, touches it. */
export const isLeftAlone = async (box: Box, at: string, how: HowToRun = {}): Promise<void> => {
  const before = fingerprint(at);
  expect((await clean(box, ['--clean-safe'], how)).operations).toEqual([]);
  await box.run(['recover', '--json'], how);
  expect(fingerprint(at)).toBe(before);
};

export const goes = async (box: Box, at: string, how: HowToRun = {}): Promise<void> => {
  const { code, operations } = await clean(box, ['--clean-safe'], how);
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 0,
    operation: { kind: 'sweep', state: 'done', path: at, left: [] },
  });
  expect(fs.existsSync(at)).toBe(false);
};

export const remove = (at: string): void => fs.rmSync(at, { recursive: true });
