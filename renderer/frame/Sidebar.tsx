import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { formatCount } from '../../shared/format.ts';
import { useNow } from '../state/connection.ts';
import { sizeOf } from '../state/sums.ts';
import { goTo, useUi } from '../state/ui.ts';
import { useBytes } from '../widgets/values.tsx';
import { Icon } from './Icon.tsx';
import './Sidebar.css';

type Name = 'caches' | 'leftovers' | 'history' | 'settings';

const Item = ({
  view,
  label,
  children,
  alert,
}: {
  readonly view: Name;
  readonly label: string;
  readonly children?: ReactNode;
  readonly alert?: boolean;
}) => {
  const here = useUi(({ place }) => place.view === view || (view === 'caches' && place.view === 'contents'));
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type="button"
            className="sidebar-item"
            aria-current={here ? 'page' : undefined}
            onClick={() => goTo({ view })}
          >
            <Icon name={view} />
            <span className="sidebar-label">{label}</span>
            {children !== undefined && (
              <span className="sidebar-number" data-alert={alert}>
                {children}
              </span>
            )}
          </button>
        }
      />
      <Tooltip.Portal>
        <Tooltip.Positioner side="right" sideOffset={6}>
          <Tooltip.Popup className="sidebar-tip">{label}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
};

/** The four places of the program, with what waits there. */
export const Sidebar = () => {
  const caches = useNow((now) => now.caches);
  const leftovers = useNow((now) => now.leftovers);
  const bytes = useBytes();
  const abandoned = leftovers.some(({ verdict }) => verdict === 'abandoned');
  return (
    <Tooltip.Provider delay={300}>
      <nav className="sidebar" aria-label="Views">
        <Item view="caches" label="Caches">
          {bytes(caches.reduce((sum, cache) => sum + (sizeOf(cache).allocated ?? 0), 0))}
        </Item>
        <Item view="leftovers" label="Leftovers" alert={abandoned}>
          {formatCount(leftovers.length)}
        </Item>
        <Item view="history" label="History" />
        <span className="sidebar-space" />
        <Item view="settings" label="Settings" />
      </nav>
    </Tooltip.Provider>
  );
};
