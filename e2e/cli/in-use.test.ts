import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../shared/model.ts';
import { clear, history, the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { busyProcess } from '../support/processes.ts';
import { inspect, newHome } from '../support/program.ts';
import { fingerprint } from '../support/sandbox.ts';

const withFileOpen = (file: string): Promise<number> => busyProcess('sh', ['-c', 'exec sleep 1000 < "$1"', 'sh', file]);

describe.skipIf(linux.skip)('a cache that a process is using', () => {
  test.each([
    ['with a file of it open', (unit: string) => withFileOpen(path.join(unit, 'index-v5/aa/bb/one'))],
    ['with its working directory in it', (unit: string) => busyProcess('sleep', ['1000'], path.join(unit, 'tmp'))],
  ])('is left alone, %s, and the process is named', async (_, use) => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const pid = await use(unit);
    const before = fingerprint(home);
    const looked = await inspect(home, ['plan', 'npm/_cacache', '--json']);
    expect(looked.code).toBe(3);
    const { plan } = looked.json<{ plan: Plan }>();
    expect(the(plan.holders)).toMatchObject({ pid, command: 'sleep 1000' });
    expect(the(plan.refusals)).toMatchObject({ code: 'in-use', path: unit });
    const refused = await clear(home, ['npm/_cacache', '--yes']);
    expect(refused.code).toBe(3);
    expect(the(the(refused.operations).errors)).toMatchObject({ code: 'in-use' });
    expect(the(the(refused.operations).errors).message).toContain(`process ${pid}`);
    expect(fingerprint(home)).toBe(before);
    expect(await history(home)).toEqual(refused.operations);
  });

  test('is cleared all the same when the person says so, and the process goes on', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const pid = await withFileOpen(path.join(unit, 'content-v2/sha512/11/22/33'));
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes', '--even-if-in-use']);
    expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'done' });
    expect(fs.existsSync(unit)).toBe(false);
    expect(process.kill(pid, 0)).toBe(true);
  });

  test('is left alone when only its lock is held, or its command line says so', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const script = path.join(home, 'npm-cli.js');
    fs.writeFileSync(script, 'setTimeout(() => {}, 600_000)');
    const pid = await busyProcess('env', [
      '-u',
      'npm_config_cache',
      `HOME=${home}`,
      process.execPath,
      script,
      'install',
      'react',
    ]);
    const refused = await clear(home, ['npm/_cacache', '--yes']);
    expect(refused.code).toBe(3);
    expect(the(the(refused.operations).errors)).toMatchObject({
      code: 'in-use',
      message: expect.stringMatching(`npm install react \\(process ${pid}, running since .*, works with this cache`),
    });
    process.kill(pid, 'SIGKILL');
    const lock = path.join(home, '.npm', 'some.lock');
    fs.writeFileSync(lock, '');
    const locker = await busyProcess('flock', ['-F', lock, 'sleep', '1000']);
    expect((await clear(home, ['npm/_cacache', '--yes'])).code).toBe(3);
    process.kill(locker, 'SIGKILL');
    expect(fs.existsSync(unit)).toBe(true);
    expect((await clear(home, ['npm/_cacache', '--yes'])).code).toBe(0);
  });

  test('may be in use while a file of it is unfinished that nobody has open', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const file = path.join(unit, 'tmp', '0b1e2f3a-0123-4567-89ab-0123456789ab');
    // As fresh as it was a moment ago, however long the program takes to start.
    const writing = setInterval(() => fs.writeFileSync(file, 'x'), 100);
    const refused = await clear(home, ['npm/_cacache', '--yes']).finally(() => clearInterval(writing));
    expect(refused.code).toBe(3);
    expect(the(the(refused.operations).errors)).toMatchObject({
      code: 'cannot-tell',
      message: expect.stringContaining('is not finished: npm may be at work'),
    });
    expect((await clear(home, ['npm/_cacache', '--yes', '--even-if-in-use'])).code).toBe(0);
    expect(fs.existsSync(unit)).toBe(false);
  });

  test('does not keep its other units from being cleared', async () => {
    const home = newHome();
    const unit = writeNpmCache(home);
    const logs = path.join(home, '.npm', '_logs');
    fs.mkdirSync(logs);
    await withFileOpen(path.join(unit, 'index-v5/aa/bb/one'));
    const { code } = await clear(home, ['npm/_logs', '--yes']);
    expect({ code, logs: fs.existsSync(logs), unit: fs.existsSync(unit) }).toEqual({
      code: 0,
      logs: false,
      unit: true,
    });
  });
});
