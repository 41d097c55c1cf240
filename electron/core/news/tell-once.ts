import type { EventHub } from '../events.ts';

/** Tells what went wrong as a notice, once as long as it stays the same: what is tried every second fails every second. */
export const tellOnce = (events: EventHub, what: string): ((thrown: unknown) => void) => {
  let told = '';
  return (thrown) => {
    if (events.closed) return;
    const message = `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    if (message === told) return;
    told = message;
    events.emit('notice', { level: 'warning', message });
  };
};
