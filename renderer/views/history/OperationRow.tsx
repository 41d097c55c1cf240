import { formatDuration } from '../../../shared/format.ts';
import type { Leftover, Operation } from '../../../shared/model.ts';
import { counted, moment } from '../../../shared/words.ts';
import { resume, stop, undo } from '../../state/actions.ts';
import { useNow } from '../../state/connection.ts';
import { leftWords, useSecondsUntil } from '../../state/useSecondsUntil.ts';
import { Button } from '../../widgets/Button.tsx';
import { Monogram } from '../../widgets/Monogram.tsx';
import { Bytes, CopyPath, State, useBytes } from '../../widgets/values.tsx';
import { Details } from './Details.tsx';
import { clock } from './days.ts';
import { canForget, canResume, canStop, canUndo, outcomeOf, workedMs } from './outcome.ts';

interface Props {
  readonly operation: Operation;
  readonly leftovers: readonly Leftover[];
  readonly isOpen: boolean;
  readonly isCurrent: boolean;
  readonly onToggle: () => void;
}

/** What it was about: a unit, single entries of one (its place stands beside), the command that ran. */
const whatOf = ({ kind, unit, parts }: Operation): string =>
  parts === null ? (unit ?? (kind === 'sweep' ? 'leftover' : '')) : counted(parts.entries, 'entry', 'entries');

const UndoButton = ({ operation, tabIndex }: { readonly operation: Operation; readonly tabIndex: number }) => {
  const seconds = useSecondsUntil(operation.undoUntil);
  return (
    <Button tabIndex={tabIndex} onClick={() => void undo(operation.id)}>
      Undo{seconds > 0 && <span aria-hidden="true"> ({leftWords(seconds)})</span>}
    </Button>
  );
};

/** One operation on a line; open, with all that is known of it below. */
export const OperationRow = ({ operation, leftovers, isOpen, isCurrent, onToggle }: Props) => {
  const bytes = useBytes();
  const progress = useNow(({ deleting }) => deleting.get(operation.id));
  const { tool, path, door, startedAt } = operation;
  const outcome = outcomeOf(operation);
  const worked = workedMs(operation);
  const tabIndex = isCurrent ? 0 : -1;
  const freed = progress ? progress.bytes : operation.bytes.freed;
  const what = whatOf(operation);
  return (
    <div
      role="row"
      className="operation"
      data-row={operation.id}
      data-open={isOpen || undefined}
      aria-level={2}
      aria-expanded={isOpen}
      aria-label={`${clock(startedAt)}, ${tool ?? path} ${what}, ${bytes(freed)} came back, ${outcome.words}`}
      tabIndex={tabIndex}
    >
      <div
        role="presentation"
        className="operation-line"
        onClick={(event) => {
          if (!(event.target as Element).closest('button, a')) onToggle();
        }}
      >
        <span role="gridcell" className="operation-time soft" title={moment(startedAt)}>
          {clock(startedAt)}
        </span>
        <span role="gridcell" className="operation-what">
          <Monogram tool={tool ?? 'folder'} />
          <b>{tool === 'folder' ? 'Folder' : (tool ?? 'Other')}</b>
          <span className="soft" title={what}>
            {operation.kind === 'command' ? <code>{what}</code> : what}
          </span>
        </span>
        <span role="gridcell" className="operation-where">
          <CopyPath path={path} />
        </span>
        <span role="gridcell" className="operation-door soft">
          {door}
        </span>
        <span role="gridcell" className="number">
          <Bytes value={freed} />
        </span>
        <span role="gridcell" className="operation-took number soft">
          {worked === null ? '' : formatDuration(worked)}
        </span>
        <span role="gridcell" className="operation-outcome">
          <State tone={outcome.tone}>{outcome.words}</State>
        </span>
        <span role="gridcell" className="operation-ways">
          {canUndo(operation) && <UndoButton operation={operation} tabIndex={tabIndex} />}
          {canStop(operation) && (
            <Button tabIndex={tabIndex} onClick={() => void stop(operation.id)}>
              Stop
            </Button>
          )}
          {canForget(operation) && (
            <Button tabIndex={tabIndex} onClick={() => void stop(operation.id)}>
              Stop waiting
            </Button>
          )}
          {canResume(operation, leftovers) && (
            <Button tabIndex={tabIndex} onClick={() => void resume(operation.id)}>
              {operation.state === 'waiting' ? 'Wait again' : 'Resume'}
            </Button>
          )}
        </span>
      </div>
      {isOpen && (
        <div role="gridcell">
          <Details operation={operation} />
        </div>
      )}
    </div>
  );
};
