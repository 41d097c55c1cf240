import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { commands } from '../../shared/commands.ts';
import { canRun, keyText, runCommand, useCommands } from '../state/commands.ts';
import { openDialog } from '../state/ui.ts';
import './AllCommands.css';

/** Every command by name. */
export const AllCommands = () => {
  const runners = useCommands((it) => it.runners);
  const items = commands.filter(({ id }) => id !== 'commands' && canRun(runners, id));
  const run = (id: (typeof items)[number]['id']): void => {
    openDialog(null);
    runCommand(id);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && openDialog(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-shade" />
        <Dialog.Popup className="sheet palette" aria-label="All commands">
          <Autocomplete.Root
            items={items}
            itemToStringValue={({ label }) => label}
            open
            inline
            autoHighlight="always"
            keepHighlight
          >
            <Autocomplete.Input className="field palette-field" placeholder="What do you want to do?" />
            <Autocomplete.Empty>
              <p className="palette-empty">No command has that name.</p>
            </Autocomplete.Empty>
            <Autocomplete.List className="palette-list" aria-label="Commands">
              {(item: (typeof items)[number]) => (
                <Autocomplete.Item key={item.id} value={item} className="palette-item" onClick={() => run(item.id)}>
                  <span>{item.label}</span>
                  <span className="soft">{item.keys.map(keyText).join(' or ')}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
