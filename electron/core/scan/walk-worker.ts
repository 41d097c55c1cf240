import { serveWalks } from '../fs/pool-worker.ts';
import type { Batch } from './batch.ts';
import type { Rules } from './rules.ts';
import { Walker } from './walk.ts';

serveWalks<Rules, Batch>((rules, walk) => {
  const walker = new Walker(rules, walk);
  return (task) => {
    walker.begin(task);
    walker.step(Number.POSITIVE_INFINITY);
  };
});
