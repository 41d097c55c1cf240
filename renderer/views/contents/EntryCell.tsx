import type { Entry } from '../../../shared/model.ts';
import { unknown } from '../../../shared/words.ts';
import { Age, Bytes } from '../../widgets/values.tsx';

/** What an entry is called; one without a name by its address, or by what it is. */
export const entryTitle = ({ name, url, kind }: Entry): string => name ?? url ?? kind;

/** One cell of the table of entries; a quiet one while its row is on its way. */
export const EntryCell = ({ entry, column }: { readonly entry: Entry | undefined; readonly column: string }) => {
  if (entry === undefined) return column === 'name' ? <span className="entry-coming" /> : null;
  switch (column) {
    case 'name':
      return (
        <span title={entry.url ?? entryTitle(entry)}>
          {entry.damaged !== null && (
            <span className="entry-damaged" title={entry.damaged}>
              damaged{' '}
            </span>
          )}
          <span className={entry.name === null ? 'soft' : undefined} dir="auto">
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
    case 'bytes':
      return <Bytes value={entry.bytes} />;
    case 'created':
      return <Age when={entry.created} />;
    case 'lastUsed':
      return <Age when={entry.lastUsed} />;
    default:
      return null;
  }
};

/** The line about the entry that the keyboard is at: where it came from, and why it is damaged if it is. */
export const EntryDetail = ({ entry }: { readonly entry: Entry | undefined }) => (
  <p className="contents-detail entry-detail">
    {entry && (
      <>
        <span className="entry-detail-name">
          {entryTitle(entry)}
          {entry.version !== null && <span className="soft"> {entry.version}</span>}
        </span>
        {entry.damaged === null ? (
          entry.url !== null && entry.name !== null && <span className="grow soft">{entry.url}</span>
        ) : (
          <span className="grow entry-damaged">Damaged: {entry.damaged}</span>
        )}
      </>
    )}
  </p>
);
