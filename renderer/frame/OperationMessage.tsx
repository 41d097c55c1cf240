import { useEffect, useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { Operation, Progress } from '../../shared/model.ts';
import { resume, stopDelete, undo } from '../state/actions.ts';
import { useNow } from '../state/connection.ts';
import { goTo } from '../state/ui.ts';
import { Button } from '../widgets/Button.tsx';
import { useBytes } from '../widgets/values.tsx';
import { Icon } from './Icon.tsx';
import { isOpen } from './recent.ts';

const nameOf = ({ tool, unit, path }: Operation): string =>
  tool === null || tool === 'folder' || unit === null ? (path.split(/[\\/]/).at(-1) ?? path) : `${tool}/${unit}`;

/** Seconds until a moment; counts down. */
export const useSecondsUntil = (moment: string | null): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (moment === null) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === null ? 0 : Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
};

type Write = (bytes: number) => string;

const failure = ({ errors, left, leftCount }: Operation): string => {
  const [first] = left;
  const why = first ? `${first.path}: ${first.message}` : (errors[0]?.message ?? '');
  const more = leftCount > 1 ? ` And ${formatCount(leftCount - 1)} more.` : '';
  return `${why}${more}`;
};

const textOf = (operation: Operation, progress: Progress | undefined, entries: number | null, write: Write): string => {
  const name = nameOf(operation);
  const { freed } = operation.bytes;
  switch (operation.state) {
    case 'set-aside':
      return `${name} set aside.`;
    case 'deleting': {
      const of = entries === null ? '' : ` of ${formatCount(entries)}`;
      return `Deleting ${name}: ${formatCount(progress?.entries ?? 0)}${of} · ${write(progress?.bytes ?? 0)} back`;
    }
    case 'done':
      return `${name}: ${write(freed)} came back.`;
    case 'undone':
      return `${name} is back as it was.`;
    case 'nothing-to-do':
      return `${name}: there was nothing to clear.`;
    case 'partial':
      return `${name}: not all could be deleted, ${write(freed)} came back. ${failure(operation)}`;
    case 'refused':
      return `${name} was not cleared, nothing was touched. ${failure(operation)}`;
    case 'failed':
      return `${name} was not cleared. ${failure(operation)}`;
  }
};

const tones: { readonly [State in Operation['state']]: 'good' | 'bad' | 'plain' } = {
  'set-aside': 'plain',
  deleting: 'plain',
  done: 'good',
  undone: 'good',
  'nothing-to-do': 'plain',
  partial: 'bad',
  refused: 'bad',
  failed: 'bad',
};

/** How one clear goes: undo while that is possible, then how far the delete is, then what came of it. */
export const OperationMessage = ({
  operation,
  onClose,
}: {
  readonly operation: Operation;
  readonly onClose: () => void;
}) => {
  const write = useBytes();
  const progress = useNow(({ deleting }) => deleting.get(operation.id));
  const seconds = useSecondsUntil(operation.undoUntil);
  const { state } = operation;
  const share = operation.bytes.planned && progress ? progress.bytes / operation.bytes.planned : 0;
  return (
    <div
      className="message"
      data-tone={tones[state]}
      data-state={state}
      role={tones[state] === 'bad' ? 'alert' : 'group'}
      aria-label={nameOf(operation)}
    >
      <span className="message-text">{textOf(operation, progress, null, write)}</span>
      {state === 'set-aside' && (
        <Button tone="main" onClick={() => void undo(operation.id)}>
          Undo <span aria-hidden="true">({seconds})</span>
        </Button>
      )}
      {state === 'deleting' && <Button onClick={() => void stopDelete(operation.id)}>Stop</Button>}
      {state === 'partial' && <Button onClick={() => void resume(operation.id)}>Try again</Button>}
      {!isOpen(operation) && (
        <>
          <Button tone="link" onClick={() => goTo({ view: 'history' })}>
            History
          </Button>
          <button type="button" className="message-close" aria-label="Close this message" onClick={onClose}>
            <Icon name="close" />
          </button>
        </>
      )}
      {state === 'deleting' && (
        <i className="message-bar" aria-hidden="true" style={{ width: `${Math.min(1, share) * 100}%` }} />
      )}
      <Milestones operation={operation} share={share} write={write} />
    </div>
  );
};

/** For who does not see the number run: a quarter at a time, and the end. */
const Milestones = ({
  operation,
  share,
  write,
}: {
  readonly operation: Operation;
  readonly share: number;
  readonly write: Write;
}) => {
  const quarter = Math.floor(share * 4) * 25;
  const words = operation.state === 'deleting' ? `Deleting, ${quarter} %` : textOf(operation, undefined, null, write);
  return (
    <span className="hidden-words" aria-live="polite">
      {words}
    </span>
  );
};
