import { useEffect, useRef, useState } from 'react';
import { place } from '../../../shared/words.ts';
import { measure } from '../../state/actions.ts';
import { useNow } from '../../state/connection.ts';
import { goTo, openDialog, say, useUi } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Sheet } from '../../widgets/Sheet.tsx';
import { absolutePath } from './paths.ts';
import { useCall } from './useCall.ts';
import './AddFolder.css';

const words = {
  add: {
    title: 'Add a folder',
    what: 'A cache that is not in the list: one of a tool at an unusual place, or any folder whose contents can be had again. Adding it touches nothing.',
    button: 'Add',
  },
  protect: {
    title: 'Protect a folder',
    what: 'Nothing in it can be cleared from now on, by any window or terminal, until you remove it from the list.',
    button: 'Protect',
  },
} as const;

/** Asks for a folder: one to list as a cache, or one in which nothing may be cleared. */
export const AddFolder = ({ to = 'add' }: { readonly to?: 'add' | 'protect' }) => {
  const home = useNow((now) => now.home);
  const known = useNow((now) => now.caches);
  const canPick = useNow(({ door }) => door.pickFolder);
  const offered = useUi((ui) => ui.offered);
  const [typed, setTyped] = useState(offered ?? '');
  const [isCache, setIsCache] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const pick = useCall('pickFolder');
  const add = useCall('add');
  const protect = useCall('protect');
  const act = to === 'add' ? add : protect;
  const unsure = add.error?.code === 'no-evidence';
  const close = (): void => openDialog(null);

  const type = (text: string): void => {
    setTyped(text);
    setIsCache(false);
    setWrong(null);
    add.forgive();
    protect.forgive();
  };
  const choose = async (): Promise<void> => {
    const answer = await pick.run({});
    if (answer?.path) type(answer.path);
    field.current?.focus();
  };
  const asked = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the system's dialog is what was asked for.
  useEffect(() => {
    if (asked.current || !canPick || offered !== null) return;
    asked.current = true;
    void choose();
  }, []);

  const submit = async (): Promise<void> => {
    const path = absolutePath(typed, home);
    if (path === null) return setWrong('Write the whole path of a folder, from its root on.');
    if (to === 'protect') {
      if ((await protect.run({ path })) !== null) close();
      return;
    }
    const cache = await add.run({ path, isCache });
    if (cache === null) return;
    const isNew = !known.some(({ id }) => id === cache.id);
    close();
    goTo({ view: 'caches' });
    const text = `${cache.name} at ${place(cache.root, home)} ${isNew ? 'is in the list now.' : 'was in the list already.'}`;
    say({ key: 'added', tone: 'good', text });
    void measure([cache.id]);
  };
  const where = place(add.error?.path ?? typed.trim(), home);
  const problem = wrong ?? pick.error?.message ?? (unsure ? null : act.error?.message) ?? null;
  return (
    <Sheet
      title={words[to].title}
      onClose={close}
      focus={field}
      buttons={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            tone="main"
            disabled={act.busy || typed.trim() === '' || (unsure && !isCache)}
            onClick={() => void submit()}
          >
            {words[to].button}
          </Button>
        </>
      }
    >
      <p className="soft">{words[to].what}</p>
      <form
        className="add-folder"
        onSubmit={(event) => {
          event.preventDefault();
          if (!unsure || isCache) void submit();
        }}
      >
        <label htmlFor="add-folder-path">Folder</label>
        <div className="add-folder-path">
          <input
            ref={field}
            id="add-folder-path"
            className="field"
            value={typed}
            placeholder={home === '' ? '/path/of/the/folder' : '~/path/of/the/folder'}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={problem !== null || undefined}
            aria-describedby="add-folder-problem"
            onChange={({ target }) => type(target.value)}
          />
          {canPick && <Button onClick={() => void choose()}>Choose…</Button>}
        </div>
        <div id="add-folder-problem" role="alert">
          {problem !== null && <p className="setting-error">{problem}</p>}
          {unsure && (
            <p className="add-folder-unsure">
              Nothing shows that {where} is a cache: it holds no CACHEDIR.TAG, and no tool that is known keeps its cache
              in this shape.
            </p>
          )}
        </div>
        {unsure && (
          <label className="add-folder-sure">
            <input type="checkbox" checked={isCache} onChange={({ target }) => setIsCache(target.checked)} />
            This is a cache: everything in it may be deleted
          </label>
        )}
      </form>
    </Sheet>
  );
};
