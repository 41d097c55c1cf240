import { useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../../shared/errors.ts';
import { formatDuration } from '../../../shared/format.ts';
import type { Plan } from '../../../shared/model.ts';
import { client, useNow } from '../../state/connection.ts';
import { type Asking, ask, say } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { Details } from './Details.tsx';
import { InUse } from './InUse.tsx';
import { Refusals } from './Refusals.tsx';
import './ClearSheet.css';

type Looked =
  | { readonly is: 'looking' }
  | { readonly is: 'plan'; readonly plan: Plan }
  | { readonly is: 'error'; readonly error: ApiError };

/** While it is in use it is looked at again so often, in ms. */
const againMs = 2000;
/** How long a clear that waits for a cache to be idle waits, in ms. */
const waitMs = 3_600_000;

/** Long enough for a refusal to come, short enough not to be waited for: null after 400 ms. */
const soon = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), 400));

/** Codes that say that somebody uses it: a person may go on in spite of them. */
const usageCodes: ReadonlySet<string> = new Set(['in-use', 'cannot-tell']);

const isUsed = ({ usage, refusals }: Plan): boolean =>
  usage !== 'idle' || refusals.some(({ code }) => usageCodes.has(code));

/** Looks what a clear would do; again and again while somebody uses it, and once more after `still` is over. */
const usePlan = ({ targets }: Asking, still: boolean): Looked => {
  const [looked, setLooked] = useState<Looked>({ is: 'looking' });
  useEffect(() => {
    if (still) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const result = await client.call('plan', { targets: [...targets], measure: false });
      if (over) return;
      setLooked(result.ok ? { is: 'plan', plan: result.value } : { is: 'error', error: result.error });
      if (result.ok && isUsed(result.value)) timer = setTimeout(() => void look(), againMs);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [targets, still]);
  return looked;
};

/** What will happen, before it does: the very plan that is carried out. Cancel is what Enter does. */
export const ClearSheet = ({ asking }: { readonly asking: Asking }) => {
  const bytes = useBytes();
  const windowMs = useNow(({ settings }) => settings.undoWindowMs);
  const caches = useNow((now) => now.caches);
  const [anyway, setAnyway] = useState(false);
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const looked = usePlan(asking, working);
  const cancel = useRef<HTMLButtonElement>(null);
  const close = (): void => ask(null);

  const plan = looked.is === 'plan' ? looked.plan : null;
  const refusals = plan?.refusals.filter(({ code }) => !usageCodes.has(code)) ?? [];
  const used = plan !== null && isUsed(plan);
  const nothing = plan !== null && plan.steps.length === 0 && refusals.length === 0;
  const ready = plan !== null && plan.steps.length > 0 && refusals.length === 0 && (!used || anyway);

  const clear = async (when: 'now' | 'idle'): Promise<void> => {
    if (plan === null) return;
    setWorking(true);
    setFailed(null);
    const begun = client.call('clear', {
      plan: plan.id,
      evenIfInUse: when === 'now' && anyway,
      ...(when === 'idle' && { waitMs }),
    });
    // Without a window the answer comes when all is deleted: the message at the bottom tells how far it is.
    const result = windowMs > 0 ? await begun : await Promise.race([begun, soon()]);
    if (result === null) {
      void begun.then((late) => !late.ok && say({ key: 'clear', tone: 'bad', text: late.error.message }));
      return close();
    }
    if (result.ok && result.value.operations.every(({ state }) => state !== 'refused')) return close();
    setWorking(false);
    if (result.ok) {
      setFailed(result.value.operations.flatMap(({ errors }) => errors.map(({ message }) => message)).join(' '));
    } else if (result.error.code !== 'cancelled') {
      setFailed(result.error.message);
    }
  };

  const tools = new Set(
    plan?.steps.map(({ unit }) => caches.find(({ units }) => units.some(({ id }) => id === unit))?.name),
  );
  const [tool] = tools;
  const who = tools.size === 1 && tool !== undefined && tool !== 'Folder' ? tool : 'Whoever uses it';
  const costs = [
    ...new Set(plan?.steps.map(({ unit }) => caches.find(({ units }) => units.some(({ id }) => id === unit))?.cost)),
  ].filter((cost) => cost !== undefined);

  // What is not measured yet counts for nothing in the plan: it is said as soon as it is known.
  const unmeasured = caches.some(({ units }) =>
    units.some(({ id, bytes }) => bytes === null && plan?.steps.some(({ unit }) => unit === id)),
  );
  const back = caches
    .flatMap(({ units }) => units)
    .filter(({ id }) => plan?.steps.some(({ unit }) => unit === id))
    .reduce((sum, unit) => sum + (unit.bytes?.reclaimable ?? 0), 0);

  return (
    <Sheet
      title={`Clear ${asking.title}?`}
      onClose={close}
      focus={cancel}
      buttons={
        <>
          <Button ref={cancel} onClick={close}>
            {nothing || refusals.length > 0 || looked.is === 'error' ? 'Close' : 'Cancel'}
          </Button>
          {!nothing && refusals.length === 0 && looked.is !== 'error' && (
            <Button tone="danger" disabled={!ready || working} onClick={() => void clear('now')}>
              {plan && !unmeasured ? `Clear ${bytes(back)}` : 'Clear'}
            </Button>
          )}
        </>
      }
    >
      {looked.is === 'looking' && <p className="soft">Looking who uses it…</p>}
      {looked.is === 'error' && <p role="alert">{looked.error.message}</p>}
      {nothing && <p>There is nothing in it: nothing would be cleared.</p>}
      {plan && plan.steps.length > 0 && refusals.length === 0 && (
        <>
          <p className="clear-back">
            {unmeasured ? 'How much comes back is still being measured.' : `${bytes(back)} comes back.`}
          </p>
          <ul className="clear-steps">
            <li>Set aside now in one step: {who} sees an empty cache at once.</li>
            {windowMs > 0 && (
              <li>Kept whole for {formatDuration(windowMs).replace('.0 s', ' s')}: Undo puts everything back.</li>
            )}
            {windowMs === 0 && <li>Deleted at once: you have set no time for Undo.</li>}
            {costs.map((cost) => (
              <li key={cost}>{windowMs > 0 ? `Then deleted. ${cost}` : cost}</li>
            ))}
          </ul>
        </>
      )}
      {plan && used && refusals.length === 0 && (
        <InUse plan={plan} working={working} onWait={() => void clear('idle')} anyway={anyway} onAnyway={setAnyway} />
      )}
      {plan && refusals.length > 0 && <Refusals refusals={refusals} />}
      {failed && !(looked.is === 'error' && looked.error.message === failed) && (
        <p className="clear-failed" role="alert">
          {failed}
        </p>
      )}
      {plan && plan.steps.length > 0 && <Details plan={plan} />}
    </Sheet>
  );
};
