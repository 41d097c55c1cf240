import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/caches.ts';
import { npmTool } from '../support/npm-tools.ts';
import { newHome } from '../support/program.ts';
import { clearedWhileInstalling } from '../support/while-installing.ts';

const command = (await npmTool('pnpm')) ?? '';
const pnpm = needs('pnpm', command !== '');

describe.skipIf(pnpm.skip)(`what the real pnpm is filling${pnpm.note}`, () => {
  test.each([
    ['pnpm', 20],
    ['pnpm-metadata', 5],
  ])(
    '%s, asked for %d times: the install succeeds, and each answer names it or comes after it',
    async (cache, times) => {
      const { refused, after, project } = await clearedWhileInstalling(newHome(), cache, command, 'pnpm', times);
      expect(refused.length).toBeGreaterThan(0);
      expect(new Set(refused.flatMap(({ codes }) => codes))).toEqual(new Set(['in-use']));
      expect(refused.flatMap(({ messages }) => messages).join('\n')).toMatch(/in use by pnpm install \(process \d+/);
      expect(after).toMatchObject({ code: 0, error: null });
      expect(fs.existsSync(path.join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
    },
    900_000,
  );
});
