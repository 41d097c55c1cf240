import { useRef, useState } from 'react';
import type { CacheId } from '../../../shared/ids.ts';
import { client, useNow } from '../../state/connection.ts';
import { askToRun } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { HolderLine } from './HolderLine.tsx';
import './ClearSheet.css';

/** Asks before the tool's own command is run, and says what that does. Cancel is what Enter does. */
export const RunSheet = ({ cache: id }: { readonly cache: CacheId }) => {
  const cache = useNow(({ caches }) => caches.find((it) => it.id === id));
  const usage = useNow((now) => now.usage.get(id));
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const close = (): void => askToRun(null);
  const own = cache?.own;
  if (!cache || !own) return null;
  const run = async (): Promise<void> => {
    setWorking(true);
    setFailed(null);
    const result = await client.call('runOwn', { cache: id });
    if (result.ok) return close();
    setWorking(false);
    if (result.error.code !== 'cancelled') setFailed(result.error.message);
  };
  return (
    <Sheet
      title={`Run ${own.line}?`}
      onClose={close}
      focus={cancel}
      buttons={
        <>
          <Button ref={cancel} onClick={close}>
            Cancel
          </Button>
          <Button tone="main" disabled={working} onClick={() => void run()}>
            Run it
          </Button>
        </>
      }
    >
      <p className="run-does">{own.does}</p>
      <ul className="clear-steps">
        <li>{own.better ?? cache.cost}</li>
        <li>What it deletes is gone at once: Undo is only for what is cleared here.</li>
        <li>It runs as you, and can be stopped. What it writes is kept in the history.</li>
      </ul>
      {usage && usage.holders.length > 0 && (
        <section className="clear-used">
          <h3>In use now</h3>
          <ul>
            {usage.holders.map((holder) => (
              <li key={holder.pid}>
                <HolderLine holder={holder} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {failed !== null && (
        <p className="clear-failed" role="alert">
          {failed}
        </p>
      )}
    </Sheet>
  );
};
