import { pathsOf, platformCacheDir } from './surroundings.ts';
import type { Surroundings } from './tool.ts';

/**
 * Where many Node programs cache by their name: `~/.cache/name`, `~/Library/Caches/name`, `%LOCALAPPDATA%\name\Cache`
 * (the packages env-paths, without its suffix, and cachedir).
 */
export const cacheFolder = (surroundings: Surroundings, name: string): string => {
  const { join } = pathsOf(surroundings);
  const folder = join(platformCacheDir(surroundings), name);
  return surroundings.platform === 'win32' ? join(folder, 'Cache') : folder;
};
