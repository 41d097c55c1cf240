import type { ReactNode } from 'react';
import type { Cache } from '../../../shared/model.ts';
import { Icon } from '../../frame/Icon.tsx';
import { sizeOf } from '../../state/sums.ts';
import { goTo } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Monogram } from '../../widgets/Monogram.tsx';
import { Bytes, CopyPath, Count } from '../../widgets/values.tsx';
import { CacheState } from '../caches/CacheState.tsx';
import { titleOf } from '../caches/rows.ts';
import { begin, beginOwn } from '../clearing/begin.ts';
import type { EntrySession } from './entry-session.ts';
import { useEntryCount } from './useContents.ts';

const Figure = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="contents-number">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** Which cache this is, how large, whether it is in use, and the one thing to do about it. */
export const Head = ({ cache, session }: { readonly cache: Cache; readonly session: EntrySession }) => {
  const { allocated, reclaimable } = sizeOf(cache);
  const entries = useEntryCount(session);
  const title = titleOf(cache);
  return (
    <div className="view-head contents-head">
      <Button
        tone="plain"
        className="button contents-back"
        aria-label="Back to all caches"
        onClick={() => goTo({ view: 'caches' })}
      >
        <Icon name="back" />
      </Button>
      <Monogram tool={cache.tool} />
      <div className="grow">
        <div className="contents-title">
          <h1>{title}</h1>
          <CacheState cache={cache} />
        </div>
        <CopyPath path={cache.root} />
      </div>
      <dl className="contents-numbers">
        <Figure label="Size">
          <Bytes value={allocated} />
        </Figure>
        <Figure label="Comes back">
          <Bytes value={reclaimable} />
        </Figure>
        <Figure label="Entries">
          <Count value={entries} />
        </Figure>
      </dl>
      {cache.own?.better != null && cache.problem === null && cache.present && (
        <Button
          tone="main"
          className="button contents-own"
          title={cache.own.better}
          onClick={() => void beginOwn(cache.id)}
        >
          Run {cache.own.line}…
        </Button>
      )}
      <Button
        tone={cache.own?.better != null ? 'normal' : 'main'}
        aria-label={`Clear ${title}…`}
        disabled={cache.problem !== null || !cache.present}
        onClick={() => void begin([{ kind: 'cache', cache }])}
      >
        Clear…
      </Button>
    </div>
  );
};
