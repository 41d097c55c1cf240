import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Operation } from '../../../shared/model.ts';
import { answerOf, command, script } from '../clear/testing/children.ts';
import type { ClearOneAnswer } from '../clear/testing/clear-one.ts';
import { clearUnit, newHome, value } from '../clear/testing/home.ts';
import { entryFor } from '../clear/testing/rig.ts';
import { EventHub } from '../events.ts';
import type { Inspector } from '../inspector.ts';
import type { Parts } from '../parts.ts';
import { openStore } from '../store/store.ts';
import { processFacts, self } from '../usage/processes.ts';
import { ended as endedProcess, running } from '../usage/test-processes.ts';
import { otherDoorsNews } from './other-doors.ts';

/** What another door did is to be seen this soon. */
const within = { timeout: 1000, interval: 10 };

const operationsOf = (inspector: Inspector): Operation[] => {
  const heard: Operation[] = [];
  onTestFinished(inspector.on('operation', (operation) => heard.push(operation)));
  return heard;
};
const ended = ({ id }: Operation, heard: readonly Operation[]): readonly string[] =>
  heard.filter((operation) => operation.id === id).map(({ state }) => state);

/** Hears as a page does: first, and then asks for all. */
const settled = async (inspector: Inspector): Promise<void> => {
  value(await inspector.call('snapshot', {}));
};

describe('what another door does', () => {
  it('in a process of its own is seen within a second: a clear, to its end', async () => {
    const { stateDir, open } = newHome();
    const page = await open();
    const heard = operationsOf(page);
    const units: unknown[] = [];
    onTestFinished(page.on('unitMeasured', ({ unit }) => units.push([unit.name, unit.present])));
    await settled(page);
    const order = { stateDir, text: 'pip-tools/pkgs', undoWindowMs: 0, recover: 0 };
    const { operations } = answerOf<ClearOneAnswer>(await command(script('clear-one', order)));
    const [operation] = operations;
    if (operation === undefined) throw new Error('it was cleared');
    expect(operation.state).toBe('done');
    await vi.waitFor(() => expect(ended(operation, heard).at(-1)).toBe('done'), within);
    await vi.waitFor(() => expect(units).toContainEqual(['pkgs', false]), within);
  });

  it('is seen by each of two that are open, both ways, and each state once', async () => {
    const { open } = newHome();
    const [one, two] = [await open(), await open()];
    const [heardByOne, heardByTwo] = [operationsOf(one), operationsOf(two)];
    await Promise.all([settled(one), settled(two)]);
    const operation = await clearUnit(one, 60_000);
    await vi.waitFor(() => expect(ended(operation, heardByTwo)).toEqual(['set-aside']), within);
    value(await two.call('undo', { operation: operation.id }));
    await vi.waitFor(() => expect(ended(operation, heardByOne).at(-1)).toBe('undone'), within);
    expect(ended(operation, heardByTwo)).toEqual(['set-aside', 'undone']);
    // Nothing is told again for what the other only reads or was told itself.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(ended(operation, heardByOne).filter((state) => state === 'set-aside')).toHaveLength(1);
    expect(ended(operation, heardByTwo)).toEqual(['set-aside', 'undone']);
  });

  it('to folders, settings and sizes is seen as well', async () => {
    const { home, unit, open } = newHome();
    const [page, other] = [await open(), await open()];
    operationsOf(page);
    const roots: (readonly string[])[] = [];
    const windows: number[] = [];
    const sizes: unknown[] = [];
    const problems: unknown[] = [];
    onTestFinished(
      page.on('caches', (caches) => {
        roots.push(caches.map(({ root }) => root));
        problems.push(caches.find(({ root }) => root === path.dirname(unit))?.problem?.code);
      }),
    );
    onTestFinished(page.on('settings', ({ undoWindowMs }) => windows.push(undoWindowMs)));
    onTestFinished(page.on('unitMeasured', ({ unit: { name, files } }) => sizes.push([name, files])));
    await settled(page);
    const mine = path.join(home, 'mine');
    fs.mkdirSync(mine);
    value(await other.call('add', { path: mine, isCache: true }));
    await vi.waitFor(() => expect(roots.at(-1)).toContain(mine), within);
    value(await other.call('settings', { undoWindowMs: 5000 }));
    await vi.waitFor(() => expect(windows).toEqual([5000]), within);
    value(await other.call('protect', { path: unit }));
    value(await other.call('protect', { path: path.dirname(unit) }));
    await vi.waitFor(() => expect(problems.at(-1)).toBe('protected-place'), within);
    value(await other.call('list', { measure: true, tools: ['pip-tools'] }));
    await vi.waitFor(() => expect(sizes).toContainEqual(['pkgs', 9]), within);
  });

  it('while it waits is seen: who is waited for, and that nobody waits any more when it is killed', async () => {
    const { stateDir, unit, open } = newHome();
    const page = await open();
    const heard = operationsOf(page);
    await settled(page);
    const door = await running();
    const facts = processFacts(door.pid);
    if (typeof facts === 'string') throw new Error(`process ${door.pid} is ${facts}`);
    const owner = { ...self(), pid: door.pid, startTicks: facts.startTicks };
    const store = await openStore(stateDir);
    onTestFinished(() => store.close());
    const at = Date.now();
    const entry = entryFor(unit, 'waiting', { owner, waitUntil: at + 3_600_000, undoUntil: null });
    await store.begin(entry, { step: 'waiting', at, note: null });
    const newest = () => heard.filter(({ id }) => id === entry.id).at(-1);
    await vi.waitFor(() => expect(newest()).toMatchObject({ state: 'waiting', isWaited: true, holders: [] }), within);
    const holders = [{ pid: 42, command: 'npm install', since: null, evidence: 'working directory' }];
    await store.saw(entry.id, 'waiting', { holders }, JSON.stringify(owner));
    await vi.waitFor(() => expect(newest()).toMatchObject({ isWaited: true, holders }), within);
    await endedProcess(door);
    await vi.waitFor(() => expect(newest()).toMatchObject({ state: 'waiting', isWaited: false }), within);
    const told = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(heard).toHaveLength(told);
  });

  it('is asked for only while somebody listens to operations', async () => {
    const { stateDir } = newHome();
    const store = await openStore(stateDir);
    onTestFinished(() => store.close());
    let asked = 0;
    const counting = {
      ...store,
      changeMark: () => {
        asked += 1;
        return store.changeMark();
      },
    };
    const events = new EventHub();
    otherDoorsNews({ events, store: counting } as unknown as Parts);
    events.on('disk', () => undefined);
    const aWhile = () => new Promise((resolve) => setTimeout(resolve, 600));
    await aWhile();
    expect(asked).toBe(0);
    const stop = events.on('operation', () => undefined);
    await vi.waitFor(() => expect(asked).toBeGreaterThan(1), within);
    stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = asked;
    await aWhile();
    expect(asked).toBe(before);
  });
});
