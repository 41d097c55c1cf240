import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { CodedError } from '../../shared/errors.ts';

const byPlatform = (home: string): string => {
  switch (process.platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Cache Inspector');
    case 'win32':
      return join(process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Cache Inspector');
    default: {
      // A relative one is to be ignored (XDG Base Directory Specification).
      const state = process.env['XDG_STATE_HOME'];
      return join(state && isAbsolute(state) ? state : join(home, '.local', 'state'), 'cache-inspector');
    }
  }
};

/**
 * Where history, settings and records of scans live: `$CACHE_INSPECTOR_HOME`, else the platform's place for state.
 * @throws CodedError `invalid-argument` when the variable is not an absolute path.
 */
export const stateDirectory = (): string => {
  const chosen = process.env['CACHE_INSPECTOR_HOME'];
  if (chosen === undefined || chosen === '') return byPlatform(process.env['HOME'] || homedir());
  if (isAbsolute(chosen)) return resolve(chosen);
  throw new CodedError({
    code: 'invalid-argument',
    message: `CACHE_INSPECTOR_HOME is '${chosen}', which is not an absolute path. Set it to one, or unset it.`,
  });
};
