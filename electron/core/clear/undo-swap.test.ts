import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, has, missing, onLinux, write } from '../../../e2e/support/sandbox.ts';
import type { CodedError } from '../../../shared/errors.ts';
import { lockCache } from '../usage/lock.ts';
import { finish } from './finish.ts';
import { type Aside, treeAside } from './testing/aside.ts';
import { answerOf, command, script } from './testing/children.ts';
import { present } from './testing/interrupted.ts';
import { orderFor } from './testing/swap.ts';
import type { UndoOneAnswer, UndoOneOrder } from './testing/undo-one.ts';
import { undo } from './undo.ts';
import { viewOf } from './view.ts';

interface Recreated extends Aside {
  /** How the new one is. */
  readonly made: string;
}

const recreated = async (): Promise<Recreated> => {
  const one = await treeAside();
  write(one.at, { new: 'new', 'sub/dir/more': 'more' });
  return { ...one, made: fingerprint(one.at) };
};

const ids = async ({ engine }: Aside) => (await engine.store.history({})).map(({ id }) => id);

/** The operation that is not the first one. */
const otherOf = async ({ engine, record }: Aside) => {
  const found = (await engine.store.history({})).filter(({ id }) => id !== record.id);
  const [other, ...more] = found;
  if (other === undefined || more.length > 0) throw new Error(`not one other operation but ${found.length}`);
  return other;
};

/** Nothing has moved. */
const untouched = (one: Recreated): void => {
  expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.made, one.whole]);
  expect(present(one.box).toSorted()).toEqual(['D', path.basename(one.stale)]);
};

const asChild = async (
  { engine, record }: Aside,
  through: readonly string[],
  more: Partial<UndoOneOrder> = {},
): Promise<UndoOneAnswer> => {
  const order: UndoOneOrder = { stateDir: engine.stateDir, id: record.id, ifRecreated: 'swap', ...more };
  return answerOf(await command([...through, ...script('undo-one', order)]));
};

const strace = (inject: string): readonly string[] => [
  ...['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=renameat2', '-e', `inject=renameat2:${inject}`],
];
const canTrace = onLinux && has('strace');
const note = canTrace ? '' : ' (SKIPPED: there is no strace here)';

describe.skipIf(!onLinux)('an undo that lets the old one and the new one change places', () => {
  it('does, and keeps the new one as an operation of its own that can be undone for as long', async () => {
    const one = await recreated();
    const told: string[] = [];
    const options = { ifRecreated: 'swap', orderFor, swapped: ({ id }: { id: string }) => told.push(id) } as const;
    const record = await undo(one.engine, one.record.id, options);
    const other = await otherOf(one);
    expect(record).toMatchObject({ phase: 'undone', errors: [], restored: null });
    expect(record.steps.at(-1)?.note).toContain(other.id);
    expect(told).toEqual([other.id]);
    expect(other).toMatchObject({ phase: 'set-aside', kind: 'clear', name: record.name, undoWindowMs: 60_000 });
    expect((other.undoUntil ?? 0) - Date.now()).toBeGreaterThan(50_000);
    expect(other.token).not.toBe(record.token);
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([one.whole, one.made]);
    expect(viewOf(other).asidePath).toBe(one.stale);
    expect(viewOf(record).asidePath).toBe(null);
    expect(present(one.box).toSorted()).toEqual(['D', path.basename(one.stale)]);
  });

  it('and back again, any number of times', async () => {
    const one = await recreated();
    let id = one.record.id;
    for (let times = 1; times <= 4; times += 1) {
      await undo(one.engine, id, {
        ifRecreated: 'swap',
        orderFor,
        swapped: (other) => {
          id = other.id;
        },
      });
      const [here, there] = times % 2 === 1 ? [one.whole, one.made] : [one.made, one.whole];
      expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([here, there]);
    }
    expect(await ids(one)).toHaveLength(5);
    await finish(one.engine, id, ['set-aside']);
    expect(present(one.box)).toEqual(['D']);
    expect(fingerprint(one.at)).toBe(one.made);
  });

  it('with no moment at which nothing stands at the place', async () => {
    const one = await recreated();
    // A process of its own looks as fast as it can, by path, as a tool does.
    const looking = command([
      'perl',
      '-e',
      'my ($d,$s)=@ARGV; my ($n,$m)=(0,0); open F,">$s/ready"; close F; until (-e "$s/stop") { $n++; -d $d or $m++ } print "$n $m"',
      one.at,
      one.box,
    ]);
    while (!fs.existsSync(path.join(one.box, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 5));
    let id = one.record.id;
    for (let times = 0; times < 20; times += 1) {
      const swapped = (other: { id: string }): void => {
        id = other.id;
      };
      await undo(one.engine, id, { ifRecreated: 'swap', orderFor, swapped });
    }
    fs.writeFileSync(path.join(one.box, 'stop'), '');
    const [looks, absent] = (await looking).stdout.split(' ').map(Number);
    expect(absent).toBe(0);
    expect(looks).toBeGreaterThan(1000);
  });

  it('refuses when what stands there is another one than was looked at', async () => {
    const one = await recreated();
    const order: typeof orderFor = async (record) => {
      const looked = await orderFor(record);
      fs.renameSync(one.at, `${one.at}-moved`);
      write(one.at, { quick: 'another' });
      return looked;
    };
    const refused = undo(one.engine, one.record.id, { ifRecreated: 'swap', orderFor: order });
    await expect(refused).rejects.toMatchObject({ code: 'changed' });
    expect(fingerprint(one.stale)).toBe(one.whole);
    expect(fs.readdirSync(one.at)).toEqual(['quick']);
    expect(await ids(one)).toEqual([one.record.id]);
    expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'set-aside' });
  });

  it('refuses while somebody has the lock of the cache', async () => {
    const one = await recreated();
    const lock = await lockCache(one.at, one.engine.stateDir, 0);
    const refused = await undo(one.engine, one.record.id, { ifRecreated: 'swap', orderFor }).catch((it) => it);
    lock?.release();
    expect(refused).toMatchObject({ code: 'locked', message: expect.stringContaining('put the old one beside it') });
    untouched(one);
  });

  it('refuses what a look at the new one speaks against, and touches nothing', async () => {
    const one = await recreated();
    const order = (): never => {
      throw Object.assign(new Error('in use'), { code: 'in-use' }) as CodedError;
    };
    await expect(undo(one.engine, one.record.id, { ifRecreated: 'swap', orderFor: order })).rejects.toThrow('in use');
    untouched(one);
    expect(await ids(one)).toEqual([one.record.id]);
  });

  for (const errno of ['EINVAL', 'ENOSYS', 'EOPNOTSUPP']) {
    it.skipIf(missing(!canTrace))(`refuses on a file system that answers ${errno}${note}`, async () => {
      const one = await recreated();
      const answer = await asChild(one, strace(`error=${errno}`));
      expect(answer).toMatchObject({ code: 'not-available', phase: null });
      expect(answer.message).toContain('Nothing was touched. Put the old one beside it instead');
      untouched(one);
      expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'set-aside' });
      const other = await otherOf(one);
      expect(other).toMatchObject({ phase: 'failed', owner: null, errors: [{ step: 'swap', code: 'not-available' }] });
      // There is another way.
      expect(await asChild(one, strace(`error=${errno}`), { ifRecreated: 'beside' })).toMatchObject({
        phase: 'undone',
      });
    });
  }

  it.skipIf(missing(!canTrace))(
    `says that it was not done when the program that does it is killed${note}`,
    async () => {
      const one = await recreated();
      expect(await asChild(one, strace('signal=KILL'))).toMatchObject({ code: 'helper-died' });
      untouched(one);
      expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'set-aside' });
    },
  );

  it.skipIf(missing(!canTrace))(`puts back what was put there between the look and the step${note}`, async () => {
    const one = await recreated();
    const traced = asChild(one, strace('delay_enter=1500000:when=1'), { begins: path.join(one.box, 'begun') });
    const begun = (): boolean => fs.existsSync(path.join(one.box, 'begun'));
    while (!begun()) await new Promise((resolve) => setTimeout(resolve, 5));
    // The intent is written after the last look: from then on it is the step alone.
    while ((await one.engine.store.open()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 300));
    fs.renameSync(one.at, `${one.at}-moved`);
    write(one.at, { quick: 'another' });
    const quick = fingerprint(one.at);
    expect(await traced).toMatchObject({ code: 'changed' });
    expect([fingerprint(one.at), fingerprint(one.stale)]).toEqual([quick, one.whole]);
    expect(await one.engine.store.get(one.record.id)).toMatchObject({ phase: 'set-aside' });
    expect(await otherOf(one)).toMatchObject({ phase: 'failed' });
  });
});
