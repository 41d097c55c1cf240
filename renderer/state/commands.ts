import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { type CommandId, commands } from '../../shared/commands.ts';

type Runners = ReadonlyMap<CommandId, readonly (() => void)[]>;

/** Which commands can be carried out now, and by whom: the view that was shown last answers first. */
export const useCommands = create<{ readonly runners: Runners }>()(() => ({ runners: new Map() }));

const change = (id: CommandId, how: (before: readonly (() => void)[]) => readonly (() => void)[]): void =>
  useCommands.setState(({ runners }) => ({ runners: new Map(runners).set(id, how(runners.get(id) ?? [])) }));

/** Offers a command for as long as the component stands and `enabled` holds. */
export const useCommand = (id: CommandId, run: () => void, enabled = true): void => {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const runner = (): void => latest.current();
    change(id, (before) => [...before, runner]);
    return () => change(id, (before) => before.filter((it) => it !== runner));
  }, [id, enabled]);
};

export const canRun = (runners: Runners, id: CommandId): boolean => (runners.get(id)?.length ?? 0) > 0;

/** Carries a command out. False when nobody offers it now. */
export const runCommand = (id: CommandId): boolean => {
  const runner = useCommands.getState().runners.get(id)?.at(-1);
  runner?.();
  return runner !== undefined;
};

export const isMac = /mac/i.test(navigator.platform);

/** `CmdOrCtrl+Shift+C` as this platform writes it. */
export const keyText = (key: string): string =>
  key
    .replace('CmdOrCtrl', isMac ? '⌘' : 'Ctrl')
    .replace('Alt', isMac ? '⌥' : 'Alt')
    .replace('Shift', isMac ? '⇧' : 'Shift')
    .replaceAll('+', isMac ? '' : '+');

const matches = (key: string, event: KeyboardEvent): boolean => {
  const parts = key.split('+');
  const name = (parts.pop() ?? '').toLowerCase();
  const control = isMac ? event.metaKey : event.ctrlKey;
  const printable = name.length === 1 && !/[a-z0-9]/.test(name);
  if (parts.includes('CmdOrCtrl') !== control) return false;
  if (parts.includes('Alt') !== event.altKey) return false;
  // `?` needs Shift on some keyboards and not on others.
  if (!printable && parts.includes('Shift') !== event.shiftKey) return false;
  return event.key.toLowerCase() === (name === 'left' ? 'arrowleft' : name);
};

/** The command that a key stands for; in a text field only those with a modifier count. */
export const commandOf = (event: KeyboardEvent, typing: boolean): CommandId | null => {
  const found = commands.find(({ keys }) => keys.some((key) => (!typing || key.includes('+')) && matches(key, event)));
  return found?.id ?? null;
};
