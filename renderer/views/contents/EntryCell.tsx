import type { Entry } from '../../../shared/model.ts';
import { counted, place, unknown } from '../../../shared/words.ts';
import { Icon } from '../../frame/Icon.tsx';
import { useNow } from '../../state/connection.ts';
import { Age, Bar, Bytes } from '../../widgets/values.tsx';
import type { Names } from './entry-lines.ts';

/** What an entry is called; one without a name by its address, or by what it is. */
export const entryTitle = ({ name, url, kind }: Pick<Entry, 'name' | 'url' | 'kind'>): string => name ?? url ?? kind;

const isPath = (user: string): boolean => /^(?:[/\\~]|[A-Za-z]:[/\\])/.test(user);

/** Who uses it, in few words: by name, or `3 projects` where they are several places. All of them on hover. */
const UsedBy = ({ users }: { readonly users: Entry['usedBy'] }) => {
  const home = useNow((now) => now.home);
  if (users === null) return <span title="not recorded">{unknown}</span>;
  const [first] = users;
  if (first === undefined) return <span className="soft">nobody</span>;
  const all = users.map((user) => place(user, home));
  return (
    <span title={all.join('\n')} dir="auto">
      {users.length > 1 && users.every(isPath) ? counted(users.length, 'project') : all.join(', ')}
    </span>
  );
};

/** A size, with how much of the largest it is as a bar; without a bar where `most` is null. */
const Size = ({ value, most }: { readonly value: number | null; readonly most: number | null }) => (
  <span className="entry-size">
    {most !== null && value !== null && <Bar value={value} most={most} />}
    <Bytes value={value} />
  </span>
);

interface Props {
  readonly entry: Entry | undefined;
  readonly column: string;
  readonly most: number | null;
  /** 0: in a list. Deeper ones belong to the name above. */
  readonly level: number;
}

/** One cell of the table of entries; a quiet one while its row is on its way. */
export const EntryCell = ({ entry, column, most, level }: Props) => {
  if (entry === undefined) return column === 'name' ? <span className="entry-coming" /> : null;
  switch (column) {
    case 'name':
      return (
        <span className="entry-name" data-level={level || undefined} title={entry.url ?? entryTitle(entry)}>
          {entry.damaged !== null && (
            <span className="entry-damaged" title={entry.damaged}>
              damaged{' '}
            </span>
          )}
          <span className={entry.name === null || level > 1 ? 'soft' : undefined} dir="auto">
            {entryTitle(entry)}
          </span>
        </span>
      );
    case 'version':
      return <>{entry.version ?? unknown}</>;
    case 'kind':
      return <span className="soft">{entry.kind}</span>;
    case 'unit':
      return <span className="soft">{entry.unit}</span>;
    case 'usedBy':
      return <UsedBy users={entry.usedBy} />;
    case 'bytes':
      return <Size value={entry.bytes} most={most} />;
    case 'created':
      return <Age when={entry.created} />;
    case 'lastUsed':
      return <Age when={entry.lastUsed} />;
    default:
      return null;
  }
};

interface NameProps {
  readonly names: Names;
  readonly name: number;
  readonly column: string;
  readonly most: number | null;
  /** The column in which it is told when any of them was used last, or made. */
  readonly dated: 'lastUsed' | 'created';
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** One cell of a line that stands for all entries of a name. */
export const NameCell = ({ names, name, column, most, dated, open, onToggle }: NameProps) => {
  const title = names.names[name] ?? 'without a name';
  const newest = names.newest[name] ?? null;
  switch (column) {
    case 'name':
      return (
        <span className="entry-name" data-level={1}>
          <button
            type="button"
            className="folder-fold"
            tabIndex={-1}
            aria-label={open ? `Fold ${title}` : `Unfold ${title}`}
            data-open={open}
            onClick={onToggle}
          >
            <Icon name="open" />
          </button>
          <span className={names.names[name] == null ? 'soft' : undefined} dir="auto" title={title}>
            {title}
          </span>
          <span className="soft entry-count">{counted(names.entries[name] ?? 0, 'entry', 'entries')}</span>
        </span>
      );
    case 'bytes':
      return <Size value={names.bytes[name] ?? 0} most={most} />;
    case dated:
      return <Age when={newest === null ? null : new Date(newest).toISOString()} />;
    default:
      return null;
  }
};

/** The line about the entry that the keyboard is at: where it came from, who uses it, and why it is damaged if it is. */
export const EntryDetail = ({ entry }: { readonly entry: Entry | undefined }) => {
  const home = useNow((now) => now.home);
  return (
    <p className="contents-detail entry-detail">
      {entry && (
        <>
          <span className="entry-detail-name">
            {entryTitle(entry)}
            {entry.version !== null && <span className="soft"> {entry.version}</span>}
          </span>
          {entry.damaged !== null && <span className="grow entry-damaged">Damaged: {entry.damaged}</span>}
          {entry.damaged === null && (
            <span className="grow soft">
              {entry.usedBy !== null && entry.usedBy.length > 0
                ? `used by ${entry.usedBy.map((user) => place(user, home)).join(', ')}`
                : entry.name !== null && entry.url}
            </span>
          )}
        </>
      )}
    </p>
  );
};
