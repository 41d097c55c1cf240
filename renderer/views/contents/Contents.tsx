import { Tabs } from '@base-ui/react/tabs';
import { useState } from 'react';
import type { CacheId } from '../../../shared/ids.ts';
import type { Cache } from '../../../shared/model.ts';
import { copy, measure, reveal } from '../../state/actions.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { goTo, type Tab, tabs, useUi } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { begin } from '../clearing/begin.ts';
import { About } from './About.tsx';
import { Entries, type Looking } from './Entries.tsx';
import { Folders } from './Folders.tsx';
import { Head } from './Head.tsx';
import { type Grouping, MapTab } from './MapTab.tsx';
import { contentsKey, useEntrySession, useSettled } from './useContents.ts';
import { useTree } from './useTree.ts';
import './Contents.css';

const labels: Readonly<Record<Tab, string>> = { entries: 'Entries', folders: 'Folders', map: 'Map', about: 'About' };
const isTab = (value: unknown): value is Tab => tabs.some((tab) => tab === value);

/** While somebody types so fast (ms between letters), nothing is looked for yet. */
const typingMs = 60;

/** What one cache holds: as entries, as folders, as a map; and what is known about it. */
export const Contents = ({ cache: id, tab }: { readonly cache: CacheId; readonly tab: Tab }) => {
  const cache = useNow(({ caches }) => caches.find((it) => it.id === id));
  if (cache) return <OfCache cache={cache} tab={tab} />;
  return (
    <Empty action={<Button onClick={() => goTo({ view: 'caches' })}>All caches</Button>}>
      This cache is not in the list any more.
    </Empty>
  );
};

const OfCache = ({ cache, tab }: { readonly cache: Cache; readonly tab: Tab }) => {
  const canReveal = useNow(({ door }) => door.reveal);
  const [turn, setTurn] = useState(0);
  const [grouping, setGrouping] = useState<Grouping>('entry');
  const [looking, setLooking] = useState<Looking>({ where: {}, grouped: false });
  // A tab that was looked at once stays as it is: nobody loses their place by looking elsewhere.
  const [seen, setSeen] = useState<ReadonlySet<Tab>>(new Set([tab]));
  if (!seen.has(tab)) setSeen(new Set([...seen, tab]));
  const words = useSettled(
    useUi(({ search }) => search.trim()),
    typingMs,
  );
  const key = useNow(({ operations }) => `${turn} ${contentsKey(cache, operations)}`);
  const session = useEntrySession(cache, key);
  const mapped = seen.has('map');
  const folders = useTree(cache.id, 'folder', seen.has('folders') || (mapped && grouping === 'folder'), key);
  const entries = useTree(cache.id, 'entry', mapped, key);

  const show = (to: Tab): void => goTo({ view: 'contents', cache: cache.id, tab: to });
  const step = (by: number): void => {
    const to = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    if (to) show(to);
  };
  useCommand('previous-tab', () => step(-1));
  useCommand('next-tab', () => step(1));
  useCommand('clear', () => void begin([{ kind: 'cache', cache }]), cache.problem === null && cache.present);
  useCommand('measure', () => {
    void measure([cache.id]);
    setTurn(turn + 1);
  });
  // In the folders these are about the folder that the keyboard is at.
  useCommand('copy-path', () => void copy(cache.root, 'Path'), tab !== 'folders');
  useCommand('reveal', () => void reveal({ cache: cache.id }), canReveal && tab !== 'folders');

  return (
    <Tabs.Root className="contents" value={tab} onValueChange={(value) => isTab(value) && show(value)}>
      <Head cache={cache} session={session} />
      <Tabs.List className="contents-tabs" aria-label="Ways to look at it">
        {tabs.map((it) => (
          <Tabs.Tab key={it} value={it} className="contents-tab">
            {labels[it]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((it) => (
        <Tabs.Panel key={it} value={it} className="contents-panel" keepMounted tabIndex={-1}>
          {seen.has(it) && it === 'entries' && (
            <Entries
              cache={cache}
              session={session}
              words={words}
              looking={looking}
              onLooking={setLooking}
              shown={tab === it}
            />
          )}
          {seen.has(it) && it === 'folders' && (
            <Folders cache={cache} state={folders} words={words} shown={tab === it} />
          )}
          {seen.has(it) && it === 'map' && (
            <MapTab
              cache={cache}
              state={grouping === 'entry' ? entries : folders}
              grouping={grouping}
              onGrouping={setGrouping}
              words={words}
            />
          )}
          {seen.has(it) && it === 'about' && <About cache={cache} />}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
};
