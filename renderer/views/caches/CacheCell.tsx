import type { Unit } from '../../../shared/model.ts';
import { Icon } from '../../frame/Icon.tsx';
import { sizeOf } from '../../state/sums.ts';
import { Button } from '../../widgets/Button.tsx';
import { Monogram } from '../../widgets/Monogram.tsx';
import { Age, Bar, Bytes, CopyPath, Count } from '../../widgets/values.tsx';
import { begin } from '../clearing/begin.ts';
import { CacheState } from './CacheState.tsx';
import { isThere, type Row, titleOf } from './rows.ts';
import './Caches.css';

interface Props {
  readonly row: Row;
  readonly column: string;
  readonly most: number;
  readonly open: boolean;
  readonly onExpand: (open: boolean) => void;
  readonly onOpen: () => void;
}

const sumOf = (row: Row) => (row.kind === 'cache' ? sizeOf(row.cache) : unitSum(row.unit));
const unitSum = ({ bytes, files, lastUsed, unreadable }: Unit) => ({
  allocated: bytes?.allocated ?? null,
  reclaimable: bytes?.reclaimable ?? null,
  files,
  lastUsed,
  unreadable: unreadable.length,
});

const Name = ({ row, open, onExpand, onOpen }: Props) => {
  if (row.kind === 'unit') return <span className="cache-unit">{row.unit.name}</span>;
  const { cache } = row;
  const title = titleOf(cache);
  return (
    <span className="cache-name">
      <button
        type="button"
        className="cache-fold"
        tabIndex={-1}
        aria-label={open ? `Fold ${title}` : `Unfold ${title}`}
        data-open={open}
        onClick={() => onExpand(!open)}
      >
        <Icon name="open" />
      </button>
      <Monogram tool={cache.tool} />
      <button type="button" className="cache-link" tabIndex={-1} onClick={onOpen}>
        {title}
      </button>
    </span>
  );
};

/** One cell of the table of caches. */
export const CacheCell = (props: Props) => {
  const { row, column, most } = props;
  const sum = sumOf(row);
  switch (column) {
    case 'name':
      return <Name {...props} />;
    case 'place':
      return <CopyPath path={row.kind === 'cache' ? row.cache.root : row.unit.path} />;
    case 'bar':
      return <Bar value={sum.allocated ?? 0} most={most} />;
    case 'size':
      return <Bytes value={sum.allocated} />;
    case 'back':
      return <Back allocated={sum.allocated} reclaimable={sum.reclaimable} />;
    case 'entries':
      return <Count value={sum.files} />;
    case 'used':
      return <Age when={sum.lastUsed} />;
    case 'state':
      return row.kind === 'cache' ? <CacheState cache={row.cache} /> : <Unread count={sum.unreadable} />;
    case 'clear':
      return <Clear row={row} />;
    default:
      return null;
  }
};

/** Said only where it is another number than the size. */
const Back = ({
  allocated,
  reclaimable,
}: {
  readonly allocated: number | null;
  readonly reclaimable: number | null;
}) =>
  reclaimable === null || reclaimable === allocated ? null : (
    <span title="The rest is shared with projects through hard links, and stays.">
      <Bytes value={reclaimable} />
    </span>
  );

const Unread = ({ count }: { readonly count: number }) =>
  count === 0 ? null : (
    <span className="cache-unread">{count === 1 ? '1 part' : `${count} parts`} could not be read</span>
  );

const Clear = ({ row }: { readonly row: Row }) => {
  if (!isThere(row) || row.cache.problem !== null) return null;
  const what = row.kind === 'unit' ? `${titleOf(row.cache)} ${row.unit.name}` : titleOf(row.cache);
  return (
    <Button aria-label={`Clear ${what}…`} tabIndex={-1} onClick={() => void begin([row])}>
      Clear…
    </Button>
  );
};
