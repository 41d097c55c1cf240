import { Icon } from '../../frame/Icon.tsx';
import { Age, Bar, Bytes, Count } from '../../widgets/values.tsx';
import type { NodeTree } from './tree.ts';

/** A moment that a tree holds as a number, as the rest of the page has it. */
export const momentOf = (ms: number | undefined): string | null =>
  ms === undefined || Number.isNaN(ms) ? null : new Date(ms).toISOString();

/** A share of the whole, in words: `34 %`, `0.2 %`, `less than 0.1 %`. */
export const shareOf = (part: number, whole: number): string => {
  if (whole <= 0 || part <= 0) return '0 %';
  const share = (part / whole) * 100;
  if (share < 0.1) return '<0.1 %';
  return `${share < 9.95 ? share.toFixed(1) : Math.round(share)} %`;
};

interface Props {
  readonly tree: NodeTree;
  readonly node: number;
  readonly column: string;
  readonly level: number;
  /** Undefined: nothing is in it that could be unfolded. */
  readonly open: boolean | undefined;
  /** It is what was searched for. */
  readonly match: boolean;
  readonly onToggle: () => void;
}

/** So deep that a name would have no room any more, it moves no further in. */
const deepest = 14;

const Name = ({ tree, node, level, open, match, onToggle }: Props) => {
  const kind = tree.kind(node);
  return (
    <span className="folder-name" style={{ paddingLeft: (Math.min(level, deepest) - 1) * 16 }}>
      {open === undefined ? (
        <span className="folder-fold" />
      ) : (
        <button
          type="button"
          className="folder-fold"
          tabIndex={-1}
          aria-label={open ? `Fold ${tree.name(node)}` : `Unfold ${tree.name(node)}`}
          data-open={open}
          onClick={onToggle}
        >
          <Icon name="open" />
        </button>
      )}
      <span className="folder-text" data-kind={kind} data-match={match || undefined} title={tree.name(node)} dir="auto">
        {tree.name(node)}
      </span>
      {kind === 'unreadable' && <span className="folder-unreadable">could not be read</span>}
    </span>
  );
};

/** One cell of the tree of folders. */
export const FolderCell = (props: Props) => {
  const { tree, node, column } = props;
  switch (column) {
    case 'name':
      return <Name {...props} />;
    case 'bar':
      return <Bar value={tree.size(node)} most={tree.size(0)} />;
    case 'share':
      return <span className="soft">{shareOf(tree.size(node), tree.size(0))}</span>;
    case 'size':
      return <Bytes value={tree.kind(node) === 'unreadable' ? null : tree.size(node)} />;
    case 'files':
      return tree.hasChildren(node) || tree.kind(node) === 'rest' ? <Count value={tree.files[node]} /> : null;
    case 'used':
      return <Age when={momentOf(tree.newest[node])} />;
    default:
      return null;
  }
};
