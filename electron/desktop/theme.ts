import { nativeTheme } from 'electron';
import type { Preferences } from './preferences.ts';

/** Menus, dialogs and the page's `prefers-color-scheme` all follow the person's setting. */
export const setupTheme = (preferences: Preferences): void =>
  preferences.onChange(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
