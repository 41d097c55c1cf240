import { describe, expect, it, test } from 'vitest';
import { OperationId } from '../../../shared/ids.ts';
import { type Leftover, type Operation, operationStates } from '../../../shared/model.ts';
import { dayAfter, dayTitle, linesOf, shortDay } from './days.ts';
import {
  canResume,
  canUndo,
  numberedError,
  otherErrors,
  outcomeFilters,
  outcomeOf,
  outputOf,
  workedMs,
} from './outcome.ts';
import { filtered, merged, toolsIn } from './rows.ts';
import { axisTop, toolsOf, weeksOf } from './weeks.ts';

const idOf = (number: number) => OperationId.parse(`o_${String(number).padStart(12, '0')}`);
/** Times in the person's own zone, as the page reads them. */
const at = (...parts: [number, number, number, number?, number?, number?]): string => {
  const [year, month, ...rest] = parts;
  return new Date(year, month - 1, ...(rest as [number])).toISOString();
};

let next = 0;
const operation = (more: Partial<Operation> = {}): Operation => {
  next += 1;
  return {
    id: idOf(next),
    plan: null,
    kind: 'clear',
    parts: null,
    state: 'done',
    tool: 'npm',
    unit: '_cacache',
    path: '/home/ada/.npm/_cacache',
    door: 'browser',
    startedAt: at(2026, 5, 12, 9, 30),
    endedAt: at(2026, 5, 12, 9, 31),
    undoUntil: null,
    bytes: { planned: null, freed: 0 },
    entriesDeleted: 0,
    left: [],
    leftCount: 0,
    occupied: null,
    holders: [],
    waitUntil: null,
    isWaited: false,
    restoredTo: null,
    errors: [],
    asidePath: null,
    steps: [],
    ...more,
  };
};
const freed = (bytes: number) => ({ planned: null, freed: bytes });

describe('days', () => {
  const now = new Date(2026, 4, 12, 18);

  it('are named as people name them', () => {
    expect(dayTitle(new Date(2026, 4, 12, 0, 0, 1), now)).toBe('Today');
    expect(dayTitle(new Date(2026, 4, 11, 23, 59), now)).toBe('Yesterday');
    expect(dayTitle(new Date(2026, 4, 10), now)).toBe('10 May 2026');
    expect(dayTitle(new Date(2025, 11, 31), new Date(2026, 0, 1))).toBe('Yesterday');
    expect(shortDay(new Date(2026, 7, 3))).toBe('3 Aug');
  });

  it('come before their operations, with what they gave back', () => {
    const [one, two, three] = [
      operation({ startedAt: at(2026, 5, 12, 9), bytes: freed(5) }),
      operation({ startedAt: at(2026, 5, 12, 8), bytes: freed(2) }),
      operation({ startedAt: at(2026, 5, 11, 23) }),
    ] as const;
    expect(linesOf([one, two, three], now)).toEqual([
      { kind: 'day', key: '2026-05-12', title: 'Today', freed: 7 },
      { kind: 'operation', key: one.id, operation: one },
      { kind: 'operation', key: two.id, operation: two },
      { kind: 'day', key: '2026-05-11', title: 'Yesterday', freed: 0 },
      { kind: 'operation', key: three.id, operation: three },
    ]);
    expect(linesOf([], now)).toEqual([]);
  });

  it('are right across a change of the clock', () => {
    for (let day = 0; day < 400; day += 1) expect(dayAfter(new Date(2026, 0, 1), day).getHours()).toBe(0);
  });
});

describe('weeks', () => {
  // A Tuesday.
  const now = new Date(2026, 4, 12, 18);

  it('begin on Mondays, the last is this one', () => {
    const weeks = weeksOf([], now, 3);
    expect(weeks.map(({ start }) => shortDay(start))).toEqual(['27 Apr', '4 May', '11 May']);
    expect(shortDay(weeksOf([], new Date(2026, 4, 17), 1)[0]?.start ?? now)).toBe('11 May');
  });

  it('count where the room came back, by tool', () => {
    const weeks = weeksOf(
      [
        operation({ endedAt: at(2026, 5, 11), bytes: freed(3) }),
        operation({ startedAt: at(2026, 5, 10, 23, 59), endedAt: at(2026, 5, 11, 0, 1), bytes: freed(4) }),
        operation({ tool: 'pip', endedAt: at(2026, 5, 17, 23), bytes: freed(9) }),
        operation({ tool: null, endedAt: null, startedAt: at(2026, 5, 6), bytes: freed(1) }),
        operation({ endedAt: at(2020, 1, 1), bytes: freed(100) }),
        operation({ endedAt: at(2026, 5, 12), bytes: freed(0) }),
      ],
      now,
      2,
    );
    expect(weeks.map(({ freed, total }) => [Object.fromEntries(freed), total])).toEqual([
      [{ other: 1 }, 1],
      [{ npm: 7, pip: 9 }, 16],
    ]);
    expect(toolsOf(weeks)).toEqual(['pip', 'npm', 'other']);
  });

  it('have an axis with short numbers', () => {
    expect(axisTop(1, 'decimal')).toBe(1);
    expect(axisTop(3_400_000, 'decimal')).toBe(5_000_000);
    expect(axisTop(999_999, 'decimal')).toBe(1_000_000);
    expect(axisTop(1_240_000_000, 'decimal')).toBe(2_000_000_000);
    expect(axisTop(3 * 1024 ** 3, 'binary')).toBe(5 * 1024 ** 3);
    expect(axisTop(1023, 'binary')).toBe(2000);
  });
});

describe('rows', () => {
  it('are merged by id, live news wins, newest first', () => {
    const old = operation({ startedAt: at(2026, 5, 10) });
    const stale = operation({ startedAt: at(2026, 5, 11), state: 'deleting' });
    const live = { ...stale, state: 'done' as const };
    const fresh = operation({ startedAt: at(2026, 5, 12) });
    expect(merged([fresh, live], [stale, old])).toEqual([fresh, live, old]);
  });

  it('are filtered by text, tool and outcome', () => {
    const one = operation({ unit: '_npx', path: '/home/ada/.npm/_npx' });
    const two = operation({ tool: 'pip', unit: 'http', path: '/home/ada/.cache/pip/http', state: 'failed' });
    const three = operation({ tool: null, unit: null, path: '/mnt/x', kind: 'sweep' });
    const all = [one, two, three];
    const find = (text: string, tool = '', outcome = '') =>
      filtered(all, { text, tool, outcome }, '/home/ada').map(({ id }) => id);
    expect(find('')).toEqual(all.map(({ id }) => id));
    expect(find('NPX ')).toEqual([one.id]);
    expect(find('failed')).toEqual([two.id]);
    expect(find('', 'other')).toEqual([three.id]);
    expect(find('', '', 'refused')).toEqual([two.id]);
    expect(find('', 'npm', 'refused')).toEqual([]);
    expect(toolsIn(all)).toEqual(['npm', 'other', 'pip']);
  });

  it('can be looked for by every state', () => {
    expect(outcomeFilters.flatMap(({ states }) => [...states]).sort()).toEqual([...operationStates].sort());
  });
});

describe('outcomes', () => {
  it('are words for every state', () => {
    const words = operationStates.map((state) => outcomeOf(operation({ state })).words);
    expect(new Set(words).size).toBe(operationStates.length);
    expect(outcomeOf(operation({ kind: 'sweep' })).words).toBe('Cleaned');
    expect(outcomeOf(operation({ kind: 'command' })).words).toBe('Ran');
    const cancelled = { step: 'command', errno: null, code: 'cancelled', path: null, message: 'It was stopped.' };
    expect(outcomeOf(operation({ kind: 'command', state: 'failed', errors: [cancelled] })).words).toBe('Stopped');
    expect(outcomeOf(operation({ state: 'failed', errors: [cancelled] })).words).toBe('Failed');
    expect(outcomeOf(operation({ state: 'waiting', isWaited: true })).words).toBe('Waiting');
    expect(outcomeOf(operation({ state: 'waiting' })).words).toBe('No longer waiting');
    expect(outcomeOf(operation({ state: 'undone', restoredTo: '/home/ada/x' })).words).toBe('Put beside');
    expect(outcomeOf(operation({ state: 'partial', leftCount: 1 })).words).toBe('In part, 1 left');
    const steps = [{ step: 'partial', at: at(2026, 5, 12), note: 'stopped on request; the rest can be deleted later' }];
    expect(outcomeOf(operation({ state: 'partial', steps })).words).toBe('Stopped');
  });

  it('took as long as was worked, without the time for Undo', () => {
    const step = (name: string, second: number) => ({ step: name, at: at(2026, 5, 12, 9, 30, second), note: null });
    const steps = [step('intent', 0), step('set-aside', 1), step('deleting', 21), step('done', 25)];
    expect(workedMs(operation({ steps, endedAt: at(2026, 5, 12, 9, 30, 25) }))).toBe(5000);
    expect(workedMs(operation({ endedAt: null, steps }))).toBeNull();
    expect(workedMs(operation())).toBe(60_000);
    expect(workedMs(operation({ state: 'refused' }))).toBeNull();
  });

  it('can be taken back or gone on with', () => {
    expect(canUndo(operation({ state: 'set-aside' }))).toBe(true);
    expect(canUndo(operation({ state: 'deleting' }))).toBe(false);
    expect(canResume(operation({ state: 'partial' }), [])).toBe(true);
    const cut = operation({ state: 'deleting' });
    const leftover = (verdict: Leftover['verdict']) => [{ operation: cut.id, verdict }] as Leftover[];
    expect(canResume(cut, [])).toBe(false);
    expect(canResume(cut, leftover('in-progress'))).toBe(false);
    expect(canResume(cut, leftover('abandoned'))).toBe(true);
  });

  it('tell an error with its number, and once', () => {
    const error = { step: 'delete', errno: -13, code: 'EACCES', path: '/home/ada/x', message: 'permission denied' };
    expect(numberedError(error, '/home/ada')).toBe('~/x: permission denied (EACCES, errno 13)');
    expect(numberedError({ ...error, errno: null, path: null, message: 'EACCES.' }, '')).toBe('EACCES.');
    const left = [{ path: '/home/ada/x', errno: 13, message: 'permission denied' }];
    expect(otherErrors(operation({ errors: [error, { ...error, path: null }], left }))).toHaveLength(1);
  });
});

test('what a command of a tool wrote is the note of its last step, once it has ended', () => {
  const began = { step: 'running', at: at(2026, 5, 12), note: 'npm cache clean --force' };
  const ended = { step: 'done', at: at(2026, 5, 12), note: 'npm warn using --force' };
  expect(outputOf(operation({ kind: 'command', state: 'running', steps: [began] }))).toBeNull();
  expect(outputOf(operation({ kind: 'command', steps: [began, ended] }))).toBe('npm warn using --force');
  expect(outputOf(operation({ steps: [ended] }))).toBeNull();
});
