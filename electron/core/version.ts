import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const read = (): string => {
  // From electron/core/ in the source tree, from out/electron/core/ when compiled.
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      return (require(place) as { readonly version: string }).version;
    } catch {
      // The other place.
    }
  }
  return 'unknown';
};

/** The version of this program, from its package.json. */
export const version = read();
