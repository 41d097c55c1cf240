import { describe, expect, it } from 'vitest';
import { EntryId, ViewId } from '../../../shared/ids.ts';
import type { Entry, EntryView } from '../../../shared/model.ts';
import { EntryRows, later, pageRows } from './entry-rows.ts';

const view = ViewId.parse('v_0123456789abcdef');
const other = ViewId.parse('v_aaaaaaaaaaaaaaaa');
const state = (changes: Partial<EntryView> = {}): EntryView => ({
  view,
  revision: 1,
  done: true,
  all: 1000,
  matching: 1000,
  bytes: 0,
  most: 0,
  damaged: 0,
  columns: ['name'],
  problem: null,
  ...changes,
});
const entry = (name: string): Entry => ({
  id: EntryId.parse('e_0123456789abcdef'),
  unit: 'u',
  kind: 'k',
  name,
  version: null,
  url: null,
  bytes: 1,
  created: null,
  lastUsed: null,
  usedBy: null,
  damaged: null,
});

/** Core's side, answering when it is told to. */
class Core {
  revision = 1;
  matching = 1000;
  readonly asked: { readonly from: number; readonly answer: () => Promise<void> }[] = [];
  changes = 0;
  readonly rows = new EntryRows(
    (of, from, count) =>
      new Promise((resolve) => {
        const answer = async (): Promise<void> => {
          const revision = this.revision;
          const length = Math.max(0, Math.min(count, this.matching - from));
          const name = (at: number): string => `${of === view ? '' : 'new '}${revision}:${from + at}`;
          resolve({ revision, rows: Array.from({ length }, (_, at) => entry(name(at))) });
          await new Promise((later) => setTimeout(later));
        };
        this.asked.push({ from, answer });
      }),
    () => {
      this.changes += 1;
    },
  );

  async answerAll(): Promise<void> {
    while (this.asked.length > 0) await this.asked.shift()?.answer();
  }
}

describe('the rows of a view', () => {
  it('are fetched around what is on screen, once', async () => {
    const core = new Core();
    core.rows.look(0, 30);
    core.rows.tell(state());
    expect(core.rows.row(0)).toBeUndefined();
    await core.answerAll();
    expect(core.rows.row(29)?.name).toBe('1:29');
    core.rows.look(pageRows - 10, pageRows + 20);
    expect(core.asked.map(({ from }) => from)).toEqual([pageRows]);
    await core.answerAll();
    core.rows.look(0, 30);
    expect(core.asked).toEqual([]);
    expect(core.rows.row(pageRows)?.name).toBe(`1:${pageRows}`);
  });

  it('that are far apart on screen are fetched without what lies between', async () => {
    const core = new Core();
    core.rows.lookAt([3, 4, 900]);
    core.rows.tell(state());
    expect(core.asked.map(({ from }) => from)).toEqual([0, 800]);
    await core.answerAll();
    expect([core.rows.row(900)?.name, core.rows.row(300)]).toEqual(['1:900', undefined]);
    expect(core.rows.isLatest).toBe(true);
    core.rows.look(3, 901);
    await core.answerAll();
    expect(core.rows.row(300)?.name).toBe('1:300');
    core.rows.tell(state({ revision: 2 }));
    expect(core.rows.isLatest).toBe(false);
  });

  it('are not shown before those on screen are there, and the old ones stay until then', async () => {
    const core = new Core();
    core.rows.look(0, 30);
    core.rows.tell(state());
    await core.answerAll();
    core.revision = 2;
    core.matching = 3;
    core.rows.tell(state({ revision: 2, matching: 3 }));
    expect([core.rows.shown?.matching, core.rows.row(0)?.name]).toEqual([1000, '1:0']);
    await core.answerAll();
    expect([core.rows.shown?.matching, core.rows.row(0)?.name]).toEqual([3, '2:0']);
    expect(core.rows.row(3)).toBeUndefined();
  });

  it('are none at once when nothing matches', async () => {
    const core = new Core();
    core.rows.tell(state());
    await core.answerAll();
    core.rows.tell(state({ revision: 2, matching: 0 }));
    expect(core.rows.shown?.matching).toBe(0);
  });

  it('of an older revision are not taken for those of a newer', async () => {
    const core = new Core();
    core.rows.look(0, 10);
    core.rows.tell(state());
    await core.answerAll();
    core.rows.tell(state({ revision: 2 }));
    const [first] = core.asked.splice(0);
    core.rows.tell(state({ revision: 3 }));
    core.revision = 2;
    await first?.answer();
    core.revision = 3;
    await core.answerAll();
    expect(core.rows.row(0)?.name).toBe('3:0');
  });

  it('grow while they are read', async () => {
    const core = new Core();
    core.matching = 5;
    core.rows.look(0, 30);
    core.rows.tell(state({ done: false, all: 5, matching: 5 }));
    await core.answerAll();
    core.matching = 40;
    core.rows.tell(state({ done: false, all: 40, matching: 40 }));
    expect([core.rows.shown?.matching, core.rows.row(4)?.name]).toEqual([40, '1:4']);
    await core.answerAll();
    expect(core.rows.row(39)?.name).toBe('1:39');
  });

  it('stay while the view is opened anew', async () => {
    const core = new Core();
    core.rows.look(0, 10);
    core.rows.tell(state({ revision: 7 }));
    core.revision = 7;
    await core.answerAll();
    core.revision = 1;
    core.rows.tell(state({ view: other }));
    expect(core.rows.row(0)?.name).toBe('7:0');
    await core.answerAll();
    expect(core.rows.row(0)?.name).toBe('new 1:0');
  });

  it('stay until the view that was opened anew reaches what is on screen', async () => {
    const core = new Core();
    core.rows.look(900, 930);
    core.rows.tell(state());
    await core.answerAll();
    core.matching = 100;
    core.rows.tell(state({ view: other, done: false, all: 100, matching: 100 }));
    await core.answerAll();
    expect([core.rows.shown?.matching, core.rows.row(900)?.name]).toEqual([1000, '1:900']);
    core.matching = 950;
    core.rows.tell(state({ view: other, done: false, all: 950, matching: 950 }));
    await core.answerAll();
    expect([core.rows.shown?.matching, core.rows.row(900)?.name]).toEqual([950, 'new 1:900']);
  });

  it('that were passed while scrolling are never fetched, and only so many are held', async () => {
    const core = new Core();
    core.matching = 1_000_000;
    core.rows.tell(state({ all: 1_000_000, matching: 1_000_000 }));
    await core.answerAll();
    for (let at = 0; at < 500_000; at += 5000) core.rows.look(at, at + 30);
    expect(core.asked.length).toBeLessThanOrEqual(2);
    await core.answerAll();
    expect(core.rows.row(495_000)?.name).toBe('1:495000');
    for (let page = 0; page < 60; page += 1) {
      core.rows.look(page * pageRows, page * pageRows + 30);
      await core.answerAll();
    }
    expect(core.rows.row(0)).toBeUndefined();
    expect(core.rows.row(59 * pageRows)).toBeDefined();
  });
});

describe('of two states', () => {
  it('the later is the one with more to say', () => {
    const reading = state({ done: false, all: 5 });
    expect(later(reading, state({ done: false, all: 3 }))).toBe(reading);
    expect(later(state({ revision: 2, all: 1 }), reading).revision).toBe(2);
    expect(later(state({ all: 5 }), reading).done).toBe(true);
  });
});
