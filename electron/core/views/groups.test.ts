import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnitId } from '../../../shared/ids.ts';
import type { Entry } from '../../../shared/model.ts';
import type { RawEntry } from '../catalog/tool.ts';
import { EntryList } from './entry-list.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-05-12T09:30:00.000Z');
const unit = { id: UnitId.parse('u_0123456789ab'), name: '_cacache' };
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const moment = fc.integer({ min: 0, max: 200 }).map((days) => new Date(now - days * dayMs).toISOString());
const entry: fc.Arbitrary<RawEntry> = fc.record({
  key: fc.string({ maxLength: 8 }),
  kind: fc.constantFrom('tarball', 'metadata'),
  name: maybe(fc.constantFrom('left', 'Left', 'right', '')),
  version: maybe(fc.constantFrom('1.0.0', '2.0.0')),
  url: fc.constant(null),
  bytes: maybe(fc.nat(1000)),
  created: maybe(moment),
  lastUsed: maybe(moment),
  usedBy: fc.constant(null),
  damaged: fc.constant(null),
});

const sum = (entries: readonly Pick<Entry, 'bytes'>[]): number =>
  entries.reduce((all, { bytes }) => all + (bytes ?? 0), 0);
const usedAt = ({ lastUsed, created }: Pick<Entry, 'lastUsed' | 'created'>): number | null =>
  (lastUsed ?? created) === null ? null : Date.parse(lastUsed ?? created ?? '');

/** Those of the same entries, not grouped. */
const idsOf = (entries: readonly RawEntry[]): readonly string[] => {
  const list = new EntryList([unit], {});
  list.add(0, entries);
  return list
    .rows(0, 100)
    .rows.map(({ id }) => id)
    .sort();
};

test('names stand together, the largest first, and nothing is lost or counted twice', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.boolean(), (entries, descending) => {
      const list = new EntryList([unit], { grouped: true, order: { by: 'bytes', descending } });
      list.add(0, entries);
      expect(list.groups(list.state().revision, 0, 100)).toBeNull();
      list.finish(null);
      const { revision } = list.state();
      expect(list.groups(revision + 1, 0, 100)).toBeNull();
      const groups = list.groups(revision, 0, 100);
      if (groups === null) throw new Error('there are none');
      const { rows } = list.rows(0, 100);
      expect(rows.map(({ id }) => id).sort()).toEqual(idsOf(entries));
      expect(groups.total).toBe(new Set(entries.map(({ name }) => name)).size);
      let from = 0;
      for (const [at, name] of groups.names.entries()) {
        const members = rows.slice(from, from + (groups.entries[at] ?? 0));
        from += members.length;
        expect(new Set(members.map((it) => it.name))).toEqual(new Set([name]));
        expect(groups.bytes[at]).toBe(sum(members));
        const used = members.map(usedAt).filter((ms) => ms !== null);
        expect(groups.newest[at]).toBe(used.length === 0 ? null : Math.max(...used));
      }
      expect(from).toBe(entries.length);
      expect(groups.bytes).toEqual(groups.bytes.toSorted((a, b) => (descending ? b - a : a - b)));
      expect(list.groups(revision, 1, 1)?.names).toEqual(groups.names.slice(1, 2));
      list.arrange({});
      expect(list.groups(list.state().revision, 0, 1)).toBeNull();
    }),
  );
});

test('says what takes most and what is old, whatever the filter', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const list = new EntryList([unit], { filter: 'nothing like that' });
      list.add(0, entries);
      list.finish(null);
      const { largest, old, bytes, entries: all } = list.summary(now);
      expect([all, bytes]).toEqual([entries.length, sum(entries)]);
      const unused = entries.filter((it) => (usedAt(it) ?? now) < now - 90 * dayMs);
      expect(old).toEqual({ olderThanMs: 90 * dayMs, entries: unused.length, bytes: sum(unused) });
      const names = [...new Set(entries.map(({ name }) => name).filter((name) => name !== null))];
      const of = (name: string) => entries.filter((it) => it.name === name);
      const most = Math.max(0, ...names.map((name) => sum(of(name))));
      if (most === 0) {
        expect(largest).toBeNull();
        return;
      }
      expect(largest?.bytes).toBe(most);
      const members = of(largest?.name ?? '');
      expect(sum(members)).toBe(most);
      const versions = new Set(members.map(({ version }) => version).filter((version) => version !== null));
      expect([largest?.entries, largest?.versions]).toEqual([members.length, versions.size]);
    }),
  );
});
