import type * as NodeFs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';

/**
 * The one door to the disk. Electron's own `fs` shows every `.asar` file as a directory (electron#41469), so there
 * the untouched `original-fs` is taken: in its main process, its utility processes and the threads of both. Whoever
 * has either sign of Electron gets it or an error, never the other one in silence.
 */
const require = createRequire(import.meta.url);
const inElectron = process.versions['electron'] !== undefined || isBuiltin('original-fs');
export const fs = require(inElectron ? 'original-fs' : 'node:fs') as typeof NodeFs;
