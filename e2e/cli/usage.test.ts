import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ApiError } from '../../shared/errors.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

describe.skipIf(linux.skip)('wrong words', () => {
  test.each([
    [['frobnicate']],
    [['clear']],
    [['clear', 'nosuch', '--yes']],
    [['clear', 'npm/nosuch', '--yes']],
    [['clear', 'npm', '--undo-window', '-1']],
    [['clear', 'npm', '--undo-window', 'soon']],
    [['clear', 'npm', '--force']],
    [['clear', 'npm']],
    [['show', 'npm', '--limit', 'x']],
    [['show', 'npm', '--limit', '0']],
    [['show', 'npm', '--older-than', 'long']],
    [['list', 'nosuch']],
    [['history', '--state', 'lost']],
    [['leftovers', '--clean', 'all']],
    [['leftovers', '--clean', 'l_0123456789ab']],
    [['forget', 'npm']],
  ])('%j: exit 2, a sentence on stderr or one JSON document on stdout, and nothing changes', async (words) => {
    const home = newHome();
    writeNpmCache(home);
    const before = fingerprint(home);
    const told = await inspect(home, words);
    expect({ code: told.code, stdout: told.stdout }).toEqual({ code: 2, stdout: '' });
    expect(told.stderr).toMatch(/^.{20,}\n$/);
    const json = await inspect(home, [...words, '--json']);
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 2, stderr: '' });
    const { error } = json.json<{ error: ApiError }>();
    expect(told.stderr.trim()).toBe(error.message);
    expect(fingerprint(home)).toBe(before);
  });

  test('no words at all are answered with all the words there are', async () => {
    const home = newHome();
    const { code, stdout, stderr } = await inspect(home, []);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage:');
    const json = await inspect(home, ['--json']);
    expect({ code: json.code, ...json.json<object>() }).toMatchObject({ code: 2, error: { code: 'invalid-argument' } });
  });

  test('help is no error, needs no history, and makes none', async () => {
    const home = newHome();
    for (const words of [['--help'], ['clear', '--help'], ['help', 'show']]) {
      const { code, stdout, stderr } = await inspect(home, words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage:');
    }
    expect(fs.readdirSync(path.dirname(home)).sort()).toEqual(['elsewhere', 'home']);
  });
});
