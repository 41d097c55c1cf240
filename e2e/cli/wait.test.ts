import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { clear, history, the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { busyProcess, killGroup } from '../support/processes.ts';
import { inspect, newHome, startProgram } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const patient = { timeout: 60_000, interval: 200 };

interface Waiting {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  readonly stderr: () => string;
}

/** Starts a command and leaves it running. */
const start = (home: string, ...words: readonly string[]): Waiting => {
  const child = startProgram(home, words);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  onTestFinished(() => killGroup(child));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return { child, ended, stderr: () => said.stderr };
};

const operationsOf = (stdout: string): readonly Operation[] =>
  (JSON.parse(stdout) as { operations: readonly Operation[] }).operations;

const standIn = (dir: string): Promise<number> => busyProcess('sleep', ['1000'], dir);

const waitingOne = (home: string, more: object = {}): Promise<Operation> =>
  vi.waitFor(async () => {
    const operation = the(await history(home));
    expect(operation).toMatchObject({ state: 'waiting', isWaited: true, ...more });
    return operation;
  }, patient);

/** A terminal that waits for a process which stands in the npm cache. */
const begun = async (...words: readonly string[]) => {
  const home = newHome();
  const unit = writeNpmCache(home);
  const pid = await standIn(path.join(unit, 'tmp'));
  const before = fingerprint(unit);
  const waiting = start(home, 'clear', 'npm/_cacache', '--yes', '--wait', ...words);
  const operation = await waitingOne(home, { holders: [{ pid }] });
  return { home, unit, pid, before, waiting, operation };
};

describe.skipIf(linux.skip)('clear --wait', () => {
  test('waits until nobody uses it, clears it then, and answers with one document', async () => {
    const { unit, pid, before, waiting, operation } = await begun('--json');
    expect(fingerprint(unit)).toBe(before);
    process.kill(pid, 'SIGKILL');
    const { code, stdout, stderr } = await waiting.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(the(operationsOf(stdout))).toMatchObject({ id: operation.id, state: 'done', holders: [] });
    expect(fs.existsSync(unit)).toBe(false);
  });

  test('says who is waited for, and stops at Ctrl-C with nothing touched', async () => {
    const { home, unit, pid, before, waiting } = await begun();
    await vi.waitFor(() => expect(waiting.stderr()).toContain(`sleep 1000 (process ${pid}, `), patient);
    waiting.child.kill('SIGINT');
    const { code, stdout, stderr } = await waiting.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('Not waiting any longer.');
    expect(stdout).toContain('You stopped waiting; nothing was touched.');
    expect(the(await history(home))).toMatchObject({ state: 'refused', errors: [{ code: 'cancelled' }] });
    process.kill(pid, 'SIGKILL');
    expect(fingerprint(unit)).toBe(before);
  });

  test('ends as refused when the time is over, and names who it was', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const pid = await standIn(unit);
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes', '--wait', '2']);
    expect(code).toBe(3);
    expect(the(the(operations).errors)).toMatchObject({ step: 'wait', code: 'in-use' });
    expect(the(the(operations).errors).message).toContain(`process ${pid}`);
    expect(fs.existsSync(unit)).toBe(true);
  });

  test('clears at once what nobody uses', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes', '--wait']);
    expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    expect(fs.existsSync(unit)).toBe(false);
  });

  test('makes no sense together with --even-if-in-use', async () => {
    const { code, stderr } = await inspect(newHome(), ['clear', 'npm', '--wait', '--even-if-in-use']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--wait') });
  });
});

describe.skipIf(linux.skip)('a wait in another terminal', () => {
  test('can be ended from here', async () => {
    const { home, unit, before, waiting, operation } = await begun('--json');
    const { code, stdout } = await inspect(home, ['cancel', operation.id]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was touched') });
    const ended = await waiting.ended;
    expect(ended.code).toBe(3);
    expect(the(operationsOf(ended.stdout))).toMatchObject({ state: 'refused', errors: [{ code: 'cancelled' }] });
    expect(fingerprint(unit)).toBe(before);
    const again = await inspect(home, ['cancel', operation.id]);
    expect({ code: again.code, stdout: again.stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not waiting'),
    });
  });

  test('that was killed is shown as an intention, never starts by itself, and can be gone on with', async () => {
    const { home, unit, pid, before, waiting, operation } = await begun('--json');
    const busy = await inspect(home, ['resume', operation.id, '--json']);
    expect({ code: busy.code, error: busy.json<{ error: { code: string } }>().error.code }).toEqual({
      code: 3,
      error: 'in-use',
    });
    await killGroup(waiting.child);
    process.kill(pid, 'SIGKILL');
    expect((await inspect(home, ['recover'])).code).toBe(0);
    expect(the(await history(home))).toMatchObject({ id: operation.id, state: 'waiting', isWaited: false });
    const { stdout } = await inspect(home, ['history']);
    expect(stdout).toContain('waiting');
    expect(stdout).toContain(`resume ${operation.id}`);
    expect(fingerprint(unit)).toBe(before);
    const resumed = await inspect(home, ['resume', operation.id, '--json']);
    expect({ code: resumed.code, stderr: resumed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(the(resumed.json<{ operations: readonly Operation[] }>().operations)).toMatchObject({
      id: operation.id,
      state: 'done',
    });
    expect(fs.existsSync(unit)).toBe(false);
  });
});

describe.skipIf(linux.skip)('a copy that somebody still has open', () => {
  test('is kept by recover, which says who and what next, and deleted when they have gone', async () => {
    const home = newHome();
    writeNpmCache(home);
    const aside = the((await clear(home, ['npm/_cacache', '--undo-window', '600'])).operations);
    const pid = await standIn(aside.asidePath ?? '');
    const kept = await inspect(home, ['recover']);
    expect(kept.code).toBe(1);
    expect(kept.stdout).toContain(`and kept: the copy is still in use by sleep 1000 (process ${pid}, `);
    expect(kept.stdout).toContain(`undo ${aside.id}`);
    expect(the(await history(home))).toMatchObject({ state: 'set-aside', holders: [{ pid }] });
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect((await inspect(home, ['recover'])).code).toBe(0), patient);
    expect(the(await history(home))).toMatchObject({ state: 'done', holders: [] });
    expect(fs.existsSync(aside.asidePath ?? '')).toBe(false);
  });
});
