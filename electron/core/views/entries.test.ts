import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';
import { writeCrowdedIndex, writePackages } from '../../../e2e/support/npm-index.ts';
import { write } from '../../../e2e/support/sandbox.ts';
import type { Cache, Entry, EntryView } from '../../../shared/model.ts';
import { Decoder } from '../catalog/decoder.ts';
import { newHome, value } from '../clear/testing/home.ts';
import type { Inspector } from '../inspector.ts';
import { decodeUnits, inWords } from './decode-units.ts';
import { EntryList } from './entry-list.ts';
import { mostViews } from './view-book.ts';

const npmOf = async (inspector: Inspector): Promise<Cache> => {
  const { caches } = value(await inspector.call('list', { measure: false }));
  const cache = caches.find(({ tool }) => tool === 'npm');
  if (cache === undefined) throw new Error('there is no npm');
  return cache;
};

const until = (inspector: Inspector, is: (view: EntryView) => boolean): Promise<EntryView> =>
  new Promise((resolve) => {
    const stop = inspector.on('entries', (view) => {
      if (!is(view)) return;
      stop();
      resolve(view);
    });
  });

/** Opens entries and waits until all are read. */
const opened = async (inspector: Inspector, cache: Cache, more: object = {}): Promise<EntryView> => {
  const done = until(inspector, ({ done }) => done);
  const view = value(await inspector.call('openEntries', { cache: cache.id, ...more }));
  return view.done ? view : done;
};

const rowsOf = async (inspector: Inspector, { view }: EntryView): Promise<readonly Entry[]> =>
  value(await inspector.call('entryRows', { view, from: 0, count: 1000 })).rows;

const packages = Array.from({ length: 60 }, (_, at) => ({
  name: at % 2 ? `plain-${at}` : `Capital-${at}`,
  version: `1.${at}.0`,
  time: 1_600_000_000_000 + at * 1000,
  ...(at % 10 !== 0 && { bytes: 100 + ((at * 37) % 60) }),
}));

describe('a small cache', () => {
  test('is there as a whole, largest first, with the entries and ids of `show`', async () => {
    const { home, open } = newHome();
    writePackages(join(home, '.npm'), packages);
    write(join(home, '.npm'), { '_logs/2024-01-01T00_00_00_000Z-debug-0.log': 'log' });
    const inspector = await open();
    const cache = await npmOf(inspector);
    const view = await opened(inspector, cache);
    const rows = await rowsOf(inspector, view);
    const { entries } = value(await inspector.call('show', { cache: cache.id }));
    expect(view).toMatchObject({ done: true, all: 61, matching: 61, damaged: 6, problem: null });
    expect(view.columns).toEqual(['name', 'version', 'kind', 'unit', 'bytes', 'created', 'lastUsed']);
    expect(view.bytes).toBe(entries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
    const byId = (a: Entry, b: Entry): number => (a.id < b.id ? -1 : 1);
    // Reading it changes the time of last reading of content, which both tell.
    const still = (list: readonly Entry[]) => list.toSorted(byId).map(({ lastUsed: _, ...entry }) => entry);
    expect(still(rows)).toEqual(still(entries));
    const sizes = rows.map(({ bytes }) => bytes ?? -1);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(rows.at(-1)).toMatchObject({ bytes: null, damaged: 'its content is missing' });
  });

  test('is filtered as `show` filters, and sorted as asked', async () => {
    const { home, open } = newHome();
    writePackages(join(home, '.npm'), packages);
    const inspector = await open();
    const cache = await npmOf(inspector);
    const { view, columns } = await opened(inspector, cache);
    expect(columns).not.toContain('unit');
    let revision = 0;
    for (const filter of [
      '',
      'capital',
      'CAPITAL-2',
      'plain-1@1.1',
      'tarball https',
      'registry.example/plain',
      '.0.0',
      'none',
    ]) {
      const arranged = value(
        await inspector.call('arrangeEntries', { view, filter, order: { by: 'created', descending: false } }),
      );
      const { entries, total } = value(await inspector.call('show', { cache: cache.id, filter }));
      expect(arranged.matching).toBe(total);
      expect(arranged.revision).toBeGreaterThan(revision);
      revision = arranged.revision;
      const rows = await rowsOf(inspector, arranged);
      expect(rows.map(({ id }) => id)).toEqual(
        entries.toSorted((a, b) => ((a.created ?? '') < (b.created ?? '') ? -1 : 1)).map(({ id }) => id),
      );
    }
  });

  test('only some of its units, and one that nobody knows', async () => {
    const { home, open } = newHome();
    writePackages(join(home, '.npm'), packages);
    write(join(home, '.npm'), { '_logs/2024-01-01T00_00_00_000Z-debug-0.log': 'log' });
    const inspector = await open();
    const cache = await npmOf(inspector);
    const logs = cache.units.filter(({ name }) => name === '_logs').map(({ id }) => id);
    expect(await opened(inspector, cache, { units: logs })).toMatchObject({ all: 1, bytes: 3 });
    expect(await opened(inspector, cache, { units: ['u_ffffffffffff'] })).toMatchObject({ all: 0, columns: [] });
    expect(await inspector.call('openEntries', { cache: 'c_ffffffffffff' as Cache['id'] })).toMatchObject({
      ok: false,
      error: { code: 'unknown-target' },
    });
  });

  test('a selection is of one revision', async () => {
    const { home, open } = newHome();
    writePackages(join(home, '.npm'), packages);
    const inspector = await open();
    const cache = await npmOf(inspector);
    const { view, revision } = await opened(inspector, cache);
    const ranges: [number, number][] = [
      [0, 2],
      [1, 3],
      [59, 70_000_000],
    ];
    const rows = value(await inspector.call('entryRows', { view, from: 0, count: 1000 })).rows;
    const bytes = rows.slice(0, 3).reduce((sum, row) => sum + (row.bytes ?? 0), 0);
    const units = cache.units.filter(({ name }) => name === '_cacache').map(({ id }) => id);
    expect(await inspector.call('entrySelection', { view, revision, ranges })).toEqual({
      ok: true,
      value: { entries: 4, bytes, units },
    });
    value(await inspector.call('arrangeEntries', { view, filter: 'capital' }));
    expect(await inspector.call('entrySelection', { view, revision, ranges })).toMatchObject({
      ok: false,
      error: { code: 'view-expired', message: expect.stringContaining('Select again') as string },
    });
    expect(value(await inspector.call('entryRows', { view, from: 50_000_000, count: 10 })).rows).toEqual([]);
  });
});

describe('a huge cache', () => {
  test('shows its first rows while the others are read, then all in order', async () => {
    const { home, open } = newHome();
    writeCrowdedIndex(join(home, '.npm'), 80);
    const inspector = await open();
    const cache = await npmOf(inspector);
    const news: EntryView[] = [];
    inspector.on('entries', (view) => news.push(view));
    const done = until(inspector, (view) => view.done);
    const first = value(
      await inspector.call('openEntries', { cache: cache.id, order: { by: 'version', descending: true } }),
    );
    expect(first).toMatchObject({ done: false, revision: 1 });
    expect(first.all).toBeGreaterThan(0);
    const early = value(await inspector.call('entryRows', { view: first.view, from: 0, count: 3 }));
    expect(early.rows.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    const last = await done;
    expect(last).toMatchObject({ view: first.view, all: 80_000, matching: 80_000, damaged: 80_000, bytes: 0 });
    expect(last.revision).toBeGreaterThan(first.revision);
    const rows = await rowsOf(inspector, last);
    expect(rows[0]?.version).toBe('1.999.0');
    expect(rows[80]?.version).toBe('1.998.0');
    expect(news.length).toBeGreaterThan(1);
    expect(news.map(({ all }) => all)).toEqual(news.map(({ all }) => all).toSorted((a, b) => a - b));
  });

  test('that is closed is read no further, and holds up nobody', async () => {
    const { home, open } = newHome();
    writeCrowdedIndex(join(home, '.npm'), 120);
    const inspector = await open();
    const cache = await npmOf(inspector);
    const { view, done } = value(await inspector.call('openEntries', { cache: cache.id }));
    expect(done).toBe(false);
    expect(await inspector.call('closeView', { view })).toEqual({ ok: true, value: {} });
    expect(await inspector.call('closeView', { view })).toEqual({ ok: true, value: {} });
    const news: EntryView[] = [];
    inspector.on('entries', (one) => news.push(one));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1000).toBeLessThan(250);
    expect(news).toEqual([]);
    for (const answer of [
      await inspector.call('entryRows', { view, from: 0, count: 1 }),
      await inspector.call('arrangeEntries', { view }),
      await inspector.call('entrySelection', { view, revision: 1, ranges: [] }),
      await inspector.call('treeNodes', { view, from: 0, count: 1 }),
    ])
      expect(answer).toMatchObject({ ok: false, error: { code: 'view-expired' } });
  });

  test('one too many: the one that was used longest ago goes', async () => {
    const { home, open } = newHome();
    writeCrowdedIndex(join(home, '.npm'), 60);
    const inspector = await open();
    const cache = await npmOf(inspector);
    const views: EntryView[] = [];
    for (let at = 0; at < mostViews; at += 1)
      views.push(value(await inspector.call('openEntries', { cache: cache.id })));
    const used = async (at: number) =>
      (await inspector.call('entryRows', { view: (views[at] as EntryView).view, from: 0, count: 1 })).ok;
    expect(await used(0)).toBe(true);
    views.push(value(await inspector.call('openEntries', { cache: cache.id })));
    expect(await Promise.all(views.map((_, at) => used(at)))).toEqual(views.map((_, at) => at !== 1));
  });
});

describe('a decoder that fails', () => {
  const batch = [{ key: 'k', kind: 'log', name: 'n', version: null, url: null, bytes: 1, created: null }].map(
    (one) => ({
      ...one,
      lastUsed: null,
      usedBy: null,
      damaged: null,
    }),
  );
  const unit = (name: string) => ({
    id: 'u_00000000000a' as Cache['units'][number]['id'],
    name,
    definition: { name, kind: 'directory', rewritten: 'nothing' } as const,
  });

  test('leaves what was read, and the other units', async () => {
    const list = new EntryList([unit('a'), unit('b')], {});
    const dying: Pick<Decoder, 'entries'> = {
      entries: async (order, onBatch) => {
        onBatch(batch);
        if (order.unit.name === 'a') throw new Error('the decoding thread ended with code 1');
      },
    };
    const wish = { tool: 'npm', root: '/nowhere', units: [unit('a'), unit('b')] };
    list.finish(inWords(await decodeUnits(dying, wish, (number, entries) => list.add(number, entries))));
    expect(list.state()).toMatchObject({ done: true, all: 2 });
    expect(list.state().problem).toBe('Not everything could be read: a (the decoding thread ended with code 1).');
  });

  test('says why when it cannot even begin, and when its thread is ended', async () => {
    const decoder = new Decoder();
    onTestFinished(() => decoder.close());
    const broken = { ...unit('a'), definition: { ...unit('a').definition, name: 7 as unknown as string } };
    const wish = { tool: 'npm', root: '/nowhere', units: [broken] };
    expect(await decodeUnits(decoder, wish, () => undefined)).toMatchObject([{ unit: 'a' }]);
    const waiting = decodeUnits(decoder, { ...wish, units: [unit('_cacache')] }, () => undefined);
    await decoder.close();
    expect(await waiting).toEqual([{ unit: '_cacache', problem: 'the decoder was closed' }]);
  });
});
