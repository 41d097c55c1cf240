import { describe, expect, it } from 'vitest';
import { CacheId, OperationId, UnitId } from '../../shared/ids.ts';
import type { Cache, Operation, Snapshot, Unit } from '../../shared/model.ts';
import { projectionOf, withNews } from './projection.ts';

const unit = (name: string, bytes: number | null): Unit => ({
  id: UnitId.parse(`u_${name}`),
  name,
  path: `/home/ada/.npm/${name}`,
  present: true,
  identity: null,
  files: bytes === null ? null : 1,
  directories: 1,
  bytes: bytes === null ? null : { apparent: bytes, allocated: bytes, reclaimable: bytes },
  lastUsed: null,
  oldestUse: null,
  unreadable: [],
  measuredAt: null,
});
const one = unit('aaaaaaaaaaaa', null);
const two = unit('bbbbbbbbbbbb', 5);
const cache = { id: CacheId.parse('c_000000000001'), units: [one], present: true } as unknown as Cache;
const snapshot = { caches: [cache], operations: [], notices: [], leftovers: [] } as unknown as Snapshot;

const operation = (id: number, startedAt: string, state: Operation['state']): Operation =>
  ({ id: OperationId.parse(`o_${String(id).padStart(12, '0')}`), startedAt, state }) as Operation;

describe('what the page knows', () => {
  it('replaces a unit that was measured and forgets how far that was', () => {
    const measuring = withNews(projectionOf(snapshot), [
      'measuring',
      { unit: one.id, progress: { entries: 3, bytes: 9 } },
    ]);
    expect(measuring.measuring.get(one.id)).toEqual({ entries: 3, bytes: 9 });
    const done = withNews(measuring, ['unitMeasured', { cache: cache.id, unit: { ...one, files: 7 } }]);
    expect(done.measuring.size).toBe(0);
    expect(done.caches[0]?.units).toEqual([{ ...one, files: 7 }]);
  });

  it('takes in a unit that came since', () => {
    const now = withNews(projectionOf(snapshot), ['unitMeasured', { cache: cache.id, unit: two }]);
    expect(now.caches[0]?.units.map(({ id }) => id)).toEqual([one.id, two.id]);
  });

  it('has each operation once, newest first, in whatever order it hears of them', () => {
    const old = operation(1, '2026-01-01T00:00:00.000Z', 'done');
    const young = operation(2, '2026-02-01T00:00:00.000Z', 'deleting');
    let now = withNews(projectionOf(snapshot), ['operation', young]);
    now = withNews(now, ['operation', old]);
    now = withNews(now, ['operation', { ...young, state: 'done' }]);
    expect(now.operations.map(({ id, state }) => [id, state])).toEqual([
      [young.id, 'done'],
      [old.id, 'done'],
    ]);
  });

  it('forgets how far a delete is when it has ended', () => {
    const running = operation(1, '2026-01-01T00:00:00.000Z', 'deleting');
    let now = withNews(projectionOf(snapshot), ['operation', running]);
    now = withNews(now, ['deleting', { operation: running.id, progress: { entries: 1, bytes: 2 } }]);
    expect(now.deleting.size).toBe(1);
    now = withNews(now, ['operation', { ...running, state: 'done' }]);
    expect(now.deleting.size).toBe(0);
  });

  it('tells a notice once', () => {
    const notice = { level: 'warning', message: 'The history was damaged.' } as const;
    const now = withNews(withNews(projectionOf(snapshot), ['notice', notice]), ['notice', notice]);
    expect(now.notices).toEqual([notice]);
  });
});
