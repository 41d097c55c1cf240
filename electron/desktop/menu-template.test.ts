import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type CommandId, commands } from '../../shared/commands.ts';
import { menuTemplate } from './menu-template.ts';

const all = (items: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);

describe.each(['darwin', 'linux', 'win32'] as const)('the menu bar on %s', (platform) => {
  const chosen: CommandId[] = [];
  const items = all(menuTemplate(platform, new Set(['measure']), (command) => chosen.push(command)));
  const roles = items.flatMap(({ role }) => role ?? []);

  it('has every command once, and runs it', () => {
    expect(items.flatMap(({ id }) => id ?? []).sort()).toEqual(commands.map(({ id }) => id).sort());
    for (const item of items) (item.click as (() => void) | undefined)?.();
    expect([...chosen].sort()).toEqual(commands.map(({ id }) => id).sort());
  });

  it('greys what makes no sense now', () => {
    expect(items.filter(({ id, enabled }) => id !== undefined && enabled).map(({ id }) => id)).toEqual(['measure']);
  });

  it('takes no plain letter, and none of the keys of text fields', () => {
    for (const { accelerator, registerAccelerator } of items) {
      if (accelerator === undefined || accelerator === null) continue;
      expect(accelerator).toContain('+');
      expect(registerAccelerator).toBe(false);
      expect(['CmdOrCtrl+Z', 'CmdOrCtrl+A']).not.toContain(accelerator);
    }
  });

  it('has what the system expects', () => {
    for (const role of ['editMenu', 'windowMenu', 'help', 'copy', 'paste', 'zoomIn'] as const)
      expect(roles).toContain(role);
    expect(roles.includes('appMenu')).toBe(platform === 'darwin');
    expect(roles.includes('quit')).toBe(platform !== 'darwin');
  });
});
