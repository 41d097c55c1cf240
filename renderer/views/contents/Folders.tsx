import { type MouseEvent, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Cache } from '../../../shared/model.ts';
import { copy, reveal } from '../../state/actions.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { search } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { type Column, Grid } from '../../widgets/Grid.tsx';
import { useWidth } from '../../widgets/useWidth.ts';
import { Path } from '../../widgets/values.tsx';
import { CommandMenu, type MenuPlace, nativeMenu } from './CommandMenu.tsx';
import { FolderCell } from './FolderCell.tsx';
import { isOpen, matchesBelow, rowsOf } from './tree-rows.ts';
import { type LoadedTree, type TreeState, useMarks } from './useTree.ts';
import './Folders.css';

const columns: readonly Column[] = [
  { id: 'name', label: 'Name', width: 'minmax(180px, 3fr)' },
  { id: 'bar', label: 'Share', width: 'minmax(50px, 120px)', optional: true },
  { id: 'share', label: '%', width: '60px', align: 'end' },
  { id: 'size', label: 'Size', width: '80px', align: 'end' },
  { id: 'files', label: 'Files', width: '80px', align: 'end' },
  { id: 'used', label: 'Last used', width: '104px' },
];

const menuIds = ['reveal', 'copy-path'] as const;

interface Props {
  readonly cache: Cache;
  readonly state: TreeState;
  readonly words: string;
  /** This tab is the one that is looked at. */
  readonly shown: boolean;
}

/** What stands where a tree is still to come, or cannot. */
export const TreeComing = ({ state, what }: { readonly state: TreeState; readonly what: string }) => (
  <Empty>
    {state.error?.message ??
      (state.progress ? `${what} ${formatCount(state.progress.entries)} so far…` : 'Looking what is in it…')}
  </Empty>
);

/** A cache's folders as a file manager shows them, with what each of them holds. */
export const Folders = (props: Props) =>
  props.state.loaded === null ? (
    <TreeComing state={props.state} what="Walked" />
  ) : (
    <Tree {...props} loaded={props.state.loaded} />
  );

const Tree = ({ cache, words, shown, loaded }: Props & { readonly loaded: LoadedTree }) => {
  const { tree, view } = loaded;
  const { ref, width } = useWidth<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const canReveal = useNow(({ door }) => door.reveal);
  const separator = useNow(({ platform }) => (platform === 'win32' ? '\\' : '/'));
  const marks = useMarks(tree, words);
  // What was folded in one search means nothing in the next.
  const [folds, setFolds] = useState<{ readonly of: unknown; readonly toggled: ReadonlySet<number> }>({
    of: null,
    toggled: new Set(),
  });
  const foldsOf = marks ?? tree;
  const [usual, setUsual] = useState<{ readonly of: unknown; readonly toggled: ReadonlySet<number> }>(folds);
  const kept = marks === null ? usual : folds;
  const toggled = useMemo(() => (kept.of === foldsOf ? kept.toggled : new Set<number>()), [kept, foldsOf]);
  const rows = useMemo(() => rowsOf(tree, marks, toggled), [tree, marks, toggled]);
  const [node, setNode] = useState(0);
  const [menu, setMenu] = useState<MenuPlace>(null);
  const pointer = useRef<MenuPlace>(null);
  const current = Math.max(0, rows.nodes.indexOf(node));
  const at = rows.nodes[current] ?? 0;
  const place = tree.place(at, cache.root, separator);

  const copyPath = (): void => void copy(place.path, place.exact ? 'Path' : 'The name is no text. Path of its folder');
  useCommand('copy-path', copyPath, shown);
  useCommand('reveal', () => void reveal({ view, node: at }), shown && canReveal);

  const nodeAt = (index: number): number => rows.nodes[index] ?? 0;
  const canOpen = (it: number): boolean => tree.hasChildren(it);
  const expand = (index: number, open: boolean): void => {
    const it = nodeAt(index);
    if (!canOpen(it) || isOpen(it, marks, toggled) === open) return;
    const next = { of: foldsOf, toggled: new Set(toggled).symmetricDifference(new Set([it])) };
    if (marks === null) setUsual(next);
    else setFolds(next);
  };
  const openMenu = (index: number): void => {
    if (nativeMenu(menuIds)) return;
    const row = box.current?.querySelector(`[aria-rowindex="${index + 2}"]`)?.getBoundingClientRect();
    setMenu(pointer.current ?? { x: (row?.left ?? 0) + 40, y: row?.bottom ?? 0 });
    pointer.current = null;
  };
  if (rows.nodes.length === 0) {
    return (
      <Empty action={<Button onClick={() => search('')}>Show all folders</Button>}>
        No file or folder in it has “{words}” in its name.
      </Empty>
    );
  }
  return (
    <div
      className="folder-tree"
      ref={(element) => {
        box.current = element;
        return ref(element);
      }}
      onContextMenuCapture={({ clientX, clientY }: MouseEvent) => {
        pointer.current = { x: clientX, y: clientY };
      }}
    >
      <Grid
        label="Folders"
        columns={columns.filter(({ optional }) => !optional || width > 760)}
        count={rows.nodes.length}
        current={current}
        onCurrent={(index) => setNode(nodeAt(index))}
        rowHeight={28}
        rowKey={(index) => String(nodeAt(index))}
        level={(index) => rows.levels[index] ?? 1}
        expanded={(index) => (canOpen(nodeAt(index)) ? isOpen(nodeAt(index), marks, toggled) : undefined)}
        onExpand={expand}
        onOpen={(index) => expand(index, !isOpen(nodeAt(index), marks, toggled))}
        onContextMenu={openMenu}
        cell={(index, column) => (
          <FolderCell
            tree={tree}
            node={nodeAt(index)}
            column={column}
            level={rows.levels[index] ?? 1}
            open={canOpen(nodeAt(index)) ? isOpen(nodeAt(index), marks, toggled) : undefined}
            match={marks !== null && ((marks[nodeAt(index)] ?? 0) & ~matchesBelow) !== 0}
            onToggle={() => expand(index, !isOpen(nodeAt(index), marks, toggled))}
          />
        )}
      />
      <div className="contents-foot">
        <span className="grow">
          <Path path={place.path} />
        </span>
        {canReveal && <Button onClick={() => void reveal({ view, node: at })}>Reveal</Button>}
        <Button onClick={copyPath}>Copy path</Button>
      </div>
      <CommandMenu
        ids={menuIds}
        place={menu}
        onClose={() => setMenu(null)}
        focus={() => box.current?.querySelector<HTMLElement>('.grid') ?? null}
      />
    </div>
  );
};
