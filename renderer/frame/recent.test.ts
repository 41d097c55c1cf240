import { describe, expect, it } from 'vitest';
import { OperationId, PlanId } from '../../shared/ids.ts';
import type { Operation } from '../../shared/model.ts';
import { grouped, nameOf, recent } from './recent.ts';

let next = 0;
const operation = (part: Partial<Operation>): Operation => {
  next += 1;
  return {
    id: OperationId.parse(`o_${String(next).padStart(12, '0')}`),
    plan: null,
    kind: 'clear',
    parts: null,
    state: 'done',
    tool: 'npm',
    unit: '_cacache',
    path: '/home/ada/.npm/_cacache',
    door: 'browser',
    startedAt: '2026-05-12T09:30:00.000Z',
    endedAt: '2026-05-12T09:31:00.000Z',
    undoUntil: null,
    bytes: { planned: 10, freed: 10 },
    entriesDeleted: 1,
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
    ...part,
  };
};
const plan = PlanId.parse('p_000000000001');
const opened = '2026-05-12T09:30:30.000Z';

describe('what a person is told of', () => {
  it('is what goes on and what ended since the page was opened, not what they put away', () => {
    const before = operation({ endedAt: '2026-05-12T09:30:00.000Z' });
    const after = operation({});
    const away = operation({});
    const open = operation({ state: 'set-aside', endedAt: null });
    expect(recent([open, away, after, before], new Set([away.id, open.id]), opened)).toEqual([open, after]);
  });

  it('are waits too, and what somebody keeps from being deleted stands apart from what nobody does', () => {
    const waiting = operation({ state: 'waiting', endedAt: null, isWaited: true });
    expect(recent([waiting], new Set([waiting.id]), opened)).toEqual([waiting]);
    const holder = { pid: 42, command: 'node', since: null, evidence: 'open file' };
    const kept = operation({ plan, state: 'set-aside', endedAt: null, holders: [holder] });
    const free = operation({ plan, state: 'set-aside', endedAt: null });
    expect(grouped([kept, free]).map(({ operations }) => operations)).toEqual([[kept], [free]]);
  });

  it('joins the parts of one clear that are equally far, and leaves alone what failed', () => {
    const one = operation({ plan, unit: '_cacache' });
    const two = operation({ plan, unit: '_logs' });
    const failed = operation({ plan, unit: '_npx/1', state: 'partial' });
    const other = operation({ plan: PlanId.parse('p_000000000002') });
    const groups = grouped([one, failed, two, other]);
    expect(groups.map(({ operations }) => operations)).toEqual([[one, two], [failed], [other]]);
    expect(groups.map(nameOf)).toEqual(['2 parts of npm', 'npm/_npx/1', 'npm/_cacache']);
  });

  it('names a folder by its own name', () => {
    const folder = operation({ tool: 'folder', unit: '.', path: '/srv/build/objects' });
    expect(grouped([folder]).map(nameOf)).toEqual(['objects']);
  });

  it('names single entries by how many they are, and a command of a tool as it is typed', () => {
    const parts = operation({ parts: { entries: 412, moves: 824, rows: 0, names: ['react 19.3.1'] } });
    const line = 'npm cache clean --force';
    const command = operation({ kind: 'command', state: 'running', unit: line, endedAt: null });
    expect(grouped([parts, command]).map(nameOf)).toEqual(['412 entries of npm/_cacache', line]);
    // It goes on, so it is told of.
    expect(recent([command], new Set([command.id]), opened)).toEqual([command]);
  });
});
