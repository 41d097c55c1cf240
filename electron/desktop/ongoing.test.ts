import { describe, expect, it } from 'vitest';
import type { Client, EventName, Events } from '../../shared/api.ts';
import type { Operation } from '../../shared/model.ts';
import { Ongoing } from './ongoing.ts';

const begin = () => {
  const heard = new Map<EventName, (news: never) => void>();
  const client = {
    call: () => Promise.reject(new Error('not asked')),
    on: (event: EventName, listener: (news: never) => void) => {
      heard.set(event, listener);
      return () => undefined;
    },
  } as unknown as Client;
  const ongoing = new Ongoing(client, 'desktop');
  const tell = <Name extends EventName>(event: Name, news: Events[Name]): void => heard.get(event)?.(news as never);
  const is = (id: string, state: Operation['state'], door = 'desktop'): void =>
    tell('operation', { id, state, door } as Operation);
  return { ongoing, tell, is };
};

describe('what is going on', () => {
  it('knows what can be undone and what is being deleted, of this door', () => {
    const { ongoing, is } = begin();
    is('o_1', 'set-aside');
    is('o_2', 'deleting');
    is('o_3', 'deleting', 'terminal');
    expect([[...ongoing.undoable.keys()], [...ongoing.deletes.keys()]]).toEqual([['o_1'], ['o_2']]);
    is('o_1', 'undone');
    expect(ongoing.undoable.size).toBe(0);
  });

  it('tells how far deletes are, and once when each has ended', () => {
    const { ongoing, is, tell } = begin();
    const ended: string[] = [];
    let changes = 0;
    ongoing.onEnd(({ id, state }) => ended.push(`${id} ${state}`));
    ongoing.onChange(() => {
      changes += 1;
    });
    is('o_1', 'set-aside');
    is('o_1', 'deleting');
    tell('deleting', { operation: 'o_1', progress: { entries: 1, bytes: 2 } } as Events['deleting']);
    expect(ongoing.deletes.values().next().value?.progress).toEqual({ entries: 1, bytes: 2 });
    is('o_1', 'deleting');
    expect(ongoing.deletes.values().next().value?.progress).toEqual({ entries: 1, bytes: 2 });
    is('o_1', 'partial');
    is('o_1', 'partial');
    expect(ended).toEqual(['o_1 partial']);
    expect(changes).toBe(6);
    tell('deleting', { operation: 'o_9', progress: { entries: 1, bytes: 2 } } as Events['deleting']);
    expect(changes).toBe(6);
  });
});
