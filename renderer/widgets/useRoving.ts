import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

/** How far a page of rows is. */
const page = 10;

/** Where a key leads from `at` in a list of `count`; null for other keys. */
export const destination = (key: string, at: number, count: number): number | null => {
  if (count === 0) return null;
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: count - 1,
    PageDown: at + page,
    PageUp: at - page,
  }[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
};

interface Roving {
  readonly list: RefObject<HTMLDivElement | null>;
  /** The row that the keyboard is at, as an index; -1 when there is none. */
  readonly current: number;
  /** Whether the focus is in the list. */
  readonly within: boolean;
  readonly goTo: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * One stop of the tab key for a list whose rows carry `data-row` with their key: arrows move the focus among them. A
 * row that goes away while it has the focus hands it to the one that takes its place. `show` brings a row into view.
 */
export const useRoving = (keys: readonly string[], show?: (index: number) => void): Roving => {
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ readonly key: string | null; readonly index: number }>({ key: null, index: 0 });
  const [within, setWithin] = useState(false);
  const wanted = useRef<string | null>(null);
  const found = at.key === null ? -1 : keys.indexOf(at.key);
  const current = found >= 0 ? found : Math.min(at.index, keys.length - 1);
  const currentKey = keys[current];

  useEffect(() => {
    const lost = within && document.activeElement === document.body;
    const key = wanted.current ?? (lost ? currentKey : undefined);
    if (key === undefined) return;
    const row = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].find(
      ({ dataset }) => dataset['row'] === key,
    );
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: show !== undefined });
  });

  const goTo = (index: number): void => {
    const key = keys[index];
    if (key === undefined) return;
    wanted.current = key;
    setAt({ key, index });
    show?.(index);
  };
  return {
    list,
    current,
    within,
    goTo,
    onKeyDown: (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const to = destination(event.key, current, keys.length);
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation();
      goTo(to);
    },
    onFocus: ({ target, currentTarget }) => {
      setWithin(true);
      if (target === currentTarget) return goTo(current);
      const key = target.closest<HTMLElement>('[data-row]')?.dataset['row'];
      if (key !== undefined && key !== currentKey) setAt({ key, index: keys.indexOf(key) });
    },
    onBlur: ({ relatedTarget, currentTarget }) => {
      // Without a successor the row has gone or the window has: both keep their place.
      if (relatedTarget !== null && !currentTarget.contains(relatedTarget as Node)) setWithin(false);
    },
  };
};
