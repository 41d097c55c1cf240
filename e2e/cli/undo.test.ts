import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/model.ts';
import { clear, history, leftovers, listed, planned, recovered, the, unitOf } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { busyProcess } from '../support/processes.ts';
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

const undo = async (home: string, id: string, ...flags: readonly string[]) => {
  const ran = await inspect(home, ['undo', id, '--json', ...flags]);
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

  test('names the choices in the words of a terminal, when there is a new one', async () => {
    const { home, unit, operation } = await setAside('600');
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const { code, stdout, stderr } = await inspect(home, ['undo', operation.id]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('put the old one beside it');
    expect(stderr).toContain('add --beside; to let the two change places, add --swap');
  });

  test('puts the old one beside the new one with --beside, where it stays and is nobody’s leftover', async () => {
    const { home, unit, before, operation } = await setAside('600');
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    const { code, stdout } = await inspect(home, ['undo', operation.id, '--beside']);
    const name = the(siblings(unit));
    expect(name).toMatch(/^_cacache\.restored-\d{4}-\d\d-\d\d$/);
    expect(code).toBe(0);
    expect(stdout).toContain(`whole again beside the new one, as ~/.npm/${name}`);
    const beside = path.join(path.dirname(unit), name);
    expect([fingerprint(unit), fingerprint(beside)]).toEqual([made, before]);
    expect(the(await history(home))).toMatchObject({ state: 'undone', restoredTo: beside, asidePath: null });
    expect(await leftovers(home)).toEqual([]);
    expect(await recovered(home)).toEqual([]);
    // The cache goes on as before; what is not its own is kept, and named.
    expect(unitOf(await listed(home), 'npm', '_cacache').path).toBe(unit);
    const { keeps } = await planned(home, 'npm');
    expect(keeps.map(({ path: kept }) => kept)).toContain(beside);
    expect((await clear(home, ['npm', '--yes'])).code).toBe(0);
    expect(fingerprint(beside)).toBe(before);
    expect(fs.existsSync(unit)).toBe(false);
  });

  test('lets the two change places with --swap, and the new one can be undone as well', async () => {
    const { home, unit, before, operation, aside } = await setAside('600');
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    const { code, stdout } = await inspect(home, ['undo', operation.id, '--swap']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('back as it was') });
    expect([fingerprint(unit), fingerprint(aside)]).toEqual([before, made]);
    const [other, first] = await history(home);
    expect(first).toMatchObject({ id: operation.id, state: 'undone', asidePath: null });
    expect(other).toMatchObject({ state: 'set-aside', asidePath: aside, undoUntil: expect.any(String) });
    expect(stdout).toContain(other?.id);
    expect(the(await leftovers(home))).toMatchObject({ path: aside, operation: other?.id, verdict: 'undoable' });
    expect(await undo(home, other?.id ?? '', '--swap')).toMatchObject({ code: 0, state: 'undone' });
    expect([fingerprint(unit), fingerprint(aside)]).toEqual([made, before]);
    expect((await recovered(home)).map(({ state }) => state)).toEqual(['done']);
    expect([fingerprint(unit), siblings(unit)]).toEqual([made, []]);
  });

  test('moves nothing away that somebody uses, and names them; one or the other choice, not both', async () => {
    const { home, unit, before, operation, aside } = await setAside('600');
    fs.mkdirSync(unit);
    fs.writeFileSync(path.join(unit, 'new'), 'new');
    const made = fingerprint(unit);
    const pid = await busyProcess('sleep', ['1000'], unit);
    const refused = await undo(home, operation.id, '--swap');
    expect(refused).toMatchObject({ code: 3, error: { code: 'in-use', path: unit } });
    expect(refused.error?.message).toContain(`process ${pid}`);
    expect(refused.error?.message).toContain('put the old one beside it');
    expect([fingerprint(unit), fingerprint(aside)]).toEqual([made, before]);
    expect(the(await history(home))).toMatchObject({ state: 'set-aside', errors: [{ step: 'undo', code: 'in-use' }] });
    expect((await undo(home, operation.id, '--swap', '--beside')).code).toBe(2);
    expect([fingerprint(unit), fingerprint(aside)]).toEqual([made, before]);
  });

  test('says how much room the copy takes, when that was measured', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const { bytes } = unitOf(await listed(home), 'npm', '_cacache');
    const { stdout } = await inspect(home, ['clear', 'npm/_cacache', '--undo-window', '600']);
    expect(stdout).toContain(' there');
    const operation = the(await history(home));
    expect(operation.occupied).toBe(bytes?.allocated);
    expect(await undo(home, operation.id)).toMatchObject({ code: 0, occupied: null });
    expect(fs.existsSync(unit)).toBe(true);
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
