import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Plan } from '../../shared/model.ts';
import { clear, history, leftovers, shown, the } from '../support/answers.ts';
import { needs } from '../support/caches.ts';
import { type Registry, startRegistry } from '../support/local-registry.ts';
import { dozen } from '../support/npm-packages.ts';
import { inspect, newHome, startProgram } from '../support/program.ts';
import { npmInstall, npmVersion } from '../support/real-npm.ts';
import { fingerprint } from '../support/sandbox.ts';

/** All that stands there, folders by name and mode only: what comes back into one gives it a new time. */
const files = (dir: string): readonly string[] =>
  fingerprint(dir)
    .split('\n')
    .map((line) => line.replace(/^(.*) (16\d{3}) \d+ (\d+ \d+ )$/, '$1 $2 $3'));

const soon = { timeout: 20_000, interval: 50 };

const npm = needs('npm', (await npmVersion()) !== null);

describe.skipIf(npm.skip)(`single entries of a cache made by the real npm${npm.note}`, () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry?.close());

  const installed = async (): Promise<{ home: string; cacache: string }> => {
    const home = newHome();
    await npmInstall(home, null, registry.url, dozen);
    return { home, cacache: join(home, '.npm', '_cacache') };
  };
  const dryRun = async (home: string, ...words: readonly string[]): Promise<Plan> =>
    (await inspect(home, ['clear', ...words, '--dry-run', '--json'])).json<{ plan: Plan }>().plan;

  test('a filter clears those entries and their content, in one operation with one undo', async () => {
    const { home, cacache } = await installed();
    const before = fingerprint(cacache);
    const filesBefore = files(cacache);
    const all = await shown(home, 'npm', '--unit', '_cacache');
    const wanted = await shown(home, 'npm', '--unit', '_cacache', '--filter', '@scope/');
    expect(wanted.total).toBeGreaterThan(0);

    const plan = await dryRun(home, 'npm/_cacache', '--filter', '@scope/');
    expect(plan.chosen).toMatchObject({ count: wanted.total, staysCount: 0 });
    expect(plan.chosen?.entries.map(({ id }) => id).toSorted()).toEqual(wanted.entries.map(({ id }) => id).toSorted());
    for (const { rename } of plan.steps) expect(rename.from.startsWith(`${cacache}/`)).toBe(true);
    expect(fingerprint(cacache)).toBe(before);

    const { code, operations } = await clear(home, ['npm/_cacache', '--filter', '@scope/', '--undo-window', '600']);
    expect(code).toBe(0);
    const operation = the(operations);
    expect(operation).toMatchObject({ state: 'set-aside', unit: '_cacache', parts: { entries: wanted.total } });
    expect(operation.parts?.names.join()).toContain('@scope/');
    const rest = await shown(home, 'npm', '--unit', '_cacache');
    expect(rest.total).toBe(all.total - wanted.total);
    expect(rest.entries.filter(({ damaged, kind }) => damaged !== null || kind === 'orphan')).toEqual([]);
    expect(the(await leftovers(home))).toMatchObject({ verdict: 'undoable', operation: operation.id });

    expect((await inspect(home, ['undo', operation.id])).code).toBe(0);
    expect(files(cacache)).toEqual(filesBefore);
    expect(readdirSync(join(home, '.npm')).filter((name) => name.includes('.stale-'))).toEqual([]);
    expect(the(await history(home))).toMatchObject({ state: 'undone', parts: { entries: wanted.total } });
  });

  test('once they are deleted npm works from the rest, and gets again what went', async () => {
    const { home, cacache } = await installed();
    const { code, operations } = await clear(home, ['npm/_cacache', '--filter', '@scope/', '--yes']);
    expect([code, the(operations).state]).toEqual([0, 'done']);
    expect(the(operations).bytes.freed).toBeGreaterThan(0);
    expect(readdirSync(join(home, '.npm')).filter((name) => /\.(?:stale|deleting)-/.test(name))).toEqual([]);
    await npmInstall(join(home, 'again'), join(home, '.npm'), registry.url, dozen);
    const again = await shown(home, 'npm', '--unit', '_cacache', '--filter', '@scope/');
    expect(again.total).toBeGreaterThan(0);
    expect(again.entries.filter(({ damaged }) => damaged !== null)).toEqual([]);
    expect(readdirSync(cacache)).toContain('index-v5');
  });

  test('ids mean exactly those entries; nothing alike means nothing is touched', async () => {
    const { home, cacache } = await installed();
    const { entries, total } = await shown(home, 'npm', '--unit', '_cacache');
    const one = entries[0]?.id ?? '';
    expect((await clear(home, ['npm', '--entry', one, '--yes'])).code).toBe(0);
    const rest = await shown(home, 'npm', '--unit', '_cacache');
    expect(rest.total).toBe(total - 1);
    expect(rest.entries.map(({ id }) => id)).not.toContain(one);

    const before = fingerprint(cacache);
    const none = await inspect(home, ['clear', 'npm/_cacache', '--older-than', '90d', '--yes']);
    expect([none.code, none.stdout]).toEqual([0, expect.stringContaining('nothing to clear')]);
    expect((await inspect(home, ['clear', 'npm', '--entry', 'lodash', '--yes'])).code).toBe(2);
    expect((await inspect(home, ['clear', 'npm', '--larger-than', 'much', '--yes'])).code).toBe(2);
    expect(fingerprint(cacache)).toBe(before);
  });

  test('its own command runs on request, with what it wrote in the history', async () => {
    const { home, cacache } = await installed();
    const { code, operations } = await clear(home, ['npm', '--own']);
    expect(code).toBe(0);
    expect(the(operations)).toMatchObject({ kind: 'command', state: 'done', tool: 'npm' });
    expect(the(operations).bytes.freed).toBeGreaterThan(0);
    expect(the(await history(home)).steps.map(({ step }) => step)).toEqual(['running', 'done']);
    expect(existsSync(cacache)).toBe(false);
    // One that cannot be run says so, and is in the history too.
    const without = await clear(home, ['npm', '--own'], { env: { PATH: '/nonexistent' } });
    expect(without.code).toBe(1);
    expect(the(without.operations)).toMatchObject({ kind: 'command', state: 'failed', errors: [{ code: 'ENOENT' }] });
    expect((await clear(home, ['pip-tools', '--own'])).error?.code).toBe('not-available');
  });

  test('a command that goes on and on is stopped by Ctrl-C', async () => {
    const { home, cacache } = await installed();
    const before = fingerprint(cacache);
    // A stand-in: no npm can be made to take that long.
    const slow = join(home, 'slow');
    const begun = join(home, 'begun');
    mkdirSync(slow);
    writeFileSync(join(slow, 'npm'), `#!/bin/sh\necho "$$" > '${begun}'\nexec sleep 120\n`, { mode: 0o755 });
    const env = { PATH: `${slow}:${process.env['PATH']}` };
    const door = startProgram(home, ['clear', 'npm', '--own'], { env });
    const ended = new Promise<number | null>((resolve) => door.once('exit', resolve));
    const pid = await vi.waitFor(() => Number(readFileSync(begun, 'utf8').trim() || Number.NaN), soon);
    door.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(the(await history(home))).toMatchObject({
      kind: 'command',
      state: 'failed',
      errors: [{ code: 'cancelled' }],
    });
    expect(fingerprint(cacache)).toBe(before);
  });
});
