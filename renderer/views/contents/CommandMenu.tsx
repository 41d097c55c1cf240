import { Menu } from '@base-ui/react/menu';
import { type CommandId, commands } from '../../../shared/commands.ts';
import { desktop } from '../../bridge/desktop.ts';
import { canRun, keyText, runCommand, useCommands } from '../../state/commands.ts';
import './CommandMenu.css';

/** Where a menu is to open, in CSS pixels of the window; null: not now. */
export type MenuPlace = { readonly x: number; readonly y: number } | null;

/** True when the system itself has shown the menu. */
export const nativeMenu = (ids: readonly CommandId[]): boolean => {
  desktop?.contextMenu(ids);
  return desktop !== undefined;
};

interface Props {
  readonly ids: readonly CommandId[];
  readonly place: MenuPlace;
  readonly onClose: () => void;
  /** What has the focus afterwards. */
  readonly focus: () => HTMLElement | null;
}

/** A context menu of commands for doors that have none of their own. */
export const CommandMenu = ({ ids, place, onClose, focus }: Props) => {
  const runners = useCommands((it) => it.runners);
  const items = commands.filter(({ id }) => ids.includes(id) && canRun(runners, id));
  return (
    <Menu.Root open={place !== null} onOpenChange={(open) => !open && onClose()} modal={false}>
      <Menu.Portal>
        <Menu.Positioner
          side="bottom"
          align="start"
          anchor={{ getBoundingClientRect: () => new DOMRect(place?.x ?? 0, place?.y ?? 0, 0, 0) }}
        >
          <Menu.Popup className="menu" aria-label="What can be done" finalFocus={() => focus() ?? true}>
            {items.map(({ id, label, keys }) => (
              <Menu.Item key={id} className="menu-item" onClick={() => void runCommand(id)}>
                <span>{label}</span>
                <span className="soft">{keys[0] && keyText(keys[0])}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
};
