import { helperPort } from '../clear/helper-process.ts';
import { fs } from '../fs/seam.ts';
import type { Pair } from './swapper.ts';

/** A helper that swaps two names by three renames, where nothing does it in one. Says how often when it is stopped. */
const port = helperPort();
let pairs: readonly Pair[] = [];
let count = 0;

const swap = ([one, two]: Pair): void => {
  const spare = `${two}.spare`;
  try {
    fs.renameSync(one, spare);
    fs.renameSync(two, one);
    fs.renameSync(spare, two);
    count += 1;
  } catch {
    // The tree is being deleted under it: that is what it is for.
  }
};

const go = (): void => {
  if (pairs.length === 0) return;
  for (const pair of pairs) swap(pair);
  setImmediate(go);
};

port.onMessage((message) => {
  if (message === 'stop') {
    pairs = [];
    port.send(count);
    return;
  }
  const wasIdle = pairs.length === 0;
  pairs = message as readonly Pair[];
  if (wasIdle) go();
});
