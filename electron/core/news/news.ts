import { LeftoverWatch } from '../leftover-watch.ts';
import type { Parts } from '../parts.ts';
import { usageOf } from '../usage/holders.ts';
import { diskNews } from './disk-news.ts';
import { operationNews } from './operation-news.ts';
import { otherDoorsNews } from './other-doors.ts';
import { usageNews } from './usage-news.ts';

/**
 * Sets up everything that core tells unasked. Each part works only while somebody listens to it; closing the hub ends
 * them all. Whoever keeps a listener on `leftovers` keeps our own ones tended: see {@link LeftoverWatch}.
 */
export const setUpNews = (parts: Parts): void => {
  const { events, notices } = parts;
  // What was found on opening: nobody could have heard it then.
  events.greet('notice', () => notices);
  events.whileHeard('leftovers', () => new LeftoverWatch(parts).start());
  diskNews(parts);
  usageNews(parts, usageOf);
  operationNews(parts);
  otherDoorsNews(parts);
};
