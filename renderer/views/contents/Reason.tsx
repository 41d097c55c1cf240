import type { EntrySummary } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { search } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { shareOf } from './FolderCell.tsx';
import { ageWords, lengthWords } from './filter-words.ts';

/** Below this share of all nothing stands out. */
const standsOut = 0.05;

const nameOf = ({ name, entries, versions }: NonNullable<EntrySummary['largest']>): string => {
  if (entries === 1) return name;
  return versions === entries ? `${versions} versions of ${name}` : `${entries} entries of ${name}`;
};

interface Props {
  readonly summary: EntrySummary;
  /** Bytes that all of it takes on the disk; null: not measured. Entries that share files say more together. */
  readonly onDisk: number | null;
  /** The tool records when things were used, or when they were made; null: neither. */
  readonly dated: 'used' | 'made' | null;
  readonly onOld: (olderThanMs: number) => void;
}

/** Why a cache is as large as it is, in one sentence. Its parts show what they are about. */
export const Reason = ({ summary: { entries, bytes, largest, old }, onDisk, dated, onOld }: Props) => {
  const write = useBytes();
  if (entries === 0 || bytes === 0) return <p className="entries-reason" />;
  const isMuch = largest !== null && largest.bytes / bytes >= standsOut;
  return (
    <p className="entries-reason">
      <b>{write(bytes)}</b> in {counted(entries, 'entry', 'entries')}
      {onDisk !== null && onDisk < bytes && ` that share files (${write(onDisk)} on the disk)`}
      {largest !== null && entries > 1 && (
        <>
          {isMuch ? `: ${shareOf(largest.bytes, bytes)} is ` : ': nothing stands out, the most is '}
          <Button tone="link" onClick={() => search(largest.name)}>
            {nameOf(largest)}
          </Button>
          {!isMuch && ` with ${shareOf(largest.bytes, bytes)}`}
        </>
      )}
      {dated !== null && old.entries > 0 && (
        <>
          ;{' '}
          <Button tone="link" onClick={() => onOld(old.olderThanMs)}>
            {old.bytes === bytes ? 'all of it' : write(old.bytes)}{' '}
            {ageWords(old.olderThanMs, { used: dated === 'used' })}
          </Button>
        </>
      )}
      {dated !== null && old.entries === 0 && `; all of it ${dated} in the last ${lengthWords(old.olderThanMs)}`}.
    </p>
  );
};
