import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse } from './pulse.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const everyMs = 1000;

/** A pulse whose looks last until they are ended. */
const newPulse = () => {
  const looks: PromiseWithResolvers<void>[] = [];
  const failures: unknown[] = [];
  const look = (): Promise<void> => {
    const made = Promise.withResolvers<void>();
    looks.push(made);
    return made.promise;
  };
  const pulse = new Pulse(everyMs, look, (thrown) => failures.push(thrown));
  const end = async (at: number): Promise<void> => {
    looks[at]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { pulse, looks, failures, end };
};

describe('a pulse', () => {
  it('looks at once, and then so long after each look has ended', async () => {
    const { pulse, looks, end } = newPulse();
    pulse.start();
    expect(looks).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(everyMs * 5);
    expect(looks).toHaveLength(1);
    await end(0);
    await vi.advanceTimersByTimeAsync(everyMs - 1);
    expect(looks).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toHaveLength(2);
  });

  it('never looks twice at a time: what pokes it meanwhile causes one look more', async () => {
    const { pulse, looks, end } = newPulse();
    pulse.start();
    for (let turn = 0; turn < 10; turn += 1) pulse.poke();
    expect(looks).toHaveLength(1);
    await end(0);
    expect(looks).toHaveLength(2);
    await end(1);
    expect(looks).toHaveLength(2);
    pulse.poke();
    expect(looks).toHaveLength(3);
  });

  it('does nothing while it is stopped, and begins anew', async () => {
    const { pulse, looks, end } = newPulse();
    pulse.poke();
    expect(looks).toHaveLength(0);
    const stop = pulse.start();
    pulse.poke();
    stop();
    await end(0);
    pulse.poke();
    await vi.advanceTimersByTimeAsync(everyMs * 5);
    expect(looks).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    pulse.start();
    expect(looks).toHaveLength(2);
  });

  it('goes on after a look that failed, and tells', async () => {
    const { pulse, looks, failures } = newPulse();
    pulse.start();
    looks[0]?.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(everyMs);
    expect(failures).toEqual([new Error('no')]);
    expect(looks).toHaveLength(2);
  });
});
