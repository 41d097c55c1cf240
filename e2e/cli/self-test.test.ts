import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Check, SelfTest } from '../../shared/model.ts';
import { linux, needs, writeNpmCache } from '../support/caches.ts';
import { canMount, killGroup, withMounts } from '../support/processes.ts';
import { inspect, newHome, startProgram, stateOf } from '../support/program.ts';
import { fingerprint, sandbox } from '../support/sandbox.ts';

const long = { timeout: 300_000 };
const mounts = needs('namespace to mount things in', !linux.skip && canMount());

const checkOf = ({ checks }: SelfTest, words: string): Check | undefined =>
  checks.find(({ name }) => name.includes(words));

describe.skipIf(linux.skip)('doctor --self-test', () => {
  test('says what was tried and what came of it, and changes nothing', long, async () => {
    const home = newHome();
    writeNpmCache(home);
    const before = fingerprint(home);
    const env = { TMPDIR: sandbox() };
    const ran = await inspect(home, ['doctor', '--self-test', '--json'], { env });
    const tried = ran.json<SelfTest>();
    const failed = tried.checks.filter(({ result }) => result === 'fails');
    expect({
      code: ran.code,
      stderr: ran.stderr,
      failed: failed.filter(({ name }) => !name.includes('power cut')),
    }).toEqual({
      code: failed.length === 0 ? 0 : 1,
      stderr: '',
      failed: [],
    });
    for (const words of ['swapped link', 'killed', 'lock', 'names are bytes', 'who is using']) {
      expect(checkOf(tried, words)?.result, words).toBe('holds');
    }
    if (!mounts.skip) {
      expect(checkOf(tried, 'mounted below')).toMatchObject({ result: 'holds' });
      expect(checkOf(tried, 'written down')?.result).toBe('holds');
    }
    expect(fs.readdirSync(env.TMPDIR)).toEqual([]);
    expect(fingerprint(home)).toBe(before);
  });

  test.skipIf(mounts.skip)(`exits with 1 when something does not hold, and says what${mounts.note}`, long, async () => {
    const home = newHome();
    fs.mkdirSync(stateOf(home));
    const options = { env: { TMPDIR: sandbox() }, through: withMounts('mount -t tmpfs none "$1"', stateOf(home)) };
    const { code, stdout } = await inspect(home, ['doctor', '--self-test'], options);
    expect(code).toBe(1);
    expect(stdout).toMatch(/what is written down survives a power cut +DOES NOT HOLD/);
    expect(stdout).toContain('tmpfs file system: it is gone after a restart');
    expect(stdout).toContain('1 thing did not hold');
  });

  test('that is killed in the middle leaves a place that the next one removes', long, async () => {
    const home = newHome();
    const env = { TMPDIR: sandbox() };
    const places = () => fs.readdirSync(env.TMPDIR);
    const running = startProgram(home, ['doctor', '--self-test'], { env });
    while (!places().some((name) => fs.existsSync(path.join(env.TMPDIR, name, '0')))) {
      if (running.exitCode !== null) throw new Error(`it ended with ${running.exitCode}`);
      await sleep(5);
    }
    await killGroup(running);
    expect(places()).toHaveLength(1);
    expect((await inspect(home, ['doctor', '--self-test'], { env })).stdout).toContain('which is removed again');
    expect(places()).toEqual([]);
  });
});
