import { useEffect, useEffectEvent } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { Operation, OperationState } from '../../shared/model.ts';
import { nameOfHolder, place } from '../../shared/words.ts';
import { resume, stop, undo } from '../state/actions.ts';
import { useNow } from '../state/connection.ts';
import { goTo } from '../state/ui.ts';
import { leftWords, useSecondsUntil } from '../state/useSecondsUntil.ts';
import { Button } from '../widgets/Button.tsx';
import { useBytes } from '../widgets/values.tsx';
import { Icon } from './Icon.tsx';
import { type Group, isOpen, nameOf, wasStopped } from './recent.ts';

/** What went well needs no answer: it goes by itself after this long, in ms. What failed stays. */
const readMs = 20_000;

type Write = (bytes: number) => string;

/** How far the deletes of a group are: what is done counts in full. */
interface Far {
  readonly entries: number;
  readonly bytes: number;
  readonly planned: number;
}

/** A path with `~` for home, its middle left out where it is long: the end tells places apart. The history has it all. */
const shortPath = (path: string, home: string): string => {
  const text = place(path, home);
  const end = Math.max(40, text.length - text.lastIndexOf('/'));
  return text.length <= end + 20 ? text : `${text.slice(0, 18)}…${text.slice(-end)}`;
};

const failure = ({ errors, left, leftCount }: Operation, home: string): string => {
  const [first] = left;
  const why = first ? `${shortPath(first.path, home)}: ${first.message}` : (errors[0]?.message ?? '');
  const more = leftCount > 1 ? ` And ${formatCount(leftCount - 1)} more.` : '';
  return `${why}${more}`;
};

/** `Waiting for npm install (4242) and 2 more.` */
const used = ({ holders }: Operation, verb: string): string => {
  const [holder] = holders;
  if (holder === undefined) return '';
  const more = holders.length > 1 ? ` and ${formatCount(holders.length - 1)} more` : '';
  return `${verb} ${nameOfHolder(holder)}${more}.`;
};

const textOf = (group: Group, far: Far, write: Write, home: string): string => {
  const [first] = group.operations;
  const name = nameOf(group);
  const freed = group.operations.reduce((sum, { bytes }) => sum + bytes.freed, 0);
  switch (first.state) {
    case 'waiting':
      return first.isWaited
        ? `${name} will be cleared when idle. ${used(first, 'Waiting for')}`
        : `${name} was to be cleared when idle, but what waited for that has ended. Nothing was touched.`;
    case 'running':
      return `${name} is running…`;
    case 'set-aside': {
      const taken = group.operations.reduce((sum, { occupied }) => sum + (occupied ?? 0), 0);
      const still = taken > 0 ? ` It still takes ${write(taken)}.` : '';
      return first.holders.length > 0
        ? `${name} set aside, and kept whole. ${used(first, 'It is still open in')}${still}`
        : `${name} set aside.${still}`;
    }
    case 'deleting':
      return `Deleting ${name}: ${formatCount(far.entries)} deleted · ${write(far.bytes)}${far.planned > 0 ? ` of ${write(far.planned)}` : ''} back`;
    case 'done':
      return `${name}: ${write(freed)} came back.`;
    case 'undone':
      if (first.restoredTo !== null) {
        return `${name}: the old one stands beside the new one, at ${shortPath(first.restoredTo, home)}.`;
      }
      return group.operations.length === 1 && (first.parts?.entries ?? 1) === 1
        ? `${name} is back as it was.`
        : `${name} are back as they were.`;
    case 'nothing-to-do':
      return `${name}: there was nothing to clear.`;
    case 'partial':
      // Nothing is in the way: a person stopped it.
      if (first.leftCount === 0 && first.errors.length === 0) {
        return `${name}: stopped, ${write(freed)} came back. The rest waits among the leftovers.`;
      }
      return `${name}: not all could be deleted, ${write(freed)} came back. ${failure(first, home)}`;
    case 'refused':
      if (wasStopped(first)) return `${name} was not cleared: you stopped waiting.`;
      return `${name} was not cleared, nothing was touched. ${failure(first, home)}`;
    case 'failed':
      if (wasStopped(first)) return `${name} was stopped: ${write(freed)} came back.`;
      if (first.kind === 'command') return `${name} failed, ${write(freed)} came back. ${failure(first, home)}`;
      return `${name} was not cleared. ${failure(first, home)}`;
  }
};

const tones: { readonly [State in OperationState]: 'good' | 'bad' | 'plain' } = {
  waiting: 'plain',
  running: 'plain',
  'set-aside': 'plain',
  deleting: 'plain',
  done: 'good',
  undone: 'good',
  'nothing-to-do': 'plain',
  partial: 'bad',
  refused: 'bad',
  failed: 'bad',
};

const useFar = ({ operations }: Group): Far => {
  const deleting = useNow((now) => now.deleting);
  return operations.reduce(
    (far, { id, bytes }) => {
      const progress = deleting.get(id);
      return {
        entries: far.entries + (progress?.entries ?? 0),
        bytes: far.bytes + (progress?.bytes ?? 0),
        planned: far.planned + (bytes.planned ?? 0),
      };
    },
    { entries: 0, bytes: 0, planned: 0 },
  );
};

/** How one clear goes: undo while that is possible, then how far the delete is, then what came of it. */
export const OperationMessage = ({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) => {
  const write = useBytes();
  const home = useNow((now) => now.home);
  const [first] = group.operations;
  const { state } = first;
  const far = useFar(group);
  const seconds = useSecondsUntil(first.undoUntil);
  const share = far.planned > 0 ? Math.min(1, far.bytes / far.planned) : 0;
  const each = (act: (id: Operation['id']) => unknown): void => {
    for (const { id } of group.operations) act(id);
  };
  const text = textOf(group, far, write, home);
  const tone = wasStopped(first) ? 'plain' : tones[state];
  const isRead = !isOpen(first) && tone !== 'bad';
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (!isRead) return;
    const timer = setTimeout(close, readMs);
    return () => clearTimeout(timer);
  }, [isRead]);
  return (
    <article className="message" data-tone={tone} data-state={state} aria-label={nameOf(group)}>
      <span className="message-text">{text}</span>
      {state === 'waiting' && !first.isWaited && <Button onClick={() => each(resume)}>Wait again</Button>}
      {state === 'waiting' && (
        <Button onClick={() => each(stop)}>{first.isWaited ? 'Stop waiting' : 'Forget it'}</Button>
      )}
      {state === 'set-aside' && (
        <Button tone="main" onClick={() => each(undo)}>
          Undo{first.holders.length === 0 && <span aria-hidden="true"> ({leftWords(seconds)})</span>}
        </Button>
      )}
      {(state === 'deleting' || state === 'running') && <Button onClick={() => each(stop)}>Stop</Button>}
      {state === 'partial' && <Button onClick={() => each(resume)}>Try again</Button>}
      {!isOpen(first) && (
        <>
          <Button tone="link" onClick={() => goTo({ view: 'history' })}>
            History
          </Button>
          <button type="button" className="message-close" aria-label="Close this message" onClick={onClose}>
            <Icon name="close" />
          </button>
        </>
      )}
      {state === 'deleting' && <i className="message-bar" aria-hidden="true" style={{ width: `${share * 100}%` }} />}
      {/* For who does not see the number run: a quarter at a time, and the end. */}
      <span className="hidden-words" role={tone === 'bad' ? 'alert' : 'status'}>
        {state === 'deleting' ? `Deleting, ${Math.floor(share * 4) * 25} %` : text}
      </span>
    </article>
  );
};
