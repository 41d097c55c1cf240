import { useEffect } from 'react';
import { desktop } from '../bridge/desktop.ts';
import { openDialog, useUi } from '../state/ui.ts';

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/**
 * A folder dropped on the window is offered to be added. Only the desktop program can tell where it stands; in a
 * browser a drop does nothing, and in neither does it lead away from the page.
 */
export const useDrop = (): void => {
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = desktop ? 'link' : 'none';
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      const { dialog, asking } = useUi.getState();
      // A question that stands open is answered first.
      if (file === undefined || dialog !== null || asking !== null) return;
      const path = desktop?.pathOf(file) ?? '';
      if (path !== '') openDialog('add-folder', path);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
};
