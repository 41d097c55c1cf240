import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/model.ts';
import { EventHub } from './events.ts';

const notice = (message: string): Notice => ({ level: 'info', message });

describe('work behind an event', () => {
  it('begins with the first listener and ends with the last, each time anew', () => {
    const hub = new EventHub();
    const done: string[] = [];
    hub.whileHeard('notice', () => {
      done.push('start');
      return () => done.push('stop');
    });
    const first = hub.on('notice', () => undefined);
    const second = hub.on('notice', () => undefined);
    first();
    first();
    expect(done).toEqual(['start']);
    second();
    expect(done).toEqual(['start', 'stop']);
    hub.on('notice', () => undefined);
    expect(done).toEqual(['start', 'stop', 'start']);
  });

  it('begins at once where somebody listens already, and not for other events', () => {
    const hub = new EventHub();
    const done: string[] = [];
    const start = (name: string) => () => {
      done.push(name);
      return () => undefined;
    };
    hub.on('notice', () => undefined);
    hub.whileHeard('notice', start('notice'));
    hub.whileHeard('disk', start('disk'));
    hub.overhear('disk', () => undefined);
    expect(done).toEqual(['notice']);
    expect([hub.isHeard('notice'), hub.isHeard('disk')]).toEqual([true, false]);
  });

  it('can tell the first listener while it begins', () => {
    const hub = new EventHub();
    const heard: string[] = [];
    hub.whileHeard('notice', () => {
      hub.emit('notice', notice('begun'));
      return () => undefined;
    });
    hub.on('notice', ({ message }) => heard.push(message));
    expect(heard).toEqual(['begun']);
  });

  it('ends when the hub closes, and does not begin any more', () => {
    const hub = new EventHub();
    const done: string[] = [];
    hub.whileHeard('notice', () => {
      done.push('start');
      return () => done.push('stop');
    });
    const stop = hub.on('notice', () => undefined);
    hub.close();
    stop();
    hub.on('notice', () => undefined);
    expect(done).toEqual(['start', 'stop']);
  });
});

describe('who listens', () => {
  it('is told once for each subscription, even of one function', () => {
    const hub = new EventHub();
    const heard: string[] = [];
    const listener = ({ message }: Notice) => heard.push(message);
    const stop = hub.on('notice', listener);
    hub.on('notice', listener);
    hub.emit('notice', notice('a'));
    stop();
    hub.emit('notice', notice('b'));
    expect(heard).toEqual(['a', 'a', 'b']);
  });

  it('is told first what came to be before, each newcomer alone', () => {
    const hub = new EventHub();
    hub.greet('notice', () => [notice('old')]);
    const heard: string[] = [];
    hub.on('notice', ({ message }) => heard.push(`1 ${message}`));
    hub.on('notice', ({ message }) => heard.push(`2 ${message}`));
    expect(heard).toEqual(['1 old', '2 old']);
  });
});
