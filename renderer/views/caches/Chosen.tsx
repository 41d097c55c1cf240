import type { ReactNode } from 'react';
import { sizeOf } from '../../state/sums.ts';
import { Button } from '../../widgets/Button.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { begin } from '../clearing/begin.ts';
import type { Row } from './rows.ts';

const bytesOf = (rows: readonly Row[]): number => {
  const whole = new Set(rows.flatMap((row) => (row.kind === 'cache' ? [row.cache.id] : [])));
  return rows.reduce((sum, row) => {
    if (row.kind === 'cache') return sum + (sizeOf(row.cache).reclaimable ?? 0);
    return sum + (whole.has(row.cache.id) ? 0 : (row.unit.bytes?.reclaimable ?? 0));
  }, 0);
};

/** The line below the table: what is chosen and the one button for all of it. */
export const Chosen = ({
  rows,
  onNone,
  add,
  others,
}: {
  readonly rows: readonly Row[];
  readonly onNone: () => void;
  readonly add: ReactNode;
  readonly others: ReactNode;
}) => {
  const bytes = useBytes();
  if (rows.length === 0) {
    return (
      <div className="chosen">
        <span className="grow soft">Space selects, Enter opens, c clears. ? shows all keys.</span>
        {others}
        {add}
      </div>
    );
  }
  return (
    <div className="chosen">
      <span className="grow" role="status">
        {rows.length} selected · {bytes(bytesOf(rows))} would come back
      </span>
      <Button tone="plain" onClick={onNone}>
        Select none
      </Button>
      <Button tone="danger" onClick={() => void begin(rows)}>
        Clear selected…
      </Button>
    </div>
  );
};
