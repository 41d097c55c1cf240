import type { ToPage } from '../../shared/wire.ts';
import type { Transport } from './transport.ts';

/** Waiting times between attempts, in ms: a server that was started again is found at once, an absent one costs little. */
const waits = [100, 300, 1000, 2000, 5000];

/** The browser door. A lost connection is tried again for ever, and at once when the page is looked at. */
export const webSocket: Transport = (line) => {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const url = new URL('/socket', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    socket.onopen = () => {
      failures = 0;
      line.up((message) => socket.send(JSON.stringify(message)));
    };
    socket.onmessage = ({ data }) => line.message(JSON.parse(String(data)) as ToPage);
    socket.onclose = () => {
      line.down();
      const wait = waits[Math.min(failures, waits.length - 1)];
      failures += 1;
      timer = setTimeout(connect, wait);
    };
  };
  const soon = (): void => {
    if (timer !== undefined && document.visibilityState === 'visible') connect();
  };
  document.addEventListener('visibilitychange', soon);
  window.addEventListener('online', soon);
  connect();
};
