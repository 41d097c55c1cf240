import type { Plan } from '../../../shared/model.ts';
import { Button } from '../../widgets/Button.tsx';
import { HolderLine } from './HolderLine.tsx';

interface Props {
  readonly plan: Plan;
  readonly working: boolean;
  readonly onWait: () => void;
  readonly anyway: boolean;
  readonly onAnyway: (anyway: boolean) => void;
}

/** Who is using it, and the two ways on: to clear it when it is idle, or to say explicitly that it shall be cleared now. */
export const InUse = ({ plan, working, onWait, anyway, onAnyway }: Props) => (
  <section className="clear-used" aria-live="polite">
    <h3>{plan.usage === 'cannot-tell' ? 'Cannot tell whether it is in use' : 'In use now'}</h3>
    <ul>
      {plan.holders.map((holder) => (
        <li key={holder.pid}>
          <HolderLine holder={holder} />
        </li>
      ))}
      {plan.holders.length === 0 && plan.evidence.map((line) => <li key={line}>{line}</li>)}
    </ul>
    <div className="clear-ways">
      <Button disabled={working || anyway} onClick={onWait}>
        Clear when idle
      </Button>
      <span className="soft">Waits for up to an hour. You can stop that at any time.</span>
      <label className="clear-anyway">
        <input type="checkbox" checked={anyway} onChange={({ target }) => onAnyway(target.checked)} />
        Clear anyway: what uses it may fail
      </label>
    </div>
  </section>
);
