import type { EntryView } from '../../../shared/model.ts';
import { client } from '../../state/connection.ts';
import type { Names } from './entry-lines.ts';

/** So many names are asked for at once. */
const namesAtOnce = 10_000;

/** All names of a view that is grouped; null when its rows are others by now. */
export const fetchNames = async ({ view, revision }: EntryView): Promise<Names | null> => {
  const all = {
    names: [] as (string | null)[],
    entries: [] as number[],
    bytes: [] as number[],
    newest: [] as Names['newest'][number][],
  };
  for (let total = 1; all.names.length < total; ) {
    const answer = await client.call('entryGroups', { view, revision, from: all.names.length, count: namesAtOnce });
    if (!answer.ok) return null;
    total = answer.value.total;
    if (answer.value.names.length === 0) break;
    for (const name of answer.value.names) all.names.push(name);
    for (const count of answer.value.entries) all.entries.push(count);
    for (const bytes of answer.value.bytes) all.bytes.push(bytes);
    for (const ms of answer.value.newest) all.newest.push(ms);
  }
  return all;
};
