import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { clear, history, recovered, the } from '../support/answers.ts';
import { linux, needs, writeNpmCache } from '../support/caches.ts';
import { canMount, withMounts } from '../support/processes.ts';
import { inspect, newHome, program, type RunOptions, stateOf } from '../support/program.ts';
import { fingerprint, isRoot, siblings } from '../support/sandbox.ts';

const long = { timeout: 240_000 };
const nobody = 65_534;
const asNobody = isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
const [command = '', ...rest] = [...asNobody, ...program, '--version'];
const ordinary = needs(
  'ordinary user that can run this checkout',
  !linux.skip && isRoot && spawnSync(command, rest).status === 0,
);
const mounts = needs('namespace to mount things in', !linux.skip && canMount());

const canFlag = (): boolean => {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'cache-inspector-test-'));
  const can = spawnSync('chattr', ['+i', at]).status === 0 && spawnSync('chattr', ['-i', at]).status === 0;
  fs.rmdirSync(at);
  return can;
};
const flags = needs('file system with immutable flags that root may set', !linux.skip && isRoot && canFlag());

const flag = (letter: string, at: string): (() => void) => {
  execFileSync('chattr', [`+${letter}`, at]);
  const off = () => void spawnSync('chattr', [`-${letter}`, at]);
  onTestFinished(off);
  return off;
};

/** The same operation from the clear itself and from the history, and the sentences in the terminal's own words. */
const told = async (
  home: string,
  options?: RunOptions,
): Promise<{ readonly operation: Operation; readonly text: string }> => {
  const operation = the((await clear(home, ['npm/_cacache', '--yes'], options)).operations);
  expect((await history(home))[0]).toEqual(operation);
  const { stdout } = await inspect(home, ['history', operation.id]);
  const list = (await inspect(home, ['history'])).stdout;
  for (const { message, step, path: at } of operation.errors) {
    // The code stands in brackets before the full stop.
    const sentence = message.replace(/[.]$/, '');
    expect(stdout).toContain(sentence);
    expect(list).toContain(sentence);
    expect({ step, at }).toEqual({ step: expect.stringMatching(/./), at: expect.stringMatching(/^\//) });
    // Every sentence names what to do next.
    expect(message).toMatch(/again|removes|Clear|clear/);
  }
  if (operation.bytes.freed === 0) expect(stdout).toContain('0 B freed');
  return { operation, text: stdout };
};

describe.skipIf(linux.skip)('an error says what is the case and what to do, the same everywhere:', () => {
  test.skipIf(flags.skip)(
    `an immutable file inside: all else goes, and it can be gone on with${flags.note}`,
    long,
    async () => {
      const home = newHome();
      const unit = writeNpmCache(home);
      const off = flag('i', path.join(unit, 'tmp/left'));
      const { operation, text } = await told(home);
      const aside = operation.asidePath ?? '';
      const sentence = `blocked by the immutable flag on ${aside}/tmp/left (chattr -i removes it, as root; then try again)`;
      expect(operation).toMatchObject({
        state: 'partial',
        leftCount: 1,
        left: [{ path: `${aside}/tmp/left`, errno: 1, message: sentence }],
        errors: [{ step: 'delete', errno: 1, code: 'EPERM', path: `${aside}/tmp/left`, message: sentence }],
      });
      expect(text).toContain('Next');
      expect(text).toMatch(/recover|resume/);
      off();
      spawnSync('chattr', ['-i', path.join(aside, 'tmp/left')]);
      expect(the(await recovered(home))).toMatchObject({ state: 'done', left: [], errors: [] });
      expect(siblings(unit)).toEqual([]);
    },
  );

  test.skipIf(flags.skip).each([
    ['i', '.npm/_cacache', 'immutable'],
    ['a', '.npm', 'append-only'],
    ['i', '.npm', 'immutable'],
  ])(
    `chattr +%s on %s: it stays whole, and that nothing was freed is said${flags.note}`,
    long,
    async (letter, name, words) => {
      const home = newHome();
      const unit = writeNpmCache(home);
      const before = fingerprint(unit);
      const off = flag(letter, path.join(home, name));
      const { operation } = await told(home);
      expect(operation).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null });
      expect(the(operation.errors)).toMatchObject({
        step: 'set-aside',
        errno: 1,
        path: unit,
        message: expect.stringContaining(`blocked by the ${words} flag on ${path.join(home, name)} (chattr -${letter}`),
      });
      off();
      expect(fingerprint(unit)).toBe(before);
      expect((await clear(home, ['npm/_cacache', '--yes'])).operations).toMatchObject([{ state: 'done' }]);
    },
  );

  test.skipIf(mounts.skip)(
    `a cache on a read-only mount is refused before anything is written down as begun${mounts.note}`,
    long,
    async () => {
      const home = newHome();
      const unit = writeNpmCache(home);
      const before = fingerprint(home);
      const root = path.dirname(unit);
      const through = withMounts('mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"', root);
      const { operation } = await told(home, { through });
      expect(operation).toMatchObject({ state: 'refused', bytes: { freed: 0 }, asidePath: null });
      expect(operation.steps.map(({ step }) => step)).toEqual(['refused']);
      expect(the(operation.errors)).toMatchObject({
        code: 'read-only',
        message: expect.stringContaining(
          `the file system at ${root} is mounted read-only: mount it writable, then try again`,
        ),
      });
      expect(fingerprint(home)).toBe(before);
    },
  );

  test.skipIf(ordinary.skip)(`folders of somebody else above and inside${ordinary.note}`, long, async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    fs.mkdirSync(stateOf(home));
    execFileSync('chown', ['-R', `${nobody}:${nobody}`, path.dirname(home)]);
    fs.chownSync(path.dirname(unit), 0, 0);
    const options = { through: asNobody };
    const ask = async () => the((await clear(home, ['npm/_cacache', '--yes'], options)).operations);
    expect(the((await ask()).errors)).toMatchObject({
      errno: 13,
      message: expect.stringContaining(`it stands in ${path.dirname(unit)}, which belongs to root (mode 0755)`),
    });
    fs.chownSync(path.dirname(unit), nobody, nobody);
    fs.chownSync(path.join(unit, 'index-v5/aa'), 0, 0);
    const partly = await ask();
    expect(partly.state).toBe('partial');
    expect(partly.left[0]?.message).toMatch(
      /^it stands in .*index-v5\/aa, which belongs to root \(mode 0755\).* try again as root/,
    );
    expect(partly.errors[0]).toMatchObject({ errno: partly.left[0]?.errno, message: partly.left[0]?.message });
  });

  test.skipIf(!isRoot)(
    `a unit of a user with a name${isRoot ? '' : ' (SKIPPED: only root can make one)'}`,
    long,
    async () => {
      const home = newHome();
      const unit = writeNpmCache(home);
      fs.chownSync(unit, nobody, nobody);
      const { operation } = await told(home);
      expect(the(operation.errors).message).toMatch(
        /belongs to .*65534\)?\. Clear it as that user, or have it given to you\./,
      );
    },
  );
});

test.skipIf(linux.skip)('what was never there is said to have freed nothing', long, async () => {
  const home = newHome();
  writeNpmCache(home);
  await clear(home, ['npm', '--yes']);
  const { stdout } = await inspect(home, ['clear', 'npm/_cacache', '--yes']);
  expect(stdout).toContain('0 B freed');
});
