import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/model.ts';
import { clear, history, listed, recovered, the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint, siblings } from '../support/sandbox.ts';

interface SetAside {
  readonly home: string;
  readonly unit: string;
  readonly before: string;
  readonly operation: Operation;
  readonly aside: string;
}

const setAside = async (seconds: string): Promise<SetAside> => {
  const home = newHome();
  const unit = writeNpmCache(home);
  const before = fingerprint(unit);
  const { code, operations } = await clear(home, ['npm/_cacache', '--undo-window', seconds]);
  const operation = the(operations);
  expect({ code, state: operation.state }).toEqual({ code: 0, state: 'set-aside' });
  expect(fs.existsSync(unit)).toBe(false);
  const aside = operation.asidePath ?? '';
  expect(path.dirname(aside)).toBe(path.dirname(unit));
  return { home, unit, before, operation, aside };
};

const undo = async (home: string, id: string) => {
  const ran = await inspect(home, ['undo', id, '--json']);
  return { code: ran.code, ...ran.json<Partial<Operation> & { error?: ApiError }>() };
};

describe.skipIf(linux.skip)('undo', () => {
  test('brings back every file, mode, time, link and hard link as it was, once', async () => {
    const { home, unit, before, operation, aside } = await setAside('600');
    expect(fingerprint(aside)).toBe(before);
    expect(await undo(home, operation.id)).toMatchObject({ code: 0, state: 'undone', path: unit, asidePath: null });
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
    expect(await undo(home, operation.id)).toMatchObject({ code: 3, error: { code: 'not-undoable' } });
    expect(fingerprint(unit)).toBe(before);
    expect(the(await history(home))).toMatchObject({ id: operation.id, state: 'undone', bytes: { freed: 0 } });
  });

  test('takes the place of an empty folder that the tool made meanwhile', async () => {
    const { home, unit, before, operation } = await setAside('600');
    fs.mkdirSync(unit);
    expect(await undo(home, operation.id)).toMatchObject({ code: 0, state: 'undone' });
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
  });

  test('keeps both whole when the tool has written anew, and works once that is out of the way', async () => {
    const { home, unit, before, operation, aside } = await setAside('600');
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    expect(await undo(home, operation.id)).toMatchObject({ code: 3, error: { code: 'recreated' } });
    expect([fingerprint(unit), fingerprint(aside)]).toEqual([made, before]);
    expect(the(await history(home))).toMatchObject({ state: 'set-aside', asidePath: aside });
    fs.rmSync(unit, { recursive: true });
    expect(await undo(home, operation.id)).toMatchObject({ code: 0, state: 'undone' });
    expect(fingerprint(unit)).toBe(before);
  });

  test('does not know an operation that never was, and words that are no id are wrong usage', async () => {
    const home = newHome();
    expect(await undo(home, 'o_0123456789abcdef')).toMatchObject({ code: 2, error: { code: 'unknown-target' } });
    expect(await undo(home, 'yesterday')).toMatchObject({ code: 2, error: { code: 'invalid-argument' } });
  });

  test('is over when the window is over: the next command deletes the copy, and says nothing else', async () => {
    const { home, unit, operation, aside } = await setAside('1');
    await sleep(1200);
    await listed(home, ['--no-scan']);
    expect(fs.existsSync(aside)).toBe(false);
    expect(siblings(unit)).toEqual([]);
    const ended = the(await history(home));
    expect(ended).toMatchObject({ id: operation.id, state: 'done', asidePath: null, left: [] });
    expect(ended.bytes.freed).toBeGreaterThan(20_000);
    expect(await undo(home, operation.id)).toMatchObject({ code: 3, error: { code: 'not-undoable' } });
  });

  test('stays possible after any command within the window', async () => {
    const { home, unit, before, operation, aside } = await setAside('600');
    await listed(home);
    expect(await recovered(home, '--keep-undoable')).toEqual([]);
    expect(fingerprint(aside)).toBe(before);
    expect(await undo(home, operation.id)).toMatchObject({ code: 0 });
    expect(fingerprint(unit)).toBe(before);
  });

  test('is given up by recover, which ends open windows now', async () => {
    const { home, unit, operation, aside } = await setAside('600');
    expect(the(await recovered(home))).toMatchObject({ id: operation.id, state: 'done', asidePath: null });
    expect(fs.existsSync(aside)).toBe(false);
    expect(siblings(unit)).toEqual([]);
    expect(await undo(home, operation.id)).toMatchObject({ code: 3, error: { code: 'not-undoable' } });
  });
});
