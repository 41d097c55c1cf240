import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { kernelLocks, locksOn } from '../../electron/core/usage/proc-locks.ts';
import { clear, the } from '../support/answers.ts';
import { linux } from '../support/caches.ts';
import { until } from '../support/holding.ts';
import { inspect, newHome, startProgram } from '../support/program.ts';
import { fingerprint, has, missing, write } from '../support/sandbox.ts';

/** Caches as the tools make them, with the files that they lock. */
const caches = [
  { tool: 'uv', root: '.cache/uv', lock: '.lock', unit: 'wheels-v5', file: 'pypi/idna/one', access: '-s' },
  {
    tool: 'cargo',
    root: '.cargo',
    lock: '.package-cache-mutate',
    unit: 'registry/cache',
    file: 'a/one.crate',
    access: '-s',
  },
  { tool: 'cargo', root: '.cargo', lock: '.package-cache', unit: 'registry/cache', file: 'a/one.crate', access: '-x' },
  {
    tool: 'pre-commit',
    root: '.cache/pre-commit',
    lock: '.lock',
    unit: 'repo1a2b3c4d',
    file: '.pre-commit-hooks.yaml',
    access: '-x',
  },
] as const;

const tag = 'Signature: 8a477f597d28d172789f06886806bc55\n';

const newCache = ({ root: place, lock, unit, file }: (typeof caches)[number]) => {
  const home = newHome();
  const root = path.join(home, place);
  write(root, { [lock]: '', 'CACHEDIR.TAG': tag, [`${unit}/${file}`]: 'content' });
  return { home, root, lock: path.join(root, lock), unit: path.join(root, unit) };
};

/** Holds a lock as the tool does, in a process of its own, until the test ends. */
const holding = async (access: string, file: string): Promise<ChildProcess & { readonly pid: number }> => {
  const child = spawn('flock', [access, file, 'sleep', '300'], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
  });
  await until(() => isLocked(file));
  return Object.assign(child, { pid });
};

const isLocked = (file: string): boolean => locksOn(file, kernelLocks() ?? []).length > 0;
const newcomerGets = (file: string): boolean => spawnSync('flock', ['-n', '-s', file, 'true']).status === 0;

describe.skipIf(linux.skip || missing(!has('flock')))("a tool's own lock", () => {
  test.each(caches)('keeps $tool from being cleared while $lock is held, and no longer (row 74)', async (cache) => {
    const { home, root, lock, unit } = newCache(cache);
    const { ino } = fs.statSync(lock);
    const holder = await holding(cache.access, lock);
    const before = fingerprint(root);
    const refused = await clear(home, [cache.tool, '--yes']);
    expect(refused.code).toBe(3);
    const error = the(the(refused.operations).errors);
    expect(error).toMatchObject({ code: 'in-use', path: unit });
    expect(error.message).toContain(`process ${holder.pid}, `);
    expect(fingerprint(root)).toBe(before);

    const exit = once(holder, 'exit');
    process.kill(-holder.pid, 'SIGKILL');
    await exit;
    await until(() => !isLocked(lock));
    const done = await clear(home, [cache.tool, '--yes']);
    expect({ code: done.code, state: the(done.operations).state }).toEqual({ code: 0, state: 'done' });
    expect(fs.existsSync(unit)).toBe(false);
    expect(fs.statSync(lock).ino).toBe(ino);
    expect(fs.readFileSync(path.join(root, 'CACHEDIR.TAG'), 'utf8')).toBe(tag);
    expect(newcomerGets(lock)).toBe(true);
  });

  test.skipIf(missing(!has('strace')))(
    'is ours while uv is renamed: a newcomer waits, and finds an empty cache then',
    async () => {
      const { home, lock, unit } = newCache(caches[0]);
      const through = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=rename'];
      through.push('-e', 'inject=rename:delay_enter=3000000:when=1');
      const clearing = startProgram(home, ['clear', 'uv', '--yes'], { through });
      const exit = once(clearing, 'exit');
      await until(() => isLocked(lock));
      expect(newcomerGets(lock)).toBe(false);
      expect(fs.existsSync(unit)).toBe(true);
      // As uv does: it waits for the lock, then looks what is there.
      const newcomer = spawnSync('flock', ['-s', lock, 'ls', path.dirname(unit)], { encoding: 'utf8' });
      expect(newcomer.stdout.split('\n')).not.toContain('wheels-v5');
      expect(await exit).toEqual([0, null]);
    },
  );

  test('is not made where there is none', async () => {
    const { home, root, lock } = newCache(caches[0]);
    fs.unlinkSync(lock);
    expect((await clear(home, ['uv', '--yes'])).code).toBe(0);
    expect(fs.readdirSync(root)).toEqual(['CACHEDIR.TAG']);
  });

  test('is no obstacle when the person says so, and the history tells', async () => {
    const { home, lock, unit } = newCache(caches[0]);
    await holding('-s', lock);
    const { code, operations } = await clear(home, ['uv', '--yes', '--even-if-in-use']);
    expect(code).toBe(0);
    expect(
      the(operations)
        .steps.map(({ note }) => note)
        .join(),
    ).toContain(`${lock} was held by somebody`);
    expect(fs.existsSync(unit)).toBe(false);
    expect(isLocked(lock)).toBe(true);
  });

  test('keeps a folder that is cleared as a whole from being renamed with the held lock in it', async () => {
    const home = newHome();
    const folder = path.join(home, 'models');
    write(folder, { '.lock': '', one: '1' });
    await inspect(home, ['add', folder, '--this-is-a-cache']);
    await holding('-s', path.join(folder, '.lock'));
    const before = fingerprint(folder);
    const { code, operations } = await clear(home, [folder, '--yes']);
    expect(code).toBe(3);
    expect(the(the(operations).errors)).toMatchObject({ code: 'in-use' });
    expect(fingerprint(folder)).toBe(before);
  });
});
