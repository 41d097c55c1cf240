import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const core = fileURLToPath(new URL('..', import.meta.url));

/** The page's own files stand in the program's archive: only Electron's `fs` can look into it. */
const ofTheProgram = 'fs/page-files.ts';

describe('the seam', () => {
  it('is the only way to the disk: from node:fs core takes types and constants', () => {
    const found: string[] = [];
    for (const entry of fs.readdirSync(core, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(core, file).split(path.sep).join('/');
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.includes('/testing/')) continue;
      for (const [line = '', what = ''] of fs
        .readFileSync(file, 'utf8')
        .matchAll(/^import (.*) from 'node:fs(?:\/promises)?';$/gm)) {
        const values = what.startsWith('type ')
          ? []
          : what
              .replaceAll(/[{}]/g, '')
              .split(',')
              .map((word) => word.trim())
              .filter((word) => !word.startsWith('type '));
        if (values.some((value) => value !== 'constants')) found.push(`${name}: ${line}`);
      }
      if (/(?:import|require|getBuiltinModule)\(\s*['"](?:node:)?fs/.test(fs.readFileSync(file, 'utf8')))
        found.push(name);
    }
    expect(found.filter((it) => !it.startsWith(ofTheProgram))).toEqual([]);
  });
});
