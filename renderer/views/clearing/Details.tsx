import { Collapsible } from '@base-ui/react/collapsible';
import { formatCount } from '../../../shared/format.ts';
import type { Plan } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { Path } from '../../widgets/values.tsx';

/** So many renames are shown one by one. */
const mostNamed = 200;

/** The exact renames, what stays, and how we know who uses it. */
export const Details = ({ plan }: { readonly plan: Plan }) => {
  const more = Math.max(0, plan.steps.length - mostNamed) + plan.moreSteps;
  return (
    <>
      {plan.keeps.length > 0 && (
        <section className="clear-keeps">
          <h3>Stays</h3>
          <ul>
            {plan.keeps.slice(0, 3).map(({ path, why }) => (
              <li key={path}>
                <Path path={path} /> <span className="soft">{why}</span>
              </li>
            ))}
            {plan.keeps.length > 3 && <li className="soft">and {plan.keeps.length - 3} more, see Details</li>}
          </ul>
        </section>
      )}
      <Collapsible.Root className="clear-details">
        <Collapsible.Trigger className="button" data-tone="link">
          Details
        </Collapsible.Trigger>
        <Collapsible.Panel className="clear-panel">
          <h3>
            {plan.steps.length + plan.moreSteps === 1
              ? 'The rename'
              : `The ${formatCount(plan.steps.length + plan.moreSteps)} renames`}
          </h3>
          <ol>
            {plan.steps.slice(0, mostNamed).map(({ rename }) => (
              <li key={rename.from}>
                <code>{rename.from}</code>
                <span aria-hidden="true"> → </span>
                <span className="hidden-words">to</span>
                <code>{rename.to}</code>
              </li>
            ))}
            {more > 0 && <li className="soft">and {counted(more, 'more', 'more')}</li>}
          </ol>
          {plan.keeps.length > 3 && (
            <ul>
              {plan.keeps.slice(3).map(({ path, why }) => (
                <li key={path}>
                  <Path path={path} /> <span className="soft">{why}</span>
                </li>
              ))}
            </ul>
          )}
          {plan.evidence.length > 0 && (
            <>
              <h3>How we know who uses it</h3>
              <ul>
                {plan.evidence.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </>
          )}
        </Collapsible.Panel>
      </Collapsible.Root>
    </>
  );
};
