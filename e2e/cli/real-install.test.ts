import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { clear, history, the } from '../support/answers.ts';
import { needs } from '../support/caches.ts';
import { startIndex } from '../support/local-index.ts';
import { startRegistry } from '../support/local-registry.ts';
import type { NpmPackage } from '../support/npm-packages.ts';
import { newHome } from '../support/program.ts';
import { npmInstall, npmVersion } from '../support/real-npm.ts';
import { findPips, type Pip, pipInstall } from '../support/real-pip.ts';

const npm = needs('npm', (await npmVersion()) !== null);
const pips = await findPips();
const needsPip = needs('pip', pips.length > 0);

const times = 20;
const answerMs = 700;
/** pip gives up a server that says nothing for 15 s. */
const latestAnswerMs = 10_000;

/** Each needs the next, so that npm has to ask for one after the other. */
const chain: readonly NpmPackage[] = Array.from({ length: 8 }, (_, at) => ({
  name: `link-${at}`,
  version: '1.0.0',
  dependencies: at === 7 ? {} : { [`link-${at + 1}`]: '1.0.0' },
}));

/** What came of one wish to clear. */
interface Asked {
  readonly code: number | null;
  readonly operation: Operation;
  /** Had the install ended when the wish was made? Was it still running when the answer came? */
  readonly afterEnd: boolean;
  readonly beforeEnd: boolean;
}

/**
 * Has a real installer work against a slow server, and asks twenty times for its cache to be cleared meanwhile. Each
 * answer of the server waits for some more wishes, so that most of them meet a running installer on any machine.
 */
const askDuring = async (
  home: string,
  target: string,
  wishesPerAnswer: number,
  install: (before: () => Promise<unknown>) => Promise<unknown>,
): Promise<readonly Asked[]> => {
  const asked: Asked[] = [];
  let hasBegun = (): void => {};
  const began = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  let ended = false;
  let answers = 0;
  const running = install(async () => {
    hasBegun();
    const wanted = Math.min(times - 4, wishesPerAnswer * answers++);
    const latest = Date.now() + latestAnswerMs;
    await sleep(answerMs);
    while (asked.length < wanted && Date.now() < latest) await sleep(50);
  }).finally(() => {
    ended = true;
    hasBegun();
  });
  // Told at the end; until then nobody waits for it.
  running.catch(() => null);
  await began;
  while (asked.length < times) {
    const afterEnd = ended;
    const { code, operations } = await clear(home, [target, '--yes']);
    asked.push({ code, operation: the(operations), afterEnd, beforeEnd: !ended });
  }
  await running;
  return asked;
};

const check = (asked: readonly Asked[], installer: RegExp): void => {
  const refused = asked.filter(({ beforeEnd }) => beforeEnd);
  for (const { code, operation } of refused) {
    expect({ code, state: operation.state }).toEqual({ code: 3, state: 'refused' });
    expect(the(operation.errors)).toMatchObject({ code: 'in-use', message: expect.stringMatching(installer) });
  }
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const { code, operation } of asked.filter(({ afterEnd }) => afterEnd)) {
    expect(code).toBe(0);
    expect(['done', 'nothing-to-do']).toContain(operation.state);
  }
  expect(asked).toHaveLength(times);
};

describe.skipIf(npm.skip)(`a real npm install, while clear is asked ${times} times${npm.note}`, () => {
  test('always succeeds; the clear is refused with its name until it has ended, and then works', async () => {
    const home = newHome();
    const [fast, cacache] = [await startRegistry(), path.join(home, '.npm', '_cacache')];
    onTestFinished(fast.close);
    await npmInstall(home, null, fast.url, fast.packages);
    fs.rmSync(path.join(home, 'project'), { recursive: true });
    const { ino } = fs.statSync(cacache);
    const asked = await askDuring(home, 'npm/_cacache', 1, async (before) => {
      const slow = await startRegistry(chain, '', before);
      onTestFinished(slow.close);
      await npmInstall(home, null, slow.url, chain.slice(0, 1));
    });
    check(asked, /npm install.* \(process \d+, .*running since \d\d:\d\d, works with this cache/);
    for (const { name } of chain) {
      expect(fs.existsSync(path.join(home, 'project', 'node_modules', name, 'index.js'))).toBe(true);
    }
    if (fs.existsSync(cacache)) {
      expect(fs.statSync(cacache).ino).toBe(ino);
      const { code, operations } = await clear(home, ['npm/_cacache', '--yes']);
      expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    }
    expect(fs.existsSync(cacache)).toBe(false);
    const cleared = (await history(home)).filter(({ state }) => state === 'done');
    expect(the(cleared).bytes.freed).toBeGreaterThan(0);
  }, 300_000);
});

test.skipIf(needsPip.skip)(`there is a pip to test with${needsPip.note}`, () => expect(pips).not.toEqual([]));

describe.each(pips)(`a real pip install ($version, $format), while clear is asked ${times} times`, (pip: Pip) => {
  test('always succeeds; the clear is refused with its name until it has ended, and then works', async () => {
    const home = newHome();
    const [fast, unit] = [await startIndex(), path.join(home, '.cache', 'pip', pip.format)];
    onTestFinished(fast.close);
    expect(await pipInstall(pip, home, null, fast.url, ['needs-all'])).toMatchObject({ code: 0 });
    fs.rmSync(path.join(home, 'target'), { recursive: true });
    const asked = await askDuring(home, `pip/${pip.format}`, 2, async (before) => {
      const slow = await startIndex('json', undefined, before);
      onTestFinished(slow.close);
      expect(await pipInstall(pip, home, null, slow.url, ['needs-all'])).toMatchObject({ code: 0 });
    });
    check(asked, /pip install.* \(process \d+, .*running since \d\d:\d\d, works with this cache/);
    expect(fs.existsSync(path.join(home, 'target', 'built', '__init__.py'))).toBe(true);
    if (fs.existsSync(unit)) {
      const { code, operations } = await clear(home, [`pip/${pip.format}`, '--yes']);
      expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    }
    expect(fs.existsSync(unit)).toBe(false);
    expect(the((await history(home)).filter(({ state }) => state === 'done')).bytes.freed).toBeGreaterThan(0);
  }, 300_000);
});
