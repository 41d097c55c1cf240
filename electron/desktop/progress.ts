import { powerSaveBlocker } from 'electron';
import type { Ongoing } from './ongoing.ts';
import type { MainWindow } from './window.ts';

/** Above 1: something is going on, nobody knows how far it is (a Linux dock shows nothing). Below 0: nothing. */
const unknown = 2;
const none = -1;

const fraction = ({ deletes }: Ongoing): number => {
  if (deletes.size === 0) return none;
  let planned = 0;
  let freed = 0;
  for (const { operation, progress } of deletes.values()) {
    if (operation.bytes.planned === null) return unknown;
    planned += operation.bytes.planned;
    freed += progress?.bytes ?? 0;
  }
  return planned === 0 ? unknown : Math.min(1, freed / planned);
};

/** Shows deletes on the taskbar or dock, and keeps the machine awake for them. */
export const setupProgress = (ongoing: Ongoing, window: MainWindow): void => {
  let blocker: number | null = null;
  ongoing.onChange(() => {
    window.current?.setProgressBar(fraction(ongoing));
    const running = ongoing.deletes.size > 0;
    if (running && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (running || blocker === null) return;
    powerSaveBlocker.stop(blocker);
    blocker = null;
  });
};
