import { formatCount } from '../../../shared/format.ts';
import type { Leftover, Operation, Progress } from '../../../shared/model.ts';
import { reveal } from '../../state/actions.ts';
import { useNow } from '../../state/connection.ts';
import { Button } from '../../widgets/Button.tsx';
import { Age, Bytes, CopyPath, State, useBytes } from '../../widgets/values.tsx';
import {
  furtherEvidence,
  remedyOf,
  stopSentence,
  verdictSentence,
  type Way,
  waysOf,
  whatSentence,
  whyNever,
} from './sentence.ts';

const tones = {
  'in-progress': 'busy',
  abandoned: 'caution',
  undoable: 'good',
  odd: 'none',
  'cannot-tell': 'caution',
} as const;

export const wayLabels: { readonly [Name in Way]: string } = {
  clean: 'Clean',
  ask: 'Clean…',
  resume: 'Resume',
  stop: 'Stop',
  'put-back': 'Put back',
};

interface Props {
  readonly leftover: Leftover;
  readonly operation: Operation | undefined;
  readonly progress: Progress | undefined;
  readonly size: number | null;
  readonly isCurrent: boolean;
  readonly isNew: boolean;
  readonly isBusy: boolean;
  readonly onWay: (way: Way) => void;
}

/** What stands there, why we think so, and what can be done about it. */
export const Row = ({ leftover, operation, progress, size, isCurrent, isNew, isBusy, onWay }: Props) => {
  const home = useNow((now) => now.home);
  const canReveal = useNow(({ door }) => door.reveal);
  const bytes = useBytes();
  const ways = waysOf(leftover, operation, progress !== undefined);
  const verdict = verdictSentence(leftover);
  const more = [stopSentence(operation, home), furtherEvidence(leftover), whyNever(leftover)]
    .filter((part) => part)
    .join(' ');
  const remedy = remedyOf(leftover);
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div
      role="row"
      className="leftover"
      data-row={leftover.id}
      data-new={isNew || undefined}
      aria-label={`${leftover.path}. ${verdict}`}
      tabIndex={tabIndex}
    >
      <div role="gridcell" className="leftover-what">
        <CopyPath path={leftover.path} />
        <p className="leftover-evidence">{whatSentence(leftover, home)}</p>
        {progress ? (
          <State tone="busy">{`Deleting ${formatCount(progress.entries)} · ${bytes(progress.bytes)} back`}</State>
        ) : (
          <p className="leftover-verdict" data-tone={tones[leftover.verdict]}>
            {isBusy ? 'Being cleaned…' : verdict}
          </p>
        )}
        {!progress && more !== '' && <p className="leftover-evidence">{more}</p>}
        {!progress && remedy !== null && <p className="leftover-remedy">What helps: {remedy}</p>}
      </div>
      <div role="gridcell" className="leftover-size number">
        <Bytes value={size} />
      </div>
      <div role="gridcell" className="leftover-age number soft">
        <Age when={leftover.since} />
      </div>
      <div role="gridcell" className="leftover-ways">
        {ways.toReversed().map((way) => (
          <Button key={way} tabIndex={tabIndex} disabled={isBusy} onClick={() => onWay(way)}>
            {wayLabels[way]}
          </Button>
        ))}
        {canReveal && (
          <Button tone="plain" tabIndex={tabIndex} onClick={() => void reveal({ leftover: leftover.id })}>
            Reveal
          </Button>
        )}
      </div>
    </div>
  );
};
