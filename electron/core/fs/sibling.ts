import { extname } from 'node:path';

/**
 * The script of that name beside the calling module, for workers and helpers: `.ts` when run from source,
 * `.js` when compiled.
 */
export const sibling = (importMetaUrl: string, name: string): URL =>
  new URL(`./${name}${extname(new URL(importMetaUrl).pathname)}`, importMetaUrl);
