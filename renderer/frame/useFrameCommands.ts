import { cleanLeftovers, measure, stop, undo } from '../state/actions.ts';
import { useCommand } from '../state/commands.ts';
import { useNow } from '../state/connection.ts';
import { goTo, openDialog, useUi } from '../state/ui.ts';
import { grouped } from './recent.ts';

/** The commands that make sense everywhere. */
export const useFrameCommands = (): void => {
  const operations = useNow((now) => now.operations);
  // One clear may have several parts: they come back together.
  const undoable = grouped(operations.filter(({ state }) => state === 'set-aside'))[0]?.operations;
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
  useCommand('undo', () => undoable?.forEach(({ id }) => void undo(id)), undoable !== undefined);
  useCommand('stop-delete', () => running && void stop(running.id), running !== undefined);
  useCommand('clean-safe', () => void cleanLeftovers('safe'), safe);
};
