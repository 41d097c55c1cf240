import type { Setting } from './root.ts';
import { pathsOf, variable } from './surroundings.ts';
import type { Surroundings } from './tool.ts';

/**
 * A value of which the tool takes `~` literally: only a shell would replace it, so the tool looks for a folder of that
 * name where it was started. Such a place is no full path, and is told so.
 */
export const literally = (value: string, surroundings: Pick<Surroundings, 'platform'>): string =>
  value.startsWith('~') ? `.${pathsOf(surroundings).sep}${value}` : value;

/** A variable as the setting that it is; null when it is not set. `tilde`: whether the tool replaces `~` in it. */
export const fromVariable = (
  surroundings: Surroundings,
  name: string,
  tilde: 'replaced' | 'literal' = 'literal',
): Setting | null => {
  const value = variable(surroundings, name);
  if (value === undefined) return null;
  return {
    value: tilde === 'literal' ? literally(value, surroundings) : value,
    because: `${name} is set`,
    where: name,
  };
};

/** A variable that names a folder by its full path; relative ones do not count, as the XDG rules want it. */
export const xdg = (surroundings: Surroundings, name: string): string | undefined => {
  const value = variable(surroundings, name);
  return value !== undefined && pathsOf(surroundings).isAbsolute(value) ? value : undefined;
};
