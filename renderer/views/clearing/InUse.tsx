import type { Plan } from '../../../shared/model.ts';
import { Button } from '../../widgets/Button.tsx';
import { Age } from '../../widgets/values.tsx';

interface Props {
  readonly plan: Plan;
  readonly waiting: boolean;
  readonly onWait: (waiting: boolean) => void;
  readonly anyway: boolean;
  readonly onAnyway: (anyway: boolean) => void;
}

/** Who is using it, and the two ways on: to wait, or to say explicitly that it shall be cleared all the same. */
export const InUse = ({ plan, waiting, onWait, anyway, onAnyway }: Props) => (
  <section className="clear-used" aria-live="polite">
    <h3>{plan.usage === 'cannot-tell' ? 'Cannot tell whether it is in use' : 'In use now'}</h3>
    <ul>
      {plan.holders.map(({ pid, command, since, evidence }) => (
        <li key={pid}>
          <strong>{command}</strong> ({pid})
          {since !== null && (
            <>
              , began <Age when={since} />
            </>
          )}
          : {evidence}
        </li>
      ))}
      {plan.holders.length === 0 && plan.evidence.map((line) => <li key={line}>{line}</li>)}
    </ul>
    <div className="clear-ways">
      <Button aria-pressed={waiting} onClick={() => onWait(!waiting)}>
        {waiting ? 'Stop waiting' : 'Wait until idle'}
      </Button>
      {waiting && <span className="soft">Looking every 2 seconds…</span>}
      <label className="clear-anyway">
        <input type="checkbox" checked={anyway} onChange={({ target }) => onAnyway(target.checked)} />
        Clear anyway: what uses it may fail
      </label>
    </div>
  </section>
);
