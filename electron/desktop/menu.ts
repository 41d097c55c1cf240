import { Menu } from 'electron';
import type { CommandId } from '../../shared/commands.ts';
import { menuTemplate } from './menu-template.ts';

/** Which commands make sense now, as the page last said. */
export interface MenuBar {
  readonly enabled: ReadonlySet<CommandId>;
  setEnabled(commands: readonly CommandId[]): void;
}

/** The menu bar, from the table that the page reads too. Everything is grey until a page says what makes sense. */
export const setupMenu = (run: (command: CommandId) => void): MenuBar => {
  let enabled: ReadonlySet<CommandId> = new Set();
  const menu = Menu.buildFromTemplate(menuTemplate(process.platform, enabled, run));
  Menu.setApplicationMenu(menu);
  return {
    get enabled() {
      return enabled;
    },
    setEnabled: (commands) => {
      const now = new Set(commands);
      for (const id of enabled.symmetricDifference(now)) {
        const item = menu.getMenuItemById(id);
        if (item) item.enabled = now.has(id);
      }
      enabled = now;
    },
  };
};
