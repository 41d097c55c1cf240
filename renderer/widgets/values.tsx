import { type ByteUnits, formatAge, formatBytes, formatCount } from '../../shared/format.ts';
import type { Timestamp } from '../../shared/model.ts';
import { moment, place, unknown } from '../../shared/words.ts';
import { copy } from '../state/actions.ts';
import { useNow } from '../state/connection.ts';
import './values.css';

/** Windows counts in powers of 1024; macOS and Linux desktops in powers of 1000. */
export const useByteUnits = (): ByteUnits =>
  useNow(({ settings, platform }) =>
    settings.byteUnits === 'platform' ? (platform === 'win32' ? 'binary' : 'decimal') : settings.byteUnits,
  );

/** Writes bytes as the person wants them. */
export const useBytes = (): ((bytes: number | null | undefined) => string) => {
  const units = useByteUnits();
  return (bytes) => (bytes === null || bytes === undefined ? unknown : formatBytes(bytes, units));
};

/** A size; exact on hover. */
export const Bytes = ({ value }: { readonly value: number | null | undefined }) => {
  const write = useBytes();
  const exact = value === null || value === undefined ? 'not measured' : `${formatCount(value)} bytes`;
  return <span title={exact}>{write(value)}</span>;
};

/** A whole number. */
export const Count = ({ value }: { readonly value: number | null | undefined }) => (
  <>{value === null || value === undefined ? unknown : formatCount(value)}</>
);

/** How long ago; the moment itself on hover. */
export const Age = ({ when }: { readonly when: Timestamp | null }) =>
  when === null ? (
    <span title="not recorded">{unknown}</span>
  ) : (
    <time dateTime={when} title={moment(when)}>
      {formatAge(Date.parse(when), Date.now())}
    </time>
  );

/** Its start shrinks, its end stays: the end of a path is what tells places apart. */
export const Path = ({ path }: { readonly path: string }) => {
  const home = useNow((now) => now.home);
  const text = place(path, home);
  const cut = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
  return (
    <span className="path" title={path} dir="auto">
      <span className="path-start">{text.slice(0, Math.max(cut, 0))}</span>
      <span className="path-end">{text.slice(Math.max(cut, 0))}</span>
    </span>
  );
};

/** A path that a click copies. */
export const CopyPath = ({ path }: { readonly path: string }) => (
  <button
    type="button"
    className="copy-path"
    aria-label={`Copy the path ${path}`}
    tabIndex={-1}
    onClick={(event) => {
      event.stopPropagation();
      void copy(path, 'Path');
    }}
  >
    <Path path={path} />
  </button>
);

/** How much of `most` this is, as a bar. Decoration: the number stands beside it. */
export const Bar = ({ value, most }: { readonly value: number; readonly most: number }) => (
  <span className="bar" aria-hidden="true">
    <i style={{ width: `${most > 0 ? Math.max((value / most) * 100, value > 0 ? 1 : 0) : 0}%` }} />
  </span>
);

/** A state in words, with a dot whose colour repeats them. `why`: on hover, in place of the words themselves. */
export const State = ({
  tone,
  why,
  children,
}: {
  readonly tone: 'good' | 'busy' | 'caution' | 'bad' | 'none';
  readonly why?: string | undefined;
  readonly children: string;
}) => (
  <span className="state" data-tone={tone} title={why ?? children}>
    {children}
  </span>
);
