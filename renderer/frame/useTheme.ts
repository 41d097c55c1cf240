import { useEffect } from 'react';
import { useNow } from '../state/connection.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark, as set or as the system is. */
export const useTheme = (): void => {
  const theme = useNow(({ settings }) => settings.theme);
  useEffect(() => {
    const apply = (): void => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
};
