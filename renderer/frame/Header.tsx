import { useRef } from 'react';
import { useCommand } from '../state/commands.ts';
import { useNow } from '../state/connection.ts';
import { sizeOf } from '../state/sums.ts';
import { search, useUi } from '../state/ui.ts';
import { useBytes } from '../widgets/values.tsx';
import { Icon } from './Icon.tsx';
import './Header.css';

const asked = {
  caches: 'Search caches',
  contents: 'Search in this cache',
  leftovers: 'Search leftovers',
  history: 'Search the history',
  settings: 'Search caches',
} as const;

/** What the keyboard goes to from the field: the list or map of the tab that is shown. */
const listShown = '.frame-view :is([role="grid"], [role="treegrid"], [role="application"]):not([hidden] *)';

const Meter = () => {
  const disk = useNow((now) => now.disk);
  const caches = useNow((now) => now.caches);
  const bytes = useBytes();
  const sums = caches.map(sizeOf);
  const held = sums.reduce((sum, { allocated }) => sum + (allocated ?? 0), 0);
  const back = sums.reduce((sum, { reclaimable }) => sum + (reclaimable ?? 0), 0);
  const share = (part: number): string => `${disk && disk.total > 0 ? Math.min(100, (part / disk.total) * 100) : 0}%`;
  const words = [
    disk ? `${bytes(disk.free)} free of ${bytes(disk.total)}` : null,
    `caches hold ${bytes(held)}`,
    `${bytes(back)} would come back`,
  ].filter((part) => part !== null);
  return (
    <div className="meter" title={words.join(' · ')}>
      {disk && (
        <span className="meter-bar" aria-hidden="true">
          <i className="meter-used" style={{ width: share(disk.total - disk.free - held) }} />
          <i className="meter-caches" style={{ width: share(held) }} />
        </span>
      )}
      <span className="meter-words">
        {disk && (
          <span>
            {bytes(disk.free)} free<span className="meter-more"> of {bytes(disk.total)}</span>
          </span>
        )}
        <span className="meter-more">caches hold {bytes(held)}</span>
        <span>{bytes(back)} would come back</span>
      </span>
    </div>
  );
};

/** One line above the view: search, and how full the disk is. */
export const Header = () => {
  const field = useRef<HTMLInputElement>(null);
  const text = useUi((ui) => ui.search);
  const view = useUi((ui) => ui.place.view);
  useCommand('search', () => field.current?.select());
  return (
    <header className="header">
      <label className="header-search">
        <Icon name="search" />
        <span className="hidden-words">{asked[view]}</span>
        <input
          ref={field}
          className="field"
          type="search"
          placeholder={asked[view]}
          value={text}
          disabled={view === 'settings'}
          spellCheck={false}
          onChange={({ target }) => search(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') search('');
            if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault();
              document.querySelector<HTMLElement>(listShown)?.focus();
            }
          }}
        />
      </label>
      <Meter />
    </header>
  );
};
