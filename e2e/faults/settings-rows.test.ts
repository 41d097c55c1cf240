import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Cache, OperationState } from '../../shared/model.ts';
import type { Box } from './support/box.ts';
import { openDoor } from './support/door.ts';
import { tryClear } from './support/refused.ts';
import { row } from './support/row.ts';
import { everySetting, settings, triedTools } from './support/settings.ts';

// Settings that lead a tool's cache to a place that is none.

/** Names in home that look like units of the tools: a tool that is sent there would clear them. */
const mine = ['_cacache/index-v5', 'http-v2/a', 'wheels/ab', 'pkgs', 'wheels-v5/pypi', 'v6', 'v10', 'registry/cache'];

const makeMine = (box: Box): void => {
  for (const name of mine) {
    fs.mkdirSync(path.join(box.home, name), { recursive: true });
    fs.writeFileSync(path.join(box.home, name, 'mine'), 'mine');
  }
};

const tools = Object.keys(settings);

/** What `list` says, by tool. */
const caches = async (box: Box): Promise<ReadonlyMap<string, Cache>> => {
  const ran = await box.run(['list', '--json']);
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  return new Map(ran.json<{ caches: readonly Cache[] }>().caches.map((cache) => [cache.tool, cache]));
};

/** Each tool is told to be cleared, with all that a person can say for it: nothing is done. */
const nothingDone = async (box: Box, allowed: readonly string[]): Promise<readonly OperationState[]> => {
  const history: OperationState[] = [];
  const door = await openDoor(box);
  for (const tool of triedTools) {
    const { codes, states } = await tryClear(door, tool);
    expect({ tool, states }).toEqual({ tool, states: states.map(() => 'nothing-to-do') });
    for (const code of codes) expect(allowed, tool).toContain(code);
    if (states.length === 0) expect({ tool, codes: codes.length }).toEqual({ tool, codes: 1 });
    history.unshift(...states);
  }
  await door.close();
  return history;
};

interface Wrong {
  readonly what: string;
  readonly values: readonly ((box: Box) => string)[];
  /** Why it is refused. */
  readonly codes: readonly string[];
}

const wrong: readonly Wrong[] = [
  // Some of the tools replace a tilde. To the others it is a relative path.
  {
    what: 'the home',
    values: [(box) => box.home, (box) => `${box.home}/x/../`, () => '~'],
    codes: ['protected-place', 'unusable-path'],
  },
  { what: 'a relative path', values: [() => 'cache', () => '../home', () => '.'], codes: ['unusable-path'] },
  {
    what: 'what belongs to the system',
    values: [() => '/', () => '/proc/self/root', () => '/dev/null'],
    codes: ['protected-place'],
  },
  {
    what: 'what is no folder',
    values: [
      (box) => path.join(box.home, 'precious', 'photo'),
      (box) => path.join(box.scratch, 'link'),
      (box) => path.join(box.scratch, 'nowhere'),
    ],
    codes: ['not-a-directory', 'symbolic-link'],
  },
  {
    what: 'what the system cannot name',
    values: [() => `/${'long/'.repeat(2000)}`, () => `/tmp/${'n'.repeat(300)}`],
    codes: ['io'],
  },
];

for (const { what, values, codes } of wrong) {
  row(70, `the tools are told to cache in ${what}`, { timeoutMs: 300_000 }, async (box) => {
    makeMine(box);
    fs.symlinkSync(box.home, path.join(box.scratch, 'link'));
    fs.symlinkSync('nothing', path.join(box.scratch, 'nowhere'));
    await box.settled();
    const history: OperationState[] = [];
    for (const value of values) {
      box.env = everySetting(value(box));
      const listed = await caches(box);
      for (const tool of tools) {
        const cache = listed.get(tool);
        expect({ tool, units: cache?.units }).toEqual({ tool, units: [] });
        expect({ tool, codes }).toEqual({ tool, codes: expect.arrayContaining([cache?.problem?.code]) });
        expect(cache?.problem?.message).toMatch(/\S/);
      }
      history.unshift(...(await nothingDone(box, codes)));
    }
    // What cannot even be looked at is an error and no refusal.
    const ran = await box.run(['clear', 'uv', '--yes', '--json']);
    expect(ran.code).toBe(codes.includes('io') ? 1 : 3);
    box.env = {};
    return { unit: 'whole', history };
  });
}

row(70, 'the tools are told to cache in nothing, or in a blank', {}, async (box) => {
  const before = await caches(box);
  for (const value of ['', ' ']) {
    box.env = everySetting(value);
    const after = await caches(box);
    // It counts as not said, or it is told to be wrong: no other place is made of it.
    for (const tool of tools) {
      const [one, other] = [before.get(tool), after.get(tool)];
      if (other?.problem === null) expect(other.root).toBe(one?.root);
      else expect({ tool, value, code: other?.problem?.code }).toEqual({ tool, value: ' ', code: 'unusable-path' });
    }
  }
  box.env = {};
  return { unit: 'whole', history: [] };
});

/** The files in which tools are told where to cache, with this folder in them. */
const write = (box: Box, written: string, escaped: string): void => {
  const files: Readonly<Record<string, string>> = {
    '.npmrc': `cache=${written}\nstore-dir=${written}\ncache-dir=${written}\n`,
    'pip.conf': `[global]\ncache-dir = ${written}\n`,
    '.config/uv/uv.toml': `cache-dir = "${escaped}"\n`,
    '.yarnrc': `cache-folder "${escaped}"\n`,
    '.config/pnpm/config.yaml': `storeDir: "${escaped}"\ncacheDir: "${escaped}"\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(box.home, name)), { recursive: true });
    fs.writeFileSync(path.join(box.home, name), text);
  }
  box.env = { PIP_CONFIG_FILE: path.join(box.home, 'pip.conf') };
};

const told = ['npm', 'pip', 'uv', 'yarn', 'pnpm', 'pnpm-metadata'];

const inFiles: readonly (readonly [string, (box: Box) => readonly [string, string], readonly string[]])[] = [
  ['a path with a NUL', (box) => [`${box.home}\0/x`, `${box.home}\\u0000/x`], ['unusable-path']],
  ['the home', (box) => [box.home, box.home], ['protected-place']],
  ['a relative path', () => ['cache', 'cache'], ['unusable-path']],
];

for (const [what, text, codes] of inFiles) {
  row(70, `settings files tell the tools to cache in: ${what}`, {}, async (box) => {
    makeMine(box);
    write(box, ...text(box));
    await box.settled();
    const listed = await caches(box);
    for (const tool of told) {
      const cache = listed.get(tool);
      const isAtHome = cache?.root === box.home || cache?.root.startsWith(`${box.home}/x`) === true;
      // Yarn takes a relative one as below the folder of its file, and what a parser cannot read is not set at all.
      if (cache?.problem === null)
        expect({ tool, isAtHome, root: cache.root }).toMatchObject({ tool, isAtHome: false });
      else expect({ tool, codes }).toEqual({ tool, codes: expect.arrayContaining([cache?.problem?.code]) });
    }
    expect(told.filter((tool) => listed.get(tool)?.problem !== null).length).toBeGreaterThan(3);
    const door = await openDoor(box);
    const history: OperationState[] = [];
    for (const tool of told) {
      const { states } = await tryClear(door, tool);
      expect({ tool, states }).toEqual({ tool, states: states.map(() => 'nothing-to-do') });
      history.unshift(...states);
    }
    await door.close();
    return { unit: 'whole', history };
  });
}
