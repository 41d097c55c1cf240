import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Cache, Operation } from '../../../shared/model.ts';
import { useConnection } from '../../state/connection.ts';
import { EntrySession } from './entry-session.ts';

/**
 * Changes when there may be other things in a cache than before: it was cleared, put back, made anew; single entries
 * were taken out of it, or put back; its tool has cleared it.
 */
export const contentsKey = ({ units, tool, root }: Cache, operations: readonly Operation[]): string =>
  [
    ...units.map(({ id, present, identity }) => `${id} ${present} ${identity?.dev}:${identity?.ino}`),
    ...operations
      .filter((it) => it.tool === tool && it.path.startsWith(root) && (it.parts !== null || it.kind === 'command'))
      .map(({ id, kind, state }) => `${id} ${kind === 'command' ? state : state === 'undone'}`),
  ].join('\n');

/** The entries of a cache, held open while this stands; opened anew after a lost connection and with another key. */
export const useEntrySession = ({ id }: Cache, key: string): EntrySession => {
  const [session] = useState(() => new EntrySession(id));
  const ready = useConnection(({ status }) => status === 'ready');
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another key other entries stand there.
  useEffect(() => {
    if (!ready) return;
    session.open();
    return () => session.close();
  }, [session, ready, key]);
  return session;
};

/** Shows the component anew whenever the session has other things to say. */
export const useSession = (session: EntrySession): void => {
  useSyncExternalStore(session.subscribe, session.version);
};

/** Only how many entries there are, for who needs no more. */
export const useEntryCount = (session: EntrySession): number | null =>
  useSyncExternalStore(session.subscribe, () => session.shown?.all ?? null);

/** A value as it was when it last stood still for so long. */
export const useSettled = <Value>(value: Value, ms: number): Value => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
};
