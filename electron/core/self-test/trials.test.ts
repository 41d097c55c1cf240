import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { has, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { forkHelper } from '../clear/helper-process.ts';
import { deadOwner } from '../clear/testing/rig.ts';
import { self } from '../usage/processes.ts';
import { promiseOf } from './durability.ts';
import type { Ground } from './ground.ts';
import { newPlace, removeDeserted } from './place.ts';
import { selfTester } from './self-test.ts';
import { swappedLinks } from './swapped-links.ts';

let box = '';
beforeEach(() => {
  box = sandbox();
  vi.stubEnv('TMPDIR', box);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const inBox = (): readonly string[] => fs.readdirSync(box);

describe.skipIf(!onLinux)('a trial', () => {
  const lacks = !has('python3');
  it.skipIf(missing(lacks))(
    `notices a deleter that goes by paths${lacks ? ' (SKIPPED: there is no python3 to swap names with)' : ''}`,
    async () => {
      const naive = new URL('./testing/naive-delete.ts', import.meta.url);
      const over = new AbortController();
      onTestFinished(() => over.abort());
      const ground: Ground = { folder: box, stateDir: box, fork: () => forkHelper(naive), signal: over.signal };
      expect(await swappedLinks.attempt(ground)).toMatchObject({
        result: 'fails',
        how: expect.stringContaining('outside of the tree was touched'),
      });
    },
  );
});

describe.skipIf(!onLinux)('a place that a killed self-test left', () => {
  const planted = (name: string, owner: unknown, mode = 0o700): string => {
    const at = path.join(box, name);
    fs.mkdirSync(path.join(at, '0'), { recursive: true });
    fs.writeFileSync(path.join(at, '0/file'), 'f');
    if (owner !== null) fs.writeFileSync(path.join(at, 'owner.json'), JSON.stringify(owner));
    fs.chmodSync(at, mode);
    return name;
  };

  it('is removed by the next one, and nothing that only looks like it', async () => {
    const name = 'cache-inspector-self-test-';
    planted(`${name}dead`, deadOwner());
    const others = [
      planted(`${name}alive`, self()),
      planted(`${name}unmarked`, null),
      planted(`${name}garbage`, 'x'),
      planted(`${name}open`, deadOwner(), 0o755),
      planted('something-else', deadOwner()),
    ];
    fs.symlinkSync(planted('elsewhere', deadOwner()), path.join(box, `${name}link`));
    await removeDeserted(forkHelper);
    expect([...inBox()].sort()).toEqual([...others, 'elsewhere', `${name}link`].sort());
    expect(fs.readdirSync(path.join(box, 'elsewhere'))).toEqual(['0', 'owner.json']);
  });

  it('is marked from the start, and its owner removes it', async () => {
    const place = newPlace(forkHelper);
    fs.writeFileSync(path.join(place.folderFor('0'), 'file'), 'f');
    expect(fs.readdirSync(place.path)).toEqual(['0', 'owner.json']);
    await removeDeserted(forkHelper);
    expect(inBox()).toEqual([path.basename(place.path)]);
    expect(await place.remove()).toBe(null);
    expect(inBox()).toEqual([]);
  });
});

it('does not call a history durable under a program that makes fsync do nothing', () => {
  vi.stubEnv('LD_PRELOAD', '/usr/lib/libeatmydata.so');
  expect(promiseOf('/')).toMatchObject({ holds: false });
});

it('runs once however often it is asked, and again when it failed', async () => {
  const parts = { stateDir: '/nowhere', fork: forkHelper };
  let runs = 0;
  const tried = selfTester(parts, async () => {
    runs += 1;
    if (runs === 1) throw new Error('no folder could be made');
    return { place: `/tmp/${runs}`, checks: [] };
  });
  await expect(tried()).rejects.toThrow('no folder');
  const answers = await Promise.all([tried(), tried(), tried()]);
  expect(answers.map(({ place }) => place)).toEqual(['/tmp/2', '/tmp/2', '/tmp/2']);
  expect([(await tried()).place, runs]).toEqual(['/tmp/2', 2]);
});
