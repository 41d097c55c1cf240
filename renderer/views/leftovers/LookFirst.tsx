import { useRef } from 'react';
import type { Leftover } from '../../../shared/model.ts';
import { useNow } from '../../state/connection.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { Age, CopyPath, useBytes } from '../../widgets/values.tsx';
import { allEvidence, remedyOf, whatSentence } from './sentence.ts';

interface Props {
  readonly leftover: Leftover;
  readonly size: number | null;
  readonly onClose: () => void;
  readonly onClean: () => void;
  /** Absent where nothing can be put back. */
  readonly onPutBack?: () => void;
}

/** Asks about one of which nobody can say that it is abandoned. Cancel is what Enter does. */
export const LookFirst = ({ leftover, size, onClose, onClean, onPutBack }: Props) => {
  const cancel = useRef<HTMLButtonElement>(null);
  const bytes = useBytes();
  const home = useNow((now) => now.home);
  const remedy = remedyOf(leftover);
  return (
    <Sheet
      title="Look before you clean"
      onClose={onClose}
      focus={cancel}
      buttons={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          {onPutBack && <Button onClick={onPutBack}>Put back</Button>}
          <Button tone="danger" onClick={onClean}>
            {size === null ? 'Clean' : `Clean ${bytes(size)}`}
          </Button>
        </>
      }
    >
      <CopyPath path={leftover.path} />
      <p>{whatSentence(leftover, home)}</p>
      <p className="look-numbers soft">
        {size === null ? 'Its size is not known' : bytes(size)} · set aside <Age when={leftover.since} />
      </p>
      <ul className="look-evidence">
        {allEvidence(leftover).map((told) => (
          <li key={told}>{told}</li>
        ))}
      </ul>
      {remedy !== null && <p>What helps instead: {remedy}</p>}
      <p>What is cleaned is deleted at once: there is no undo for it.</p>
    </Sheet>
  );
};
