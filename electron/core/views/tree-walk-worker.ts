import { serveWalks } from '../fs/pool-worker.ts';
import type { Rules } from '../scan/rules.ts';
import type { Found } from './found.ts';
import { TreeWalker } from './tree-walker.ts';

serveWalks<Rules, readonly Found[]>((rules, walk) => {
  const walker = new TreeWalker(rules, walk);
  return (task) => {
    walker.begin(task);
    walker.step(Number.POSITIVE_INFINITY);
  };
});
