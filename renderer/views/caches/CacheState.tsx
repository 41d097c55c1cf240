import { useMemo } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Cache } from '../../../shared/model.ts';
import { useNow } from '../../state/connection.ts';
import { State } from '../../widgets/values.tsx';
import { type Condition, conditionOf } from './condition.ts';

type Tone = Parameters<typeof State>[0]['tone'];

const words = (condition: Condition): readonly [Tone, string] => {
  switch (condition.is) {
    case 'unusable':
      return ['caution', condition.why];
    case 'clearing':
      return [
        'busy',
        condition.share === null ? 'being cleared' : `being cleared ${Math.floor(condition.share * 100)} %`,
      ];
    case 'set-aside':
      return ['busy', 'set aside'];
    case 'in-use':
      return ['caution', condition.by === '' ? 'in use' : `in use by ${condition.by}`];
    case 'cannot-tell':
      return ['caution', 'cannot tell'];
    case 'measuring':
      return ['busy', `measuring, ${formatCount(condition.entries)} so far`];
    case 'idle':
      return ['good', 'idle'];
    case 'absent':
      return ['none', 'not there'];
    case 'unknown':
      return ['none', 'there'];
  }
};

/** What is the case with a cache, as the page knows it. */
export const useCondition = (cache: Cache): Condition => {
  const operations = useNow((now) => now.operations);
  const usage = useNow((now) => now.usage);
  const measuring = useNow((now) => now.measuring);
  const deleting = useNow((now) => now.deleting);
  return useMemo(
    () => conditionOf(cache, { operations, usage, measuring, deleting }),
    [cache, operations, usage, measuring, deleting],
  );
};

/** The same in words with a dot. */
export const CacheState = ({ cache }: { readonly cache: Cache }) => {
  const [tone, text] = words(useCondition(cache));
  return <State tone={tone}>{text}</State>;
};
