import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnitId } from '../../shared/ids.ts';
import type { News } from '../../shared/wire.ts';
import { Outbox } from './outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const unit = (digit: number) => UnitId.parse(`u_00000000000${digit}`);
const measuring = (digit: number, entries: number) => ({ unit: unit(digit), progress: { entries, bytes: 0 } });

const newOutbox = () => {
  const sent: (readonly [number, readonly News[]])[] = [];
  const outbox = new Outbox((batch, news) => sent.push([batch, news]));
  const wait = () => vi.advanceTimersByTime(1000);
  const entries = (at: number) =>
    sent[at]?.[1].map(([name, news]) => (name === 'measuring' ? [news.unit, news.progress.entries] : name));
  return { sent, outbox, wait, entries };
};

describe('news on its way to a page', () => {
  it('is gathered into one batch, in order', () => {
    const { sent, outbox, wait, entries } = newOutbox();
    outbox.add('measuring', measuring(1, 1));
    outbox.add('disk', { total: 2, free: 1 });
    expect(sent).toEqual([]);
    wait();
    expect(sent.map(([batch]) => batch)).toEqual([1]);
    expect(entries(0)).toEqual([[unit(1), 1], 'disk']);
  });

  it('travels one batch at a time, and meanwhile keeps only the newest of each thing', () => {
    const { sent, outbox, wait, entries } = newOutbox();
    outbox.add('measuring', measuring(1, 1));
    wait();
    for (let turn = 2; turn < 10_000; turn += 1) outbox.add('measuring', measuring(1, turn));
    outbox.add('measuring', measuring(2, 7));
    outbox.add('measuring', measuring(1, 10_000));
    wait();
    expect(sent).toHaveLength(1);
    outbox.acknowledge(1);
    wait();
    expect(entries(1)).toEqual([
      [unit(2), 7],
      [unit(1), 10_000],
    ]);
    outbox.acknowledge(2);
    wait();
    expect(sent).toHaveLength(2);
  });

  it('does not leave for an acknowledgement of something else', () => {
    const { sent, outbox, wait } = newOutbox();
    outbox.add('measuring', measuring(1, 1));
    wait();
    outbox.add('measuring', measuring(1, 2));
    for (const number of [0, 2, -1, 99, Number.NaN]) outbox.acknowledge(number);
    wait();
    expect(sent).toHaveLength(1);
    outbox.acknowledge(1);
    outbox.acknowledge(1);
    wait();
    expect(sent.map(([batch]) => batch)).toEqual([1, 2]);
  });

  it('is dropped when nobody wants to hear it any more', () => {
    const { sent, outbox, wait, entries } = newOutbox();
    outbox.add('measuring', measuring(1, 1));
    outbox.add('disk', { total: 2, free: 1 });
    outbox.drop('measuring');
    wait();
    expect(entries(0)).toEqual(['disk']);
    outbox.add('measuring', measuring(1, 1));
    outbox.drop('measuring');
    outbox.acknowledge(1);
    wait();
    expect(sent).toHaveLength(1);
  });

  it('is not sent after it was closed, whatever still comes', () => {
    const { sent, outbox, wait } = newOutbox();
    outbox.add('measuring', measuring(1, 1));
    outbox.close();
    outbox.add('measuring', measuring(1, 2));
    outbox.acknowledge(0);
    wait();
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
