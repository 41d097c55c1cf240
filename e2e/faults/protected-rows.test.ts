import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ApiError } from '../../shared/errors.ts';
import type { OperationState } from '../../shared/model.ts';
import type { Box } from './support/box.ts';
import { openDoor } from './support/door.ts';
import { namespaces } from './support/needs.ts';
import { tryAdd, tryClear } from './support/refused.ts';
import { row } from './support/row.ts';
import { everySetting, settings, triedTools } from './support/settings.ts';

// Places that are never cleared as a whole, under every name that leads to them.

interface Place {
  readonly what: string;
  readonly at: (box: Box) => string;
  /** What it is refused for when it is named straight, by `clear` and by `add`. */
  readonly code: ApiError['code'];
}

const elsewhere = (box: Box): string => path.join(box.dir, 'elsewhere');
const work = (box: Box): string => path.join(box.home, 'work');

const places: readonly Place[] = [
  { what: 'the root of the file system', at: () => '/', code: 'protected-place' },
  { what: 'home', at: (box) => box.home, code: 'protected-place' },
  { what: 'what holds home', at: (box) => box.dir, code: 'protected-place' },
  { what: '~/.config', at: (box) => path.join(box.home, '.config'), code: 'protected-place' },
  { what: 'the folder of the history', at: (box) => box.state, code: 'protected-place' },
  { what: "the folder of the history's locks", at: (box) => path.join(box.state, 'locks'), code: 'protected-place' },
  { what: 'the working directory', at: elsewhere, code: 'protected-place' },
  { what: 'a git tree', at: work, code: 'version-controlled' },
];

/** Other names of a place. Those of a second mount have the same inode and another path. */
const spellings = async (box: Box, at: string): Promise<readonly string[]> => {
  await box.sh(`mkdir -p "$SCRATCH/bind" "$SCRATCH/outer"; ln -s '${at}' "$SCRATCH/link"; ln -s /proc/self/root "$SCRATCH/proc"
    mount --bind '${at}' "$SCRATCH/bind"; mount --bind "$DIR" "$SCRATCH/outer"`);
  const inOuter = path.relative(box.dir, at);
  return [
    at,
    `${at}/`,
    `${at}/.`,
    `${at}//`,
    `/${at}`,
    `${at}/x/..`,
    `${at}/x/../.`,
    `/proc/self/root${at}`,
    `/proc/1/root${at}`,
    path.join(box.scratch, 'proc', at),
    `${box.scratch}/link`,
    `${box.scratch}/link/`,
    `${box.scratch}/link/.`,
    `${box.scratch}/bind`,
    `${box.scratch}/bind/`,
    ...(at === '/' ? [] : [`${box.scratch}/outer/${inOuter}`, `${box.scratch}/link/../outer/${inOuter}`]),
  ];
};

/** The refusals that a protected place may have, besides its own. */
const others = ['protected-place', 'symbolic-link', 'mount-point', 'mount-inside', 'unknown-cache'];

for (const { what, at, code } of places) {
  row(
    69,
    `${what} is not cleared and not added, whatever it is called`,
    { needs: [namespaces], timeoutMs: 300_000 },
    async (box) => {
      fs.mkdirSync(path.join(box.home, '.config'));
      fs.mkdirSync(path.join(work(box), '.git'), { recursive: true });
      await box.begun();
      fs.mkdirSync(path.join(box.state, 'locks'), { recursive: true });
      await box.mount(':');
      const place = at(box);
      const all = await spellings(box, place);
      await box.settled();
      // By its straight name and by a second mount, as a person does; by all names through a door that stays open.
      const second = path.join(box.scratch, 'bind');
      for (const name of [place, second]) {
        for (const words of [
          ['clear', name, '--dry-run'],
          ['add', name, '--this-is-a-cache'],
        ]) {
          const ran = await box.run([...words, '--json']);
          expect({ words, code: ran.code }).toEqual({ words, code: 3 });
          const { error } = ran.json<{ error: ApiError }>();
          // To `clear`, a git tree is a folder like any other: not known.
          if (words[0] === 'add' && name === place) expect(error.code).toBe(code);
          else expect([code, ...others]).toContain(error.code);
        }
      }
      const door = await openDoor(box);
      const outer = path.join(box.scratch, 'outer');
      for (const name of all) {
        const cleared = await tryClear(door, name);
        expect({ name, states: cleared.states }).toEqual({ name, states: [] });
        expect([code, ...others], name).toContain(cleared.codes.join());
        const refused = await tryAdd(door, name);
        expect([code, ...others], name).toContain(refused);
        // Nothing but the inode tells what stands there: no link, no mount point, another path.
        if (name.startsWith(outer)) expect({ name, refused }).toEqual({ name, refused: code });
      }
      const listed = await door.call('list', { measure: false });
      expect(listed.ok && listed.value.caches.filter(({ added }) => added)).toEqual([]);
      await door.close();
      return { unit: 'whole', history: [] };
    },
  );
}

const untouched: readonly OperationState[] = ['refused', 'nothing-to-do'];

/** What each of the tools would clear, if its cache were this folder. */
const asCaches = (folder: string): void => {
  for (const name of [
    '_cacache/index-v5/aa/bb',
    '_logs',
    'http-v2/a/b/c/d/e',
    'wheels/ab/cd',
    'pkgs',
    'wheels-v5/pypi',
    'v6/npm-one',
    'v10/files/00',
    'registry/cache/index.crates.io-1949cf8c6b5b557f',
    'caches/modules-2/files-2.1',
    'models--one--two/blobs',
    'repo1a2b3c4d',
  ]) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.writeFileSync(path.join(folder, name, 'mine'), 'mine');
  }
};

for (const { what, at, code } of places.filter(({ what }) => !/working|history/.test(what))) {
  row(69, `${what} is not cleared because a tool was told to cache there`, { needs: [namespaces] }, async (box) => {
    fs.mkdirSync(path.join(box.home, '.config'));
    fs.mkdirSync(path.join(work(box), '.git'), { recursive: true });
    const place = at(box);
    if (place !== '/') asCaches(place);
    await box.mount('mkdir "$SCRATCH/outer"; mount --bind "$DIR" "$SCRATCH/outer"');
    const second = place === '/' ? '/../' : path.join(box.scratch, 'outer', path.relative(box.dir, place));
    await box.settled();
    const history: OperationState[] = [];
    for (const name of [place, second, `${place}/.`]) {
      box.env = everySetting(name);
      const door = await openDoor(box);
      const listed = await door.call('list', { measure: false });
      if (!listed.ok) throw new Error(listed.error.message);
      for (const { tool, problem } of listed.value.caches) {
        // The others have no variable for it.
        if (settings[tool] === undefined) continue;
        if (code === 'protected-place') expect({ tool, code: problem?.code }).toEqual({ tool, code });
        if (!triedTools.includes(tool)) continue;
        const { codes, states } = await tryClear(door, tool);
        expect({ tool, name, states: states.filter((state) => !untouched.includes(state)) }).toEqual({
          tool,
          name,
          states: [],
        });
        // What is protected is no cache at all; elsewhere some of what the tool would clear is not there.
        if (code === 'protected-place')
          expect({ tool, code: problem?.code, codes }).toEqual({ tool, code, codes: [code] });
        else if (states.includes('refused'))
          expect({ tool, codes }).toEqual({ tool, codes: expect.arrayContaining([code]) });
        history.unshift(...states);
      }
      await door.close();
    }
    box.env = {};
    if (code === 'version-controlled')
      expect(history.filter((state) => state === 'refused').length).toBeGreaterThan(24);
    return { unit: 'whole', history };
  });
}
