import { useCallback, useId, useMemo, useState } from 'react';
import { formatAge } from '../../../shared/format.ts';
import type { Cache, groupings } from '../../../shared/model.ts';
import { Empty } from '../../widgets/Empty.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { titleOf } from '../caches/rows.ts';
import { ages } from './age.ts';
import { shareOf } from './FolderCell.tsx';
import { TreeComing } from './Folders.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { inWords, type Said, saidOf } from './map-words.ts';
import type { NodeTree } from './tree.ts';
import { type TreeState, useMarks } from './useTree.ts';
import './MapTab.css';

export type Grouping = (typeof groupings)[number];

interface Props {
  readonly cache: Cache;
  readonly state: TreeState;
  readonly grouping: Grouping;
  readonly onGrouping: (grouping: Grouping) => void;
  readonly words: string;
}

const Choice = ({ grouping, onGrouping }: Pick<Props, 'grouping' | 'onGrouping'>) => (
  <fieldset className="map-choice">
    <legend className="hidden-words">Grouped by</legend>
    {(['entry', 'folder'] as const).map((by) => (
      <button key={by} type="button" aria-pressed={grouping === by} onClick={() => onGrouping(by)}>
        {by === 'entry' ? 'Entries' : 'Folders'}
      </button>
    ))}
  </fieldset>
);

const Legend = () => (
  <ul className="map-legend" aria-label="What the colours say">
    <li>Last used</li>
    {ages.map(({ words }, at) => (
      <li key={words}>
        <i data-age={at} />
        {words}
      </li>
    ))}
  </ul>
);

const Way = ({
  tree,
  focus,
  title,
  onFocus,
}: {
  readonly tree: NodeTree;
  readonly focus: number;
  readonly title: string;
  readonly onFocus: (node: number) => void;
}) => {
  const way = tree.lineage(focus);
  return (
    <nav className="map-way" aria-label="Where in the map">
      {way.map((node, at) => (
        <span key={node}>
          {at === way.length - 1 ? (
            <b aria-current="location">{node === 0 ? title : tree.name(node)}</b>
          ) : (
            <button type="button" onClick={() => onFocus(node)}>
              {node === 0 ? title : tree.name(node)}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
};

/** A cache as a map: how large each thing in it is, and how long ago it was used. */
export const MapTab = (props: Props) => {
  const { cache, state, grouping, onGrouping } = props;
  if (state.loaded !== null && state.loaded.tree.size(0) > 0) {
    return <Loaded key={grouping} {...props} tree={state.loaded.tree} />;
  }
  return (
    <div className="map">
      <div className="map-head">
        <nav className="map-way">
          <b>{titleOf(cache)}</b>
        </nav>
        <Choice grouping={grouping} onGrouping={onGrouping} />
      </div>
      {state.loaded === null ? (
        <TreeComing state={state} what={grouping === 'entry' ? 'Read' : 'Walked'} />
      ) : (
        <Empty>There is nothing in it that has a size.</Empty>
      )}
    </div>
  );
};

const Loaded = ({ cache, grouping, onGrouping, words, tree }: Props & { readonly tree: NodeTree }) => {
  const id = useId();
  const bytes = useBytes();
  const exact = bytes(1e12);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it writes otherwise only when bytes are counted otherwise.
  const sizeText = useMemo(() => bytes, [exact]);
  const marks = useMarks(tree, words);
  // A tree that was walked anew has other numbers: the map begins at its top.
  const [at, setAt] = useState({ tree, node: 0 });
  const focus = at.tree === tree ? at.node : 0;
  const [pointed, setPointed] = useState<Said | null>(null);
  const [current, setCurrent] = useState<Said | null>(null);
  const goInto = useCallback((node: number) => setAt({ tree, node }), [tree]);
  const title = titleOf(cache);

  const told = useCallback(
    (tell: (said: Said | null) => void): Parameters<typeof MapCanvas>[0]['onPoint'] =>
      (tile, outer, tiles) =>
        tell(tile && outer ? saidOf(tree, focus, tile, outer, tiles) : null),
    [tree, focus],
  );
  const onPoint = useCallback<Parameters<typeof MapCanvas>[0]['onPoint']>((...it) => told(setPointed)(...it), [told]);
  const onCurrent = useCallback<Parameters<typeof MapCanvas>[0]['onPoint']>((...it) => told(setCurrent)(...it), [told]);

  const facts = ({ bytes: size, newest, canEnter }: Said, keys: boolean): string =>
    [
      bytes(size),
      `${shareOf(size, tree.size(0))} of ${title}`,
      newest === null ? '' : Number.isNaN(newest) ? 'last use not recorded' : `used ${formatAge(newest, Date.now())}`,
      canEnter && keys ? 'Enter goes in' : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  const shown = pointed ?? current;
  return (
    <div className="map">
      <div className="map-head">
        <Way tree={tree} focus={focus} title={title} onFocus={goInto} />
        <Choice grouping={grouping} onGrouping={onGrouping} />
      </div>
      <MapCanvas
        tree={tree}
        focus={focus}
        onFocus={goInto}
        marks={marks}
        label={`Map of ${title} by ${grouping === 'entry' ? 'entries' : 'folders'}`}
        describedBy={`${id}-words`}
        sizeText={sizeText}
        onPoint={onPoint}
        onCurrent={onCurrent}
      />
      <div className="contents-foot map-foot">
        <span className="grow map-said" aria-hidden="true">
          {shown && (
            <>
              <b title={shown.name}>{shown.name}</b>
              <span>{facts(shown, false)}</span>
            </>
          )}
        </span>
        <Legend />
      </div>
      <p className="hidden-words" role="status">
        {current && `${current.name} · ${facts(current, true)}`}
      </p>
      <p className="hidden-words" id={`${id}-words`}>
        {inWords(tree, focus, bytes)} Arrows move, Enter goes in, Backspace comes out.
      </p>
    </div>
  );
};
