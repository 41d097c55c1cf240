import { useMemo } from 'react';
import type { ErrorCode } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Cache } from '../../../shared/model.ts';
import { useNow } from '../../state/connection.ts';
import { State } from '../../widgets/values.tsx';
import { type Condition, conditionOf } from './condition.ts';

type Tone = Parameters<typeof State>[0]['tone'];

/** Why nothing of a cache may be cleared, in a word or two; its sentence is on hover and in *About*. */
const problems: { readonly [Code in ErrorCode]?: string } = {
  'protected-place': 'protected',
  'symbolic-link': 'is a link',
  'not-a-directory': 'is no folder',
  'foreign-owner': 'another user’s',
  'no-evidence': 'may be no cache',
  'version-controlled': 'under version control',
  'unusable-path': 'unusable place',
  'read-only': 'read-only',
};

const words = (condition: Condition): readonly [Tone, string] => {
  switch (condition.is) {
    case 'unusable':
      return ['caution', problems[condition.code] ?? 'not to be cleared'];
    case 'project':
      return ['none', 'leftovers only'];
    case 'clearing':
      return [
        'busy',
        condition.share === null ? 'being cleared' : `being cleared ${Math.floor(condition.share * 100)} %`,
      ];
    case 'set-aside':
      return ['busy', 'set aside'];
    case 'waiting':
      return ['busy', 'cleared when idle'];
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
  const condition = useCondition(cache);
  const [tone, text] = words(condition);
  return (
    <State tone={tone} why={'why' in condition ? condition.why : undefined}>
      {text}
    </State>
  );
};
