import { useState } from 'react';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import type { Operation, OperationParts } from '../../../shared/model.ts';
import { counted, moment } from '../../../shared/words.ts';
import { useNow } from '../../state/connection.ts';
import { Button } from '../../widgets/Button.tsx';
import { Bytes, CopyPath } from '../../widgets/values.tsx';
import { HolderLine } from '../clearing/HolderLine.tsx';
import { exactClock } from './days.ts';
import { numbered, numberedError, otherErrors, outputOf, stepText, workedMs } from './outcome.ts';

/** How many of those left are named at first. */
const namedAtFirst = 20;

const Left = ({ left, leftCount }: Pick<Operation, 'left' | 'leftCount'>) => {
  const [all, setAll] = useState(false);
  const shown = all ? left : left.slice(0, namedAtFirst);
  const unnamed = Math.max(leftCount, left.length) - left.length;
  return (
    <section>
      <h3>{counted(Math.max(leftCount, left.length), 'item')} left</h3>
      <ul>
        {shown.map(({ path, errno, message }) => (
          <li key={path}>
            <CopyPath path={path} />
            <span>{numbered(message, errno)}</span>
          </li>
        ))}
      </ul>
      {shown.length < left.length && (
        <Button tone="link" onClick={() => setAll(true)}>
          Show all {formatCount(left.length)}
        </Button>
      )}
      {all && unnamed > 0 && <p className="soft">and {counted(unnamed, 'more', 'more')}, not named</p>}
    </section>
  );
};

const wordsOf = ({ kind, parts }: Operation, step: string): string => {
  if (kind === 'command' && step === 'done') return 'It ended well';
  if (parts !== null && step === 'set-aside') return 'Set aside, each by its own rename';
  return stepText(step);
};

const Parts = ({ parts: { entries, moves, rows, names } }: { readonly parts: OperationParts }) => (
  <section>
    <h3>{counted(entries, 'entry', 'entries')}</h3>
    <ul className="operation-names">
      {names.map((name) => (
        <li key={name} dir="auto">
          {name}
        </li>
      ))}
      {entries > names.length && <li className="soft">and {counted(entries - names.length, 'smaller one')}</li>}
    </ul>
    <p className="soft">
      {counted(moves, 'file or folder was', 'files and folders were')} renamed for it
      {rows > 0 && `, and ${counted(rows, 'row', 'rows')} taken out of the tool’s own book`}.
    </p>
  </section>
);

/** An operation opened: its steps with times, what went wrong with the system's numbers, and what is left. */
export const Details = ({ operation }: { readonly operation: Operation }) => {
  const home = useNow((now) => now.home);
  const { kind, parts, steps, bytes, asidePath, occupied, restoredTo, holders, entriesDeleted, path, door, id } =
    operation;
  const worked = workedMs(operation);
  const errors = otherErrors(operation);
  const output = outputOf(operation);
  return (
    <div className="operation-details">
      <section>
        <h3>Steps</h3>
        <ol>
          {steps.map(({ step, at, note }) => (
            <li key={`${step} ${at}`}>
              <time dateTime={at} title={moment(at)}>
                {exactClock(at)}
              </time>
              <span>
                {wordsOf(operation, step)}
                {note !== null && kind !== 'command' && <span className="soft"> · {note}</span>}
              </span>
            </li>
          ))}
        </ol>
      </section>
      {kind === 'command' && (
        <section>
          <h3>What was run</h3>
          <code className="operation-command">{operation.unit}</code>
          {output !== null && (
            <>
              <h3>What it wrote</h3>
              {output === '' ? (
                <p className="soft">Nothing.</p>
              ) : (
                // It scrolls, so the keyboard has to reach it.
                <pre className="operation-output" tabIndex={0}>
                  {output}
                </pre>
              )}
            </>
          )}
        </section>
      )}
      {parts !== null && <Parts parts={parts} />}
      {errors.length > 0 && (
        <section>
          <h3>{counted(errors.length, 'error')}</h3>
          <ul>
            {errors.map((error) => (
              <li key={`${error.step} ${error.path} ${error.message}`}>{numberedError(error, home)}</li>
            ))}
          </ul>
        </section>
      )}
      {(operation.leftCount > 0 || operation.left.length > 0) && <Left {...operation} />}
      <dl>
        <dt>Place</dt>
        <dd>
          <CopyPath path={path} />
        </dd>
        {asidePath !== null && (
          <>
            <dt>The copy stands at</dt>
            <dd>
              <CopyPath path={asidePath} />
              {occupied !== null && (
                <span className="soft">
                  {' '}
                  · still takes <Bytes value={occupied} />
                </span>
              )}
            </dd>
          </>
        )}
        {restoredTo !== null && (
          <>
            <dt>It was put beside, at</dt>
            <dd>
              <CopyPath path={restoredTo} />
            </dd>
          </>
        )}
        {holders.length > 0 && (
          <>
            <dt>{operation.state === 'waiting' ? 'Waits for' : 'Still open in'}</dt>
            <dd>
              {holders.map((holder) => (
                <div key={holder.pid}>
                  <HolderLine holder={holder} />
                </div>
              ))}
            </dd>
          </>
        )}
        <dt>Came back</dt>
        <dd>
          <Bytes value={bytes.freed} />
          {bytes.planned !== null && (
            <span className="soft">
              {' '}
              of <Bytes value={bytes.planned} /> expected
            </span>
          )}
          {kind !== 'command' && (
            <span className="soft"> · {counted(entriesDeleted, 'file or folder', 'files and folders')} deleted</span>
          )}
        </dd>
        {worked !== null && (
          <>
            <dt>Took</dt>
            <dd>
              {formatDuration(worked)}
              {kind !== 'command' && <span className="soft"> without the time in which it could be undone</span>}
            </dd>
          </>
        )}
        <dt>Through</dt>
        <dd>
          {door} <span className="soft">· {id}</span>
        </dd>
      </dl>
    </div>
  );
};
