import { useRef, useState } from 'react';
import type { UndoChoice } from '../../../shared/model.ts';
import { undo } from '../../state/actions.ts';
import { useNow } from '../../state/connection.ts';
import { type Restoring, restored } from '../../state/ui.ts';
import { useSecondsUntil } from '../../state/useSecondsUntil.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { CopyPath } from '../../widgets/values.tsx';

const ways: readonly { readonly id: UndoChoice; readonly label: string; readonly what: string }[] = [
  {
    id: 'refuse',
    label: 'Keep the new one',
    what: 'It stays where it is. The old one goes when its time for Undo is over.',
  },
  { id: 'beside', label: 'Put the old one beside it', what: 'Both stay whole. The old one gets a name of its own.' },
  {
    id: 'swap',
    label: 'Swap them',
    what: 'In one step: the old one is back at its place, and the new one is set aside, with its own time for Undo.',
  },
];

/** Asks what is to become of two: the copy that was to be put back, and what the tool has made in its place. */
export const RestoreSheet = ({ restoring: { operation, message } }: { readonly restoring: Restoring }) => {
  const found = useNow(({ operations }) => operations.find(({ id }) => id === operation) ?? null);
  const seconds = useSecondsUntil(found?.undoUntil ?? null);
  const isOver = found !== null && found.state !== 'set-aside';
  const close = (): void => restored(operation);
  const [way, setWay] = useState<UndoChoice>('refuse');
  const [working, setWorking] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  const act = async (): Promise<void> => {
    if (way === 'refuse') return close();
    setWorking(true);
    await undo(operation, way);
    close();
  };
  return (
    <Sheet
      title="Something new stands at its place"
      onClose={close}
      focus={cancel}
      buttons={
        <>
          <Button ref={cancel} onClick={close}>
            {isOver ? 'Close' : 'Cancel'}
          </Button>
          <Button tone="main" disabled={working || isOver} onClick={() => void act()}>
            {ways.find(({ id }) => id === way)?.label}
          </Button>
        </>
      }
    >
      {found === null ? <p>{message}</p> : <CopyPath path={found.path} />}
      <p role="status">
        {isOver
          ? 'The time for Undo is over: the old one is not there any more.'
          : 'It has been made anew since, and is not empty. Nothing has been changed yet.'}
        {!isOver && seconds > 0 && <span className="soft"> The old one is kept for {seconds} s more.</span>}
      </p>
      <fieldset className="restore-ways">
        <legend className="hidden-words">What is to become of the two</legend>
        {ways.map(({ id, label, what }) => (
          <label key={id}>
            <input type="radio" name="way" checked={way === id} onChange={() => setWay(id)} />
            <span>
              {label}
              <span className="soft">{what}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Sheet>
  );
};
