import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/caches.ts';
import { npmTool } from '../support/npm-tools.ts';
import { newHome } from '../support/program.ts';
import { clearedWhileInstalling } from '../support/while-installing.ts';

const command = (await npmTool('yarn')) ?? '';
const yarn = needs('yarn', command !== '');

describe.skipIf(yarn.skip)(`a cache that the real Yarn 1 is filling${yarn.note}`, () => {
  test('asked for 20 times: the install succeeds, and each answer names it or comes after it', async () => {
    const { refused, after, project } = await clearedWhileInstalling(newHome(), 'yarn', command, 'yarn', 20);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.flatMap(({ codes }) => codes))).toEqual(new Set(['in-use']));
    expect(refused.flatMap(({ messages }) => messages).join('\n')).toMatch(/in use by yarn install \(process \d+/);
    expect(after).toMatchObject({ code: 0, error: null });
    expect(fs.existsSync(path.join(project, 'node_modules', '@scope', 'thing', 'index.js'))).toBe(true);
  }, 900_000);
});
