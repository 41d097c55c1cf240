import type * as NodeFs from 'node:fs';
import { createRequire } from 'node:module';

/**
 * The one door to the disk. Electron's own `fs` shows every `.asar` file as a directory (electron#41469), so there
 * the untouched `original-fs` is taken.
 */
const require = createRequire(import.meta.url);
export const fs = require(process.versions['electron'] ? 'original-fs' : 'node:fs') as typeof NodeFs;
