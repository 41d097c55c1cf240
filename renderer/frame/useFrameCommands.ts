import { cleanLeftovers, measure, stopDelete, undo } from '../state/actions.ts';
import { useCommand } from '../state/commands.ts';
import { useNow } from '../state/connection.ts';
import { goTo, openDialog, useUi } from '../state/ui.ts';

/** The commands that make sense everywhere. */
export const useFrameCommands = (): void => {
  const undoable = useNow(({ operations }) => operations.find(({ state }) => state === 'set-aside'));
  const running = useNow(({ operations }) => operations.find(({ state }) => state === 'deleting'));
  const safe = useNow(({ leftovers }) => leftovers.some(({ cleaning }) => cleaning === 'safe'));
  const inside = useUi(({ place }) => place.view === 'contents');
  useCommand('view-caches', () => goTo({ view: 'caches' }));
  useCommand('view-leftovers', () => goTo({ view: 'leftovers' }));
  useCommand('view-history', () => goTo({ view: 'history' }));
  useCommand('view-settings', () => goTo({ view: 'settings' }));
  useCommand('back', () => goTo({ view: 'caches' }), inside);
  useCommand('add-folder', () => openDialog('add-folder'));
  useCommand('commands', () => openDialog('commands'));
  useCommand('keys', () => openDialog('keys'));
  useCommand('measure', () => void measure());
  useCommand('undo', () => undoable && void undo(undoable.id), undoable !== undefined);
  useCommand('stop-delete', () => running && void stopDelete(running.id), running !== undefined);
  useCommand('clean-safe', () => void cleanLeftovers('safe'), safe);
};
