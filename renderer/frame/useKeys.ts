import { useEffect } from 'react';
import { commands } from '../../shared/commands.ts';
import { desktop } from '../bridge/desktop.ts';
import { canRun, commandOf, runCommand, useCommands } from '../state/commands.ts';

const typingIn = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);

/** Keys and native menus run the commands of the one table. A dialog that is open keeps its keys to itself. */
export const useKeys = (): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const id = commandOf(event, typingIn(event.target));
      if (id !== null && runCommand(id)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => desktop?.onCommand((id) => void runCommand(id)), []);
  const runners = useCommands((it) => it.runners);
  useEffect(() => desktop?.setEnabled(commands.map(({ id }) => id).filter((id) => canRun(runners, id))), [runners]);
};
