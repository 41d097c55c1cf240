import { describe, expect, it } from 'vitest';
import type { CacheId, OperationId } from '../../../shared/ids.ts';
import type { Operation, Progress, Usage } from '../../../shared/model.ts';
import { sampleCache, sampleUnit } from '../../testing/samples.ts';
import { conditionOf, found, kept, sorted } from './condition.ts';
import { nameOf, type Row, rowsOf, targetsOf } from './rows.ts';

const small = sampleUnit('small', 10);
const large = sampleUnit('large', 90);
const npm = sampleCache('npm', [small, large]);
const pip = sampleCache('pip', [sampleUnit('wheels', 50)]);
const uv = sampleCache('uv', [sampleUnit('archive', null)]);

const nothing = {
  operations: [] as readonly Operation[],
  usage: new Map<CacheId, Usage>(),
  measuring: new Map<string, Progress>(),
  deleting: new Map<OperationId, Progress>(),
};
const operation = (state: Operation['state'], path: string) =>
  ({ id: 'o_1', tool: 'npm', path, state, bytes: { planned: 200, freed: 0 } }) as unknown as Operation;

describe('what is the case with a cache', () => {
  it('is what its processes say, when nothing else is', () => {
    const usage = (verdict: Usage['verdict'], holders: Usage['holders']): typeof nothing => ({
      ...nothing,
      usage: new Map([[npm.id, { verdict, holders, evidence: [] }]]),
    });
    expect(conditionOf(npm, nothing)).toEqual({ is: 'unknown' });
    expect(conditionOf(npm, usage('idle', []))).toEqual({ is: 'idle' });
    expect(conditionOf(npm, usage('cannot-tell', []))).toEqual({ is: 'cannot-tell' });
    const holder = { pid: 42, command: 'npm install', since: null, evidence: 'it stands in it' };
    expect(conditionOf(npm, usage('in-use', [holder]))).toEqual({ is: 'in-use', by: 'npm install (42)' });
  });

  it('is a delete before all that, with how far it is', () => {
    const now = {
      ...nothing,
      operations: [operation('deleting', small.path)],
      deleting: new Map([['o_1' as OperationId, { entries: 1, bytes: 50 }]]),
    };
    expect(conditionOf(npm, now)).toEqual({ is: 'clearing', share: 0.25 });
    expect(conditionOf(pip, now)).toEqual({ is: 'unknown' });
  });

  it('is set aside only while nothing new stands there', () => {
    const gone = sampleCache('npm', [{ ...small, present: false }]);
    const now = { ...nothing, operations: [operation('set-aside', small.path)] };
    expect(conditionOf(gone, now)).toMatchObject({ is: 'set-aside' });
    expect(conditionOf(npm, now)).toEqual({ is: 'unknown' });
    expect(conditionOf(gone, nothing)).toEqual({ is: 'absent' });
  });

  it('is a wait while somebody waits, before who uses it; one that nobody waits for any more is not', () => {
    const holder = { pid: 42, command: 'npm install', since: null, evidence: 'it stands in it' };
    const usage = new Map([[npm.id, { verdict: 'in-use' as const, holders: [holder], evidence: [] }]]);
    const waiting = { ...operation('waiting', small.path), isWaited: true };
    expect(conditionOf(npm, { ...nothing, usage, operations: [waiting] })).toEqual({ is: 'waiting' });
    const left = { ...waiting, isWaited: false };
    expect(conditionOf(npm, { ...nothing, usage, operations: [left] })).toMatchObject({ is: 'in-use' });
  });

  it('is what keeps it from being used, before everything', () => {
    const problem = { code: 'protected-place', message: 'You protected it.' } as const;
    const now = { ...nothing, operations: [operation('deleting', small.path)] };
    expect(conditionOf({ ...npm, problem }, now)).toEqual({
      is: 'unusable',
      code: problem.code,
      why: 'You protected it.',
    });
  });

  it('is told of a project that nothing is wrong with it, unless something is', () => {
    const problem = { code: 'no-evidence', message: 'It is a project.' } as const;
    expect(conditionOf({ ...npm, tool: 'project', problem }, nothing)).toEqual({ is: 'project', why: problem.message });
    expect(conditionOf({ ...npm, problem }, nothing)).toMatchObject({ is: 'unusable' });
    const moved = { code: 'io', message: 'It cannot be read.' } as const;
    expect(conditionOf({ ...npm, tool: 'project', problem: moved }, nothing)).toMatchObject({ is: 'unusable' });
  });
});

describe('the table of caches', () => {
  it('sorts what is not known last, either way', () => {
    expect(sorted([uv, pip, npm], 'size', true)).toEqual([npm, pip, uv]);
    expect(sorted([uv, npm, pip], 'size', false)).toEqual([pip, npm, uv]);
  });

  it('keeps lines where they were, and puts new ones behind', () => {
    expect(kept([npm, uv, pip], [pip.id, npm.id])).toEqual([pip, npm, uv]);
  });

  it('finds by every word, in names, places and units', () => {
    expect(found([npm, pip, uv], 'ADA whee')).toEqual([pip]);
    expect(found([npm, pip, uv], ' ')).toEqual([npm, pip, uv]);
    expect(found([npm, pip, uv], 'pip npm')).toEqual([]);
  });

  it('unfolds the units that are there, largest first', () => {
    const cache = sampleCache('npm', [small, large, sampleUnit('gone', 0, { present: false })]);
    const rows = rowsOf([cache, pip], new Set([cache.id]));
    expect(rows.map((row) => (row.kind === 'unit' ? row.unit.name : row.cache.name))).toEqual([
      'npm',
      'large',
      'small',
      'pip',
    ]);
  });
});

describe('what is cleared', () => {
  const cacheRow: Row = { kind: 'cache', cache: npm };
  const unitRow: Row = { kind: 'unit', cache: npm, unit: small };
  const other: Row = { kind: 'unit', cache: pip, unit: sampleUnit('wheels', 50) };

  it('names a whole cache once, and a unit with what was seen there', () => {
    expect(targetsOf([unitRow, cacheRow, other])).toEqual([
      { cache: npm.id },
      { unit: other.kind === 'unit' && other.unit.id, saw: { dev: 1, ino: 2 } },
    ]);
    expect(targetsOf([unitRow])).toEqual([{ unit: small.id, saw: { dev: 1, ino: 2 } }]);
  });

  it('is said in a few words', () => {
    expect(nameOf([cacheRow])).toBe('npm’s cache');
    expect(nameOf([unitRow])).toBe('npm’s small');
    expect(nameOf([cacheRow, { kind: 'cache', cache: pip }])).toBe('2 caches');
    expect(nameOf([unitRow, unitRow])).toBe('2 parts of a cache');
    const folder = sampleCache('folder', [], { root: '/srv/objects' });
    expect(nameOf([{ kind: 'cache', cache: folder }])).toBe('the folder objects');
  });
});
