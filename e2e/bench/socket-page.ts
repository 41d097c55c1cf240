import { WebSocket } from 'ws';
import { type Answer, type Args, type CallName, type EventName, type Events, newsKey } from '../../shared/api.ts';
import type { Result } from '../../shared/errors.ts';
import type { FromPage, ToPage } from '../../shared/wire.ts';

/** A page without a browser: it enters, hears all and acknowledges as the real one does, and makes the same calls. */
export interface SocketPage {
  call<Name extends CallName>(name: Name, args: Args<Name>): Promise<Answer<Name>>;
  /** Resolves with the next news of that event that fits. */
  news<Name extends EventName>(name: Name, fits: (news: Events[Name]) => boolean): Promise<Events[Name]>;
  close(): void;
}

export const visit = async (url: URL): Promise<SocketPage> => {
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${url.origin.replace('http', 'ws')}/socket`, {
    origin: url.origin,
    headers: { cookie },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = (message: FromPage): void => socket.send(JSON.stringify(message));
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const hearing = new Set<(name: EventName, news: unknown) => void>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ToPage;
    if ('id' in message) {
      waiting.get(message.id)?.(message.result);
      waiting.delete(message.id);
      return;
    }
    send({ ack: message.batch });
    for (const [name, news] of message.news) for (const hear of [...hearing]) hear(name, news);
  });
  send({ hear: Object.keys(newsKey) as EventName[] });
  let last = 0;
  return {
    call: async <Name extends CallName>(name: Name, args: Args<Name>) => {
      last += 1;
      const id = last;
      const answered = new Promise<Result<unknown>>((resolve) => waiting.set(id, resolve));
      send({ id, call: name, args });
      const result = await answered;
      if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
      return result.value as Answer<Name>;
    },
    news: (name, fits) =>
      new Promise((resolve) => {
        const hear = (heard: EventName, news: unknown): void => {
          if (heard !== name || !fits(news as never)) return;
          hearing.delete(hear);
          resolve(news as never);
        };
        hearing.add(hear);
      }),
    close: () => socket.close(),
  };
};
