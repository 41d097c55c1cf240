import { useState } from 'react';
import { useNow } from '../../state/connection.ts';
import { openDialog } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { CopyPath } from '../../widgets/values.tsx';
import { useCall } from './useCall.ts';

interface Line {
  readonly key: string;
  readonly path: string;
  readonly words: string | null;
}

const List = ({
  lines,
  verb,
  failed,
  onTake,
}: {
  readonly lines: readonly Line[];
  readonly verb: string;
  /** The line that could not be taken off, and why. */
  readonly failed: { readonly key: string; readonly message: string } | null;
  readonly onTake: (key: string) => void;
}) => (
  <ul className="folders">
    {lines.map(({ key, path, words }) => (
      <li key={key}>
        <div className="folders-line">
          <span className="grow">
            <CopyPath path={path} />
            {words !== null && <span className="folders-words soft">{words}</span>}
          </span>
          <Button aria-label={`${verb} ${path}`} onClick={() => onTake(key)}>
            {verb}
          </Button>
        </div>
        {failed?.key === key && (
          <p className="setting-error" role="alert">
            {failed.message}
          </p>
        )}
      </li>
    ))}
  </ul>
);

/** Folders that a person added to the list, and those in which nothing may be cleared. */
export const Folders = () => {
  const caches = useNow((now) => now.caches);
  const { protectedFolders } = useNow((now) => now.settings);
  const forget = useCall('forget');
  const unprotect = useCall('unprotect');
  const [tried, setTried] = useState('');
  const added = caches.filter(({ added }) => added);
  const failedWith = (error: typeof forget.error) => (error === null ? null : { key: tried, message: error.message });
  return (
    <>
      <section aria-labelledby="settings-added">
        <h2 id="settings-added">Added folders</h2>
        <p className="settings-note">
          Caches that no tool names by itself. Forgetting one takes it off the list: nothing in it is touched.
        </p>
        <List
          lines={added.map(({ id, root, because }) => ({ key: id, path: root, words: because }))}
          verb="Forget"
          failed={failedWith(forget.error)}
          onTake={(key) => {
            const cache = added.find(({ id }) => id === key);
            setTried(key);
            if (cache) void forget.run({ cache: cache.id });
          }}
        />
        <Button onClick={() => openDialog('add-folder')}>Add a folder…</Button>
      </section>
      <section aria-labelledby="settings-protected">
        <h2 id="settings-protected">Protected folders</h2>
        <p className="settings-note">
          Nothing in these can be cleared, by any window or terminal. Your home, the system's folders and those of
          version control are protected in any case.
        </p>
        <List
          lines={protectedFolders.map((path) => ({ key: path, path, words: null }))}
          verb="Remove"
          failed={failedWith(unprotect.error)}
          onTake={(key) => {
            setTried(key);
            void unprotect.run({ path: key });
          }}
        />
        <Button onClick={() => openDialog('protect-folder')}>Protect a folder…</Button>
      </section>
    </>
  );
};
