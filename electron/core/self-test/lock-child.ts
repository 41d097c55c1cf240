import { helperPort } from '../clear/helper-process.ts';
import { lockCache } from '../usage/lock.ts';

/** A helper that takes a lock and keeps it until it is killed. */
const port = helperPort();
port.onMessage(async (message) => {
  const { root, stateDir } = message as Readonly<Record<'root' | 'stateDir', string>>;
  const lock = await lockCache(root, stateDir, 0);
  port.send(lock === null ? 'taken' : 'got it');
});
