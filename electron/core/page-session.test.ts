import { describe, expect, it, vi } from 'vitest';
import type { Client } from '../../shared/api.ts';
import { ok, type Result } from '../../shared/errors.ts';
import type { ToPage } from '../../shared/wire.ts';
import { EventHub } from './events.ts';
import { PageSession } from './page-session.ts';

const newSession = (answer: (name: string) => Promise<Result<unknown>> = async (name) => ok(name)) => {
  const events = new EventHub();
  const asked: unknown[] = [];
  const client: Client = {
    call: (name, args) => {
      asked.push([name, args]);
      return answer(name) as never;
    },
    on: (event, listener) => events.on(event, listener),
  };
  const said: ToPage[] = [];
  const session = new PageSession(client, (message) => said.push(message));
  const news = () => said.flatMap((message) => ('news' in message ? message.news : []));
  return { events, asked, said, session, news };
};

const disk = (free: number) => ({ total: 100, free });
/** Longer than news is gathered. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 120));

describe('a page at a door', () => {
  it('is answered by number, in whatever order the answers come', async () => {
    const slow = Promise.withResolvers<Result<unknown>>();
    const { session, said, asked } = newSession((name) => (name === 'list' ? slow.promise : Promise.resolve(ok(name))));
    expect(session.receive({ id: 1, call: 'list', args: { measure: false } })).toBe(true);
    expect(session.receive({ id: 2, call: 'doctor', args: {} })).toBe(true);
    await vi.waitFor(() => expect(said).toEqual([{ id: 2, result: ok('doctor') }]));
    slow.resolve(ok('list'));
    await vi.waitFor(() => expect(said[1]).toEqual({ id: 1, result: ok('list') }));
    expect(asked).toEqual([
      ['list', { measure: false }],
      ['doctor', {}],
    ]);
  });

  it('hears what it asked for, and nothing else', async () => {
    const { session, events, news } = newSession();
    events.emit('disk', disk(1));
    session.receive({ hear: ['disk', 'disk'] });
    events.emit('disk', disk(2));
    events.emit('notice', { level: 'info', message: 'not asked for' });
    await vi.waitFor(() => expect(news()).toEqual([['disk', disk(2)]]));
  });

  it('replaces what it wants to hear: what it named no more ends, and what waits of that is dropped', async () => {
    const { session, events, said, news } = newSession();
    session.receive({ hear: ['disk', 'notice'] });
    events.emit('disk', disk(1));
    session.receive({ hear: ['notice'] });
    expect([events.isHeard('disk'), events.isHeard('notice')]).toEqual([false, true]);
    events.emit('disk', disk(2));
    events.emit('notice', { level: 'info', message: 'n' });
    await vi.waitFor(() => expect(said).toHaveLength(1));
    expect(news()).toEqual([['notice', { level: 'info', message: 'n' }]]);
    session.receive({ hear: [] });
    expect(events.isHeard('notice')).toBe(false);
  });

  it('hears what is told while it subscribes, once', async () => {
    const { session, events, news } = newSession();
    events.greet('notice', () => [{ level: 'warning', message: 'found on opening' }]);
    session.receive({ hear: ['notice'] });
    session.receive({ hear: ['notice'] });
    await vi.waitFor(() => expect(news()).toEqual([['notice', { level: 'warning', message: 'found on opening' }]]));
  });

  it('gets the next batch when it has taken the one before', async () => {
    const { session, events, said } = newSession();
    session.receive({ hear: ['disk'] });
    events.emit('disk', disk(1));
    await vi.waitFor(() => expect(said).toHaveLength(1));
    events.emit('disk', disk(2));
    events.emit('disk', disk(3));
    await aWhile();
    expect(said).toHaveLength(1);
    session.receive({ ack: 1 });
    await vi.waitFor(() => expect(said[1]).toEqual({ batch: 2, news: [['disk', disk(3)]] }));
  });

  it('is told nothing any more once it has gone, and nothing listens for it', async () => {
    const slow = Promise.withResolvers<Result<unknown>>();
    const { session, events, said } = newSession(() => slow.promise);
    session.receive({ hear: ['disk'] });
    session.receive({ id: 1, call: 'doctor', args: {} });
    events.emit('disk', disk(1));
    session.close();
    slow.resolve(ok(1));
    expect(session.receive({ hear: ['disk'] })).toBe(false);
    expect(session.receive({ id: 2, call: 'doctor', args: {} })).toBe(false);
    events.emit('disk', disk(2));
    await aWhile();
    expect(said).toEqual([]);
    expect(events.isHeard('disk')).toBe(false);
  });

  it.each([
    undefined,
    null,
    '',
    'hear',
    7,
    [],
    {},
    { hear: 'disk' },
    { hear: ['nothing'] },
    { hear: ['__proto__'] },
    { hear: ['constructor'] },
    { hear: ['toString'] },
    { hear: Array.from({ length: 101 }, () => 'disk') },
    { hear: ['disk'], ack: 1 },
    { ack: -1 },
    { ack: 0.5 },
    { ack: '1' },
    { id: -1, call: 'list', args: {} },
    { id: 1, call: 2, args: {} },
    { id: 1, call: 'x'.repeat(101), args: {} },
    { id: 1, call: 'list', args: {}, more: 1 },
    { batch: 1, news: [] },
    JSON.parse('{"__proto__":{"hear":["disk"]}}'),
  ])('is refused when it says %j', async (message) => {
    const { session, events, asked, said } = newSession();
    expect(session.receive(message)).toBe(false);
    expect([asked, said, events.isHeard('disk')]).toEqual([[], [], false]);
  });
});
