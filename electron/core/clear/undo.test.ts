import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, has, missing, write } from '../../../e2e/support/sandbox.ts';
import type { CodedError } from '../../../shared/errors.ts';
import { raw } from '../fs/raw.ts';
import { looksLike, parseLeftover } from '../leftovers/grammar.ts';
import type { Record } from '../store/schema.ts';
import { finish } from './finish.ts';
import { type Aside, fileAside, treeAside } from './testing/aside.ts';
import { present } from './testing/interrupted.ts';
import { type UndoOptions, undo } from './undo.ts';
import { besideName } from './undo-beside.ts';
import { viewOf } from './view.ts';

const refusal = ({ engine, record }: Aside, options?: UndoOptions): Promise<CodedError> =>
  undo(engine, record.id, options).then(
    ({ phase }) => {
      throw new Error(`it was not refused but ended as ${phase}`);
    },
    (thrown: CodedError) => thrown,
  );

const lastStep = ({ steps }: Record) => steps.at(-1);
const besides = (name: string, nth = 1): string => besideName(raw(name), Date.now(), nth).toString();

describe('an undo when nothing stands at the place', () => {
  it('brings back the very same tree: contents, modes, times, links, hard links', async () => {
    const one = await treeAside('D', (at) => {
      write(at, { 'read-only/file': 'x', one: 'same' });
      fs.linkSync(path.join(at, 'one'), path.join(at, 'two'));
      fs.symlinkSync('../nowhere', path.join(at, 'link'));
      fs.truncateSync(path.join(at, 'one'), 5_000_000);
      fs.chmodSync(path.join(at, 'read-only/file'), 0o4440);
      fs.chmodSync(path.join(at, 'read-only'), 0o555);
      fs.utimesSync(path.join(at, 'a'), 1_600_000_000.123456, 1_600_000_000.123456);
    });
    const record = await undo(one.engine, one.record.id);
    expect(record).toMatchObject({ phase: 'undone', restored: null, errors: [], owner: null });
    expect(record.endedAt).not.toBe(null);
    expect(fingerprint(one.at)).toBe(one.whole);
    expect(present(one.box)).toEqual(['D']);
  });

  it.skipIf(missing(!has('setfattr')))(
    `and extended attributes${has('setfattr') ? '' : ' (SKIPPED: there is no setfattr here)'}`,
    async () => {
      const one = await treeAside('D', (at) => {
        execFileSync('setfattr', ['-n', 'user.mark', '-v', 'kept', path.join(at, 'a')]);
      });
      await undo(one.engine, one.record.id);
      const told = execFileSync('getfattr', ['--only-values', '-n', 'user.mark', path.join(one.at, 'a')]);
      expect(told.toString()).toBe('kept');
    },
  );

  it('brings back a single file', async () => {
    const one = await fileAside();
    expect(await undo(one.engine, one.record.id)).toMatchObject({ phase: 'undone' });
    expect(fingerprint(one.at)).toBe(one.whole);
    expect(present(one.box)).toEqual(['F']);
  });

  it('takes no other way because one was allowed', async () => {
    for (const ifRecreated of ['beside', 'swap'] as const) {
      const one = await treeAside();
      expect(await undo(one.engine, one.record.id, { ifRecreated })).toMatchObject({ phase: 'undone', restored: null });
      expect(present(one.box)).toEqual(['D']);
    }
  });

  it('says so when it stands there already, and when it is nowhere', async () => {
    const one = await treeAside();
    fs.renameSync(one.stale, one.at);
    expect(lastStep(await undo(one.engine, one.record.id))).toMatchObject({
      step: 'undone',
      note: 'it stood at its place already',
    });
    const other = await treeAside();
    fs.rmSync(other.stale, { recursive: true });
    expect(await refusal(other)).toMatchObject({
      code: 'not-undoable',
      message: expect.stringContaining('is not there'),
    });
    expect(await other.engine.store.get(other.record.id)).toMatchObject({ phase: 'set-aside', restored: null });
  });
});

describe('an undo when the tool has made something there meanwhile', () => {
  it('replaces an empty folder in one step, and the history says so', async () => {
    const one = await treeAside();
    fs.mkdirSync(one.at);
    expect(lastStep(await undo(one.engine, one.record.id))?.note).toContain('empty folder');
    expect(fingerprint(one.at)).toBe(one.whole);
    expect(present(one.box)).toEqual(['D']);
  });

  const things: readonly (readonly [string, (at: string) => void, string])[] = [
    ['a folder with something in it', (at) => write(at, { new: 'new' }), 'is not empty'],
    ['a file', (at) => fs.writeFileSync(at, 'new'), 'is a file now'],
    ['a link to a folder', (at) => fs.symlinkSync('.', at), 'is a link'],
    ['a link to nowhere', (at) => fs.symlinkSync('nothing', at), 'is a link'],
  ];
  for (const [thing, make, words] of things) {
    it(`refuses, keeps both whole, and names the choices: ${thing}`, async () => {
      for (const one of [await treeAside(), await fileAside()]) {
        make(one.at);
        const made = fingerprint(one.at);
        const { code, message } = await refusal(one);
        expect(code).toBe('recreated');
        expect(message).toContain(words);
        expect(message).toContain('put the old one beside it');
        expect(message).toContain('keep the new one');
        expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([made, one.whole]);
        const record = await one.engine.store.get(one.record.id);
        expect(record).toMatchObject({
          phase: 'set-aside',
          owner: one.record.owner,
          restored: null,
          errors: [{ step: 'undo', code: 'recreated', message }],
        });
        // Its minute would be over before the choices are read.
        expect((record?.undoUntil ?? 0) - Date.now()).toBeGreaterThan(240_000);
        fs.rmSync(one.at, { recursive: true });
        expect(await undo(one.engine, one.record.id)).toMatchObject({ phase: 'undone' });
        expect(fingerprint(one.at)).toBe(one.whole);
      }
    });
  }

  it('refuses an empty folder in the place of a single file: that would be another thing', async () => {
    const one = await fileAside();
    fs.mkdirSync(one.at);
    expect(await refusal(one)).toMatchObject({ code: 'recreated' });
    expect([fs.readdirSync(one.at), fingerprint(one.stale)]).toEqual([[], one.whole]);
  });
});

describe('an undo that may put the old one beside the new one', () => {
  it('does, under a name with the day that nothing takes for a leftover', async () => {
    for (const one of [await treeAside('D'), await fileAside('D')]) {
      write(one.box, { 'D/new': 'new' });
      const made = fingerprint(one.at);
      const record = await undo(one.engine, one.record.id, { ifRecreated: 'beside' });
      const name = besides('D');
      expect(name).toMatch(/^D\.restored-\d{4}-\d\d-\d\d$/);
      expect(record).toMatchObject({ phase: 'undone', restored: raw(name), errors: [] });
      expect(viewOf(record)).toMatchObject({
        state: 'undone',
        restoredTo: path.join(one.box, name),
        asidePath: null,
        occupied: null,
      });
      expect([fingerprint(one.at), fingerprint(path.join(one.box, name))]).toEqual([made, one.whole]);
      expect(present(one.box).toSorted()).toEqual(['D', name].toSorted());
      expect([parseLeftover(raw(name)), looksLike(raw(name))]).toEqual([null, null]);
      expect(await refusal(one)).toMatchObject({ code: 'not-undoable' });
    }
  });

  it('never replaces anything: a folder, an empty one, a file, a link that have the names', async () => {
    for (const one of [await treeAside('D'), await fileAside('D')]) {
      fs.writeFileSync(one.at, 'new');
      write(one.box, { [`${besides('D')}/x`]: 'mine' });
      fs.mkdirSync(path.join(one.box, besides('D', 2)));
      fs.writeFileSync(path.join(one.box, besides('D', 3)), 'mine');
      fs.symlinkSync('nothing', path.join(one.box, besides('D', 4)));
      const before = [1, 2, 3, 4].map((nth) => fingerprint(path.join(one.box, besides('D', nth))));
      expect(await undo(one.engine, one.record.id, { ifRecreated: 'beside' })).toMatchObject({
        restored: raw(besides('D', 5)),
      });
      expect([1, 2, 3, 4].map((nth) => fingerprint(path.join(one.box, besides('D', nth))))).toEqual(before);
      expect(fingerprint(path.join(one.box, besides('D', 5)))).toBe(one.whole);
    }
  });

  it('cuts a long name between characters, and stays within 255 bytes', async () => {
    for (const name of ['n'.repeat(255), '語'.repeat(85)]) {
      for (const nth of [1, 2, 1000]) {
        const beside = besideName(raw(name), Date.now(), nth);
        expect(beside.length).toBeLessThanOrEqual(255);
        expect(raw(beside.toString()).equals(beside)).toBe(true);
      }
    }
    const one = await treeAside('語'.repeat(85));
    fs.writeFileSync(one.at, 'new');
    const { restored } = await undo(one.engine, one.record.id, { ifRecreated: 'beside' });
    expect(fingerprint(path.join(one.box, restored?.toString() ?? ''))).toBe(one.whole);
  });
});

describe('what is past the point of no return', () => {
  it('is refused, whatever the person chose, and the new one is not touched', async () => {
    const one = await treeAside();
    await finish(one.engine, one.record.id, ['set-aside']);
    write(one.at, { new: 'new' });
    const made = fingerprint(one.at);
    for (const ifRecreated of ['refuse', 'beside', 'swap'] as const) {
      expect(await refusal(one, { ifRecreated })).toMatchObject({ code: 'not-undoable' });
    }
    expect(fingerprint(one.at)).toBe(made);
    expect(present(one.box)).toEqual(['D']);
  });
});

describe('the room that a copy still takes', () => {
  const shown = async ({ engine, record }: Aside) => {
    const now = await engine.store.get(record.id);
    if (now === null) throw new Error('it is not in the history');
    return viewOf(now).occupied;
  };

  it('is what was measured of it without what is gone, while it stands there; else nobody knows', async () => {
    const one = await treeAside();
    expect(await shown(one)).toBe(null);
    const { store, now } = one.engine;
    const { id } = one.record;
    await store.advance(id, ['set-aside'], 'set-aside', now(), { occupied: 40_960 });
    expect(await shown(one)).toBe(40_960);
    await store.advance(id, ['set-aside'], 'undoing', now(), {});
    expect(await shown(one)).toBe(40_960);
    await store.advance(id, ['undoing'], 'deleting', now(), { freed: 8192 });
    expect(await shown(one)).toBe(32_768);
    await store.advance(id, ['deleting'], 'partial', now(), { freed: 40_960 });
    expect(await shown(one)).toBe(0);
    // More is gone than was measured, and a copy is there all the same: it was measured at another time.
    await store.advance(id, ['partial'], 'partial', now(), { freed: 40_961 });
    expect(await shown(one)).toBe(null);
    await store.advance(id, ['partial'], 'set-aside', now(), { freed: 0 });
    fs.renameSync(one.stale, `${one.stale}-moved`);
    expect(await shown(one)).toBe(null);
    // What has its name and is another thing is not the copy.
    fs.mkdirSync(one.stale);
    expect(await shown(one)).toBe(null);
  });

  it('is nothing once it is back or deleted', async () => {
    for (const end of ['undo', 'finish'] as const) {
      const one = await treeAside();
      await one.engine.store.advance(one.record.id, ['set-aside'], 'set-aside', 1, { occupied: 40_960 });
      if (end === 'undo') await undo(one.engine, one.record.id);
      else await finish(one.engine, one.record.id, ['set-aside']);
      expect(await shown(one)).toBe(null);
    }
  });
});
