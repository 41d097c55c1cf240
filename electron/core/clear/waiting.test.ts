import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fingerprint, onLinux, siblings, smallTree, write } from '../../../e2e/support/sandbox.ts';
import type { Operation } from '../../../shared/model.ts';
import type { Inspector } from '../inspector.ts';
import { openStore } from '../store/store.ts';
import { lockCache } from '../usage/lock.ts';
import { inHistory, newHome, planFor, value } from './testing/home.ts';
import { standsIn } from './testing/outsiders.ts';
import { deadOwner } from './testing/rig.ts';

const patient = { timeout: 30_000, interval: 50 };
const hourMs = 3_600_000;

const ask = async (inspector: Inspector, text: string, waitMs: number, undoWindowMs = 60_000) => {
  const plan = await planFor(inspector, text);
  const args = { plan: plan.id, undoWindowMs, evenIfInUse: false, waitMs };
  return value(await inspector.call('clear', args)).operations;
};

const askOne = async (inspector: Inspector, waitMs = hourMs, undoWindowMs = 60_000): Promise<Operation> => {
  const [operation, ...more] = await ask(inspector, 'pip-tools/pkgs', waitMs, undoWindowMs);
  if (operation === undefined || more.length > 0) throw new Error('not exactly one');
  return operation;
};

const becomes = (inspector: Inspector, id: string, state: Operation['state']): Promise<Operation> =>
  vi.waitFor(async () => {
    const operation = await inHistory(inspector, id);
    expect(operation.state).toBe(state);
    return operation;
  }, patient);

describe.skipIf(!onLinux)('a clear that waits until nobody uses it', () => {
  it('answers at once with who is waited for, touches nothing meanwhile, and goes on under the same id', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const user = await standsIn(path.join(unit, 'a'));
    const before = fingerprint(unit);
    const waiting = await askOne(inspector, hourMs, 0);
    expect(waiting).toMatchObject({
      state: 'waiting',
      isWaited: true,
      holders: [{ pid: user.pid, command: 'sleep 600' }],
      endedAt: null,
      undoUntil: null,
      asidePath: null,
      errors: [],
    });
    expect(Date.parse(waiting.waitUntil ?? '') - Date.parse(waiting.startedAt)).toBe(hourMs);
    expect(value(await inspector.call('snapshot', {})).operations).toEqual([waiting]);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
    expect(await inHistory(inspector, waiting.id)).toEqual(waiting);
    await user.leave();
    const done = await becomes(inspector, waiting.id, 'done');
    expect(done).toMatchObject({
      plan: waiting.plan,
      entriesDeleted: 13,
      holders: [],
      waitUntil: null,
      isWaited: false,
    });
    expect(done.steps.map(({ step }) => step)).toEqual(['waiting', 'intent', 'set-aside', 'deleting', 'done']);
    expect(siblings(unit)).toEqual([]);
  });

  it('clears what stands there then, and it can be undone', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const user = await standsIn(path.join(unit, 'a'));
    const { id } = await askOne(inspector);
    fs.renameSync(unit, `${unit}-old`);
    fs.mkdirSync(unit);
    write(unit, { fresh: 'made meanwhile' });
    const before = fingerprint(unit);
    const aside = await becomes(inspector, id, 'set-aside');
    expect(fingerprint(aside.asidePath ?? '')).toBe(before);
    await user.leave();
    expect(value(await inspector.call('undo', { operation: id }))).toMatchObject({ state: 'undone' });
    expect(fingerprint(unit)).toBe(before);
  });

  it('tells when somebody else is waited for', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const heard: Operation[] = [];
    inspector.on('operation', (operation) => heard.push(operation));
    const first = await standsIn(unit);
    const { id } = await askOne(inspector);
    const second = await standsIn(path.join(unit, 'b'));
    await first.leave();
    const now = () => heard.filter((operation) => operation.id === id).at(-1);
    await vi.waitFor(() => expect(now()).toMatchObject({ state: 'waiting', holders: [{ pid: second.pid }] }), patient);
    expect((await inHistory(inspector, id)).steps).toHaveLength(1);
  });

  it('ends as refused, with who it was, when the time is over; idle afterwards changes nothing', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const user = await standsIn(unit);
    const before = fingerprint(unit);
    const { id } = await askOne(inspector, 1500);
    const refused = await becomes(inspector, id, 'refused');
    expect(refused).toMatchObject({ errors: [{ step: 'wait', code: 'in-use', path: unit }], bytes: { freed: 0 } });
    expect(refused.errors[0]?.message).toContain(`process ${user.pid}`);
    await user.leave();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
  });

  it('ends as refused when something else has come to stand against it', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const user = await standsIn(unit);
    const { id } = await askOne(inspector);
    fs.mkdirSync(path.join(unit, '.git'));
    await user.leave();
    expect(await becomes(inspector, id, 'refused')).toMatchObject({ errors: [{ code: 'version-controlled' }] });
    expect(fs.existsSync(path.join(unit, '.git'))).toBe(true);
  });

  it('ends as refused when the person has protected the folder meanwhile', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    const user = await standsIn(unit);
    const { id } = await askOne(inspector);
    value(await inspector.call('protect', { path: path.dirname(unit) }));
    await user.leave();
    expect(await becomes(inspector, id, 'refused')).toMatchObject({ errors: [{ code: 'protected-place' }] });
    expect(siblings(unit)).toEqual([]);
  });

  it('has nothing to do when it is gone by then', async () => {
    const { unit, open } = newHome();
    const inspector = await open();
    await standsIn(unit);
    const { id } = await askOne(inspector);
    fs.renameSync(unit, path.join(path.dirname(path.dirname(unit)), 'moved'));
    expect(await becomes(inspector, id, 'nothing-to-do')).toMatchObject({ bytes: { freed: 0 }, errors: [] });
  });

  it('does nothing at all when a part of the plan is refused for another reason', async () => {
    const { unit, open } = newHome();
    const other = path.join(path.dirname(unit), 'http');
    smallTree(other);
    fs.mkdirSync(path.join(other, '.git'));
    const inspector = await open();
    await standsIn(unit);
    const operations = await ask(inspector, 'pip-tools', hourMs);
    expect(operations.map(({ state }) => state)).toEqual(operations.map(() => 'refused'));
    expect(value(await inspector.call('history', {})).operations.some(({ state }) => state === 'waiting')).toBe(false);
    expect(fs.existsSync(other)).toBe(true);
  });

  it('waits for several units on their own, and clears at once what is idle', async () => {
    const { unit, open } = newHome();
    const [http, sources] = ['http', 'depcache'].map((name) => path.join(path.dirname(unit), name));
    if (http === undefined || sources === undefined) throw new Error('two were named');
    smallTree(http);
    const inspector = await open();
    const [one, two] = [await standsIn(unit), await standsIn(http)];
    const operations = await ask(inspector, 'pip-tools', hourMs);
    const at = (place: string) => operations.find(({ path: it }) => it === place);
    expect([at(unit)?.state, at(http)?.state]).toEqual(['waiting', 'waiting']);
    await two.leave();
    await becomes(inspector, at(http)?.id ?? '', 'set-aside');
    expect(await inHistory(inspector, at(unit)?.id ?? '')).toMatchObject({ state: 'waiting' });
    await one.leave();
    await becomes(inspector, at(unit)?.id ?? '', 'set-aside');
  });
});

describe.skipIf(!onLinux)('a wait whose time is over while it is kept off by a lock', () => {
  it('does not begin any more, though the lock comes free', async () => {
    const { unit, open, stateDir } = newHome();
    const inspector = await open();
    const user = await standsIn(unit);
    const before = fingerprint(unit);
    const { id, waitUntil } = await askOne(inspector, 4000);
    const lock = await lockCache(path.dirname(unit), stateDir, 1000);
    await user.leave();
    await new Promise((resolve) => setTimeout(resolve, Date.parse(waitUntil ?? '') - Date.now() + 1000));
    lock?.release();
    await becomes(inspector, id, 'refused');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect([fingerprint(unit), siblings(unit)]).toEqual([before, []]);
  });
});

describe.skipIf(!onLinux)('a wait that a person ends', () => {
  it.each(['this door', 'another door'])('from %s: nothing is touched, and it never starts', async (which) => {
    const { unit, open } = newHome();
    const [door, other] = [await open(), await open()];
    const user = await standsIn(unit);
    const before = fingerprint(unit);
    const { id } = await askOne(door);
    const heard: string[] = [];
    door.on('operation', (operation) => operation.id === id && heard.push(operation.state));
    const from = which === 'this door' ? door : other;
    expect(value(await from.call('cancel', { operation: id }))).toEqual({ stopped: true });
    expect(value(await from.call('cancel', { operation: id }))).toEqual({ stopped: false });
    await user.leave();
    await vi.waitFor(() => expect(heard).toContain('refused'), patient);
    expect(await inHistory(door, id)).toMatchObject({
      state: 'refused',
      errors: [{ step: 'wait', code: 'cancelled', message: 'You stopped waiting; nothing was touched.' }],
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(fingerprint(unit)).toBe(before);
    expect(siblings(unit)).toEqual([]);
  });
});

describe.skipIf(!onLinux)('a wait whose door has closed', () => {
  const abandoned = async () => {
    const place = newHome();
    const door = await place.open();
    const user = await standsIn(place.unit);
    const { id } = await askOne(door, hourMs, 0);
    await door.close();
    return { ...place, user, id };
  };

  it('stays an intention that is shown, and never starts by itself', async () => {
    const { unit, open, user, id } = await abandoned();
    await user.leave();
    const before = fingerprint(unit);
    const next = await open();
    expect(await inHistory(next, id)).toMatchObject({ state: 'waiting', isWaited: false });
    await next.resume();
    expect(value(await next.call('recover', { now: true })).operations).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await inHistory(next, id)).toMatchObject({ state: 'waiting', isWaited: false });
    expect(fingerprint(unit)).toBe(before);
    expect(value(await next.call('cancel', { operation: id }))).toEqual({ stopped: true });
  });

  it('is gone on with by exactly one of two that want to, for as long again', async () => {
    const { unit, open, user, id } = await abandoned();
    const doors = [await open(), await open()];
    const answers = await Promise.all(doors.map((door) => door.call('resume', { operation: id })));
    const [won, ...others] = answers.filter(({ ok }) => ok);
    expect(others).toEqual([]);
    for (const answer of answers) if (!answer.ok) expect(answer.error.code).toBe('in-use');
    if (won === undefined) throw new Error('nobody won');
    const waiting = value(won);
    expect(waiting).toMatchObject({ id, state: 'waiting', isWaited: true, holders: [{ pid: user.pid }] });
    const begun = waiting.steps.at(-1)?.at ?? '';
    expect(Date.parse(waiting.waitUntil ?? '') - Date.parse(begun)).toBe(hourMs);
    const [door] = doors;
    if (door === undefined) throw new Error('two are open');
    await user.leave();
    await becomes(door, id, 'done');
    expect(fs.existsSync(unit)).toBe(false);
  });

  it('is closed by a recovery that a person types when its time is over, and only then', async () => {
    const { stateDir, open, id } = await abandoned();
    const store = await openStore(stateDir);
    const late = { owner: deadOwner(), waitUntil: Date.now() - 1 };
    await store.advance(id, ['waiting'], 'waiting', Date.now(), late);
    await store.close();
    const next = await open();
    expect(value(await next.call('recover', { now: false })).operations).toEqual([]);
    const [ended] = value(await next.call('recover', { now: true })).operations;
    expect(ended).toMatchObject({ id, state: 'refused' });
    expect(ended?.steps.at(-1)?.note).toBe('nobody waited any more');
  });
});
