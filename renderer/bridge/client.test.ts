import { describe, expect, it, vi } from 'vitest';
import { ViewId } from '../../shared/ids.ts';
import type { FromPage } from '../../shared/wire.ts';
import { RemoteClient } from './client.ts';
import type { Line } from './transport.ts';

const view = ViewId.parse('v_000000000001');

const start = () => {
  const sent: FromPage[] = [];
  const states: boolean[] = [];
  let line: Line | undefined;
  const client = new RemoteClient(
    (opened) => {
      line = opened;
    },
    (connected) => states.push(connected),
  );
  if (!line) throw new Error('the transport was not opened');
  const open = line;
  return { client, line: open, sent, states, up: () => open.up((message) => sent.push(message)) };
};

describe('the other end of the contract', () => {
  it('keeps what is asked before the first connection, and asks it once', async () => {
    const { client, line, sent, up } = start();
    const answer = client.call('closeView', { view });
    expect(sent).toEqual([]);
    up();
    expect(sent).toEqual([{ hear: [] }, { id: 1, call: 'closeView', args: { view } }]);
    line.message({ id: 1, result: { ok: true, value: {} } });
    await expect(answer).resolves.toEqual({ ok: true, value: {} });
  });

  it('says disconnected for what was under way, and never sends it again', async () => {
    const { client, line, sent, states, up } = start();
    up();
    const answer = client.call('closeView', { view });
    line.down();
    await expect(answer).resolves.toMatchObject({ ok: false, error: { code: 'disconnected' } });
    await expect(client.call('closeView', { view })).resolves.toMatchObject({ error: { code: 'disconnected' } });
    sent.length = 0;
    up();
    expect(sent).toEqual([{ hear: [] }]);
    expect(states).toEqual([true, false, true]);
  });

  it('says after each connection what it wants to hear, tells each listener once, and acknowledges', () => {
    const { client, line, sent, up } = start();
    const [one, two] = [vi.fn(), vi.fn()];
    const stop = client.on('disk', one);
    client.on('disk', two);
    up();
    expect(sent).toEqual([{ hear: ['disk'] }]);
    line.message({ batch: 1, news: [['disk', { total: 2, free: 1 }]] });
    expect(one).toHaveBeenCalledExactlyOnceWith({ total: 2, free: 1 });
    expect(two).toHaveBeenCalledOnce();
    expect(sent.at(-1)).toEqual({ ack: 1 });
    stop();
    line.down();
    up();
    expect(sent.at(-1)).toEqual({ hear: ['disk'] });
    line.message({ batch: 1, news: [['disk', { total: 2, free: 0 }]] });
    expect(one).toHaveBeenCalledOnce();
  });
});
