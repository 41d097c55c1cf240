import { useMemo, useRef, useState } from 'react';
import type { Target } from '../../../shared/api.ts';
import { formatDuration } from '../../../shared/format.ts';
import type { EntryId } from '../../../shared/ids.ts';
import type { Cache, Entry } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { client, useNow } from '../../state/connection.ts';
import { type Asking, ask, say } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { AlsoAndStays, ChosenList } from './ChosenList.tsx';
import { Details } from './Details.tsx';
import { InUse } from './InUse.tsx';
import { OwnWay } from './OwnWay.tsx';
import { Refusals } from './Refusals.tsx';
import { isUsed, refusalsOf, usePlan } from './usePlan.ts';
import './ClearSheet.css';

/** How long a clear that waits for a cache to be idle waits, in ms. */
const waitMs = 3_600_000;

/** Long enough for a refusal to come, short enough not to be waited for: null after 400 ms. */
const soon = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), 400));

/** The targets, less those entries that were taken out again. */
const targetsWithout = (targets: readonly Target[], without: ReadonlySet<EntryId>): readonly Target[] =>
  without.size === 0
    ? targets
    : targets.map((target) =>
        'entriesOf' in target || 'view' in target ? { ...target, without: [...without] } : target,
      );

/** The only cache that is asked about; undefined where they are several, or where it is about single entries. */
const onlyCache = (targets: readonly Target[], caches: readonly Cache[]): Cache | undefined => {
  const found = targets.map((target) =>
    caches.find(({ id, units }) =>
      'cache' in target ? id === target.cache : 'unit' in target && units.some((unit) => unit.id === target.unit),
    ),
  );
  return new Set(found).size === 1 ? found[0] : undefined;
};

/** What will happen, before it does: the very plan that is carried out. Cancel is what Enter does. */
export const ClearSheet = ({ asking }: { readonly asking: Asking }) => {
  const bytes = useBytes();
  const windowMs = useNow(({ settings }) => settings.undoWindowMs);
  const caches = useNow((now) => now.caches);
  const [anyway, setAnyway] = useState(false);
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const [without, setWithout] = useState<ReadonlySet<EntryId>>(new Set());
  const targets = useMemo(() => targetsWithout(asking.targets, without), [asking.targets, without]);
  const { plan, error, fresh } = usePlan(targets, working);
  // Those that were taken out stay to be seen, and can be put in again.
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  // Only single entries can be taken out again; a unit that takes others along says so.
  const along = plan?.chosen ?? null;
  const chosen = asking.of === undefined ? null : along;
  if (entries === null && chosen !== null) setEntries(chosen.entries);
  const cancel = useRef<HTMLButtonElement>(null);
  const close = (): void => ask(null);

  const refusals = refusalsOf(plan);
  const noneTicked = chosen?.count === 0 && without.size > 0;
  const used = plan !== null && isUsed(plan);
  const nothing = plan !== null && plan.steps.length === 0 && refusals.length === 0 && !noneTicked;
  const ready = fresh && plan !== null && plan.steps.length > 0 && refusals.length === 0 && (!used || anyway);

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
  const ofUnits = caches
    .flatMap(({ units }) => units)
    .filter(({ id }) => plan?.steps.some(({ unit }) => unit === id))
    .reduce((sum, unit) => sum + (unit.bytes?.reclaimable ?? 0), 0);

  // Entries may share files: so much comes back at most, and never more than all of it.
  const most = chosen && (unmeasured ? chosen.bytes : Math.min(chosen.bytes, ofUnits));
  const back = most ?? (along === null ? ofUnits : (plan?.bytes.reclaimable ?? 0));
  const isKnown = along !== null || !unmeasured;
  const only = onlyCache(asking.targets, caches);

  return (
    <Sheet
      title={`Clear ${asking.of !== undefined && chosen ? `${counted(chosen.count, 'entry', 'entries')} of ${asking.of}` : asking.title}?`}
      wide={entries !== null}
      onClose={close}
      focus={cancel}
      buttons={
        <>
          <Button ref={cancel} onClick={close}>
            {nothing || refusals.length > 0 || error !== null ? 'Close' : 'Cancel'}
          </Button>
          {!nothing && refusals.length === 0 && error === null && (
            <Button tone="danger" disabled={!ready || working} onClick={() => void clear('now')}>
              {chosen && `Clear ${counted(chosen.count, 'entry', 'entries')}`}
              {!chosen && (plan && isKnown ? `Clear ${bytes(back)}` : 'Clear')}
            </Button>
          )}
        </>
      }
    >
      {plan === null && error === null && (
        <p className="soft">Looking {asking.of === undefined ? '' : 'what goes with them, and '}who uses it…</p>
      )}
      {error !== null && <p role="alert">{error.message}</p>}
      {noneTicked && <p role="status">Nothing is ticked: nothing would be cleared.</p>}
      {only && plan && refusals.length === 0 && <OwnWay cache={only} />}
      {nothing && <p>There is nothing in it: nothing would be cleared.</p>}
      {plan && plan.steps.length > 0 && refusals.length === 0 && (
        <>
          <p className="clear-back">
            {isKnown
              ? `${chosen ? 'Up to ' : ''}${bytes(back)} comes back.`
              : 'How much comes back is still being measured.'}
          </p>
          <ul className="clear-steps">
            {chosen ? (
              <li>Set aside now: {who} finds the rest as it was, and makes these anew when it needs them.</li>
            ) : (
              <li>Set aside now in one step: {who} sees an empty cache at once.</li>
            )}
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
      {entries !== null && refusals.length === 0 && (
        <ChosenList entries={entries} chosen={chosen} looking={!fresh} without={without} onWithout={setWithout} />
      )}
      {along && refusals.length === 0 && <AlsoAndStays chosen={along} />}
      {plan && used && refusals.length === 0 && (
        <InUse plan={plan} working={working} onWait={() => void clear('idle')} anyway={anyway} onAnyway={setAnyway} />
      )}
      {plan && refusals.length > 0 && <Refusals refusals={refusals} />}
      {failed && error?.message !== failed && (
        <p className="clear-failed" role="alert">
          {failed}
        </p>
      )}
      {plan && plan.steps.length > 0 && <Details plan={plan} />}
    </Sheet>
  );
};
