import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockingChild, taker } from '../../electron/core/usage/testing/lock-process.ts';
import { clear, history, the } from '../support/answers.ts';
import { linux, writeNpmCache } from '../support/caches.ts';
import { isRunning, lockBeside, runningFrom, sayAndSleep, startHold, until } from '../support/holding.ts';
import { inspect, newHome, program, stateOf } from '../support/program.ts';
import { fingerprint, has, isRoot, missing, siblings } from '../support/sandbox.ts';

const newCache = () => {
  const home = newHome();
  const unit = writeNpmCache(home);
  const said = path.join(home, 'said');
  return {
    home,
    unit,
    said,
    root: path.join(home, '.npm'),
    hold: (...words: string[]) => inspect(home, ['hold', ...words]),
  };
};

describe.skipIf(linux.skip)('a cache that hold keeps clears off', () => {
  test('is not cleared: the clear is refused and names the command; when that has ended, it goes on', async () => {
    const { home, unit, root } = newCache();
    // Long enough for a clear on a machine that is busy.
    const holding = startHold(home, ['npm', '--', 'sleep', '20']);
    await until(() => fs.existsSync(lockBeside(root)));
    const before = fingerprint(unit);
    const { code, operations } = await clear(home, ['npm/_cacache', '--yes']);
    expect(code).toBe(3);
    expect(the(the(operations).errors)).toMatchObject({ code: 'in-use', path: unit });
    expect(the(the(operations).errors).message).toContain(`sleep 20 (process ${holding.pid}, cache-inspector hold)`);
    expect(fingerprint(unit)).toBe(before);
    expect(await holding.end).toEqual({ code: 0, signal: null });
    expect((await clear(home, ['npm/_cacache', '--yes'])).code).toBe(0);
    expect(fs.existsSync(unit)).toBe(false);
    expect(siblings(root).filter((name) => name.includes('cache-inspector'))).toEqual([]);
    expect((await history(home)).map(({ state }) => state).sort()).toEqual(['done', 'refused']);
  });

  test('is freed at once when the holder is killed, though the command goes on', async () => {
    const { home, unit, said } = newCache();
    const holding = startHold(home, ['npm', '--', ...sayAndSleep(said)]);
    const command = await runningFrom(said);
    holding.child.kill('SIGKILL');
    await holding.end;
    expect(isRunning(command)).toBe(true);
    const { code } = await clear(home, ['npm/_cacache', '--yes']);
    expect({ code, there: fs.existsSync(unit) }).toEqual({ code: 0, there: false });
    expect(isRunning(command)).toBe(true);
  });

  test('is not held by what the command leaves behind (row 76)', async () => {
    const { home, unit, said, hold } = newCache();
    const { code } = await hold('npm', '--', 'sh', '-c', 'sleep 300 > /dev/null 2>&1 & echo $! > "$0"', said);
    const daemon = await runningFrom(said);
    try {
      expect({ code, runs: isRunning(daemon) }).toEqual({ code: 0, runs: true });
      expect((await clear(home, ['npm/_cacache', '--yes'])).code).toBe(0);
      expect(fs.existsSync(unit)).toBe(false);
    } finally {
      process.kill(daemon, 'SIGKILL');
    }
  });

  test('is cleared all the same when the person says so', async () => {
    const { home, unit, said } = newCache();
    startHold(home, ['npm', '--', ...sayAndSleep(said)]);
    await runningFrom(said);
    const { code } = await clear(home, ['npm/_cacache', '--yes', '--even-if-in-use']);
    expect({ code, there: fs.existsSync(unit) }).toEqual({ code: 0, there: false });
  });

  test('may be held by several, also by one inside the other; a unit and a path mean its lock', async () => {
    const { home, root, said } = newCache();
    const words = [...program, 'hold', root, '--', ...sayAndSleep(said)];
    const outer = startHold(home, ['npm/_cacache', '--', ...words]);
    const command = await runningFrom(said);
    const refused = await clear(home, ['npm/_cacache', '--yes']);
    expect(the(the(refused.operations).errors).message.match(/cache-inspector hold/g)).toHaveLength(2);
    process.kill(command, 'SIGTERM');
    expect(await outer.end).toEqual({ code: 143, signal: null });
    expect(fs.existsSync(lockBeside(root))).toBe(false);
  });

  test('can be one of several, and need not be there yet', async () => {
    const { home, said } = newCache();
    const holding = startHold(home, ['npm', 'pip', '--', ...sayAndSleep(said)]);
    const command = await runningFrom(said);
    // ~/.cache is made by the command itself.
    const pip = path.join(home, '.cache', 'pip');
    fs.mkdirSync(path.join(pip, 'http-v2'), { recursive: true });
    for (const name of ['npm/_cacache', 'pip/http-v2']) {
      const { operations } = await clear(home, [name, '--yes']);
      expect(the(the(operations).errors)).toMatchObject({ code: 'in-use' });
    }
    await until(() => fs.existsSync(lockBeside(pip)));
    process.kill(command, 'SIGTERM');
    expect(await holding.end).toEqual({ code: 143, signal: null });
    expect((await clear(home, ['pip/http-v2', '--yes'])).code).toBe(0);
  });

  test('is said to be held for this user only where no file can be made beside it', async () => {
    const { root, hold } = newCache();
    fs.mkdirSync(lockBeside(root));
    const ran = await hold('npm', '--', 'true');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(`${root} is held for this user only`);
  });

  test.skipIf(!isRoot || missing(!has('setpriv')))(
    'is held against other users, too, and they are told by whom',
    async () => {
      const { home, root, unit, said } = newCache();
      for (const at of [path.dirname(home), home, root]) fs.chmodSync(at, 0o777);
      const theirs = path.join(path.dirname(home), 'state-of-nobody');
      fs.mkdirSync(theirs);
      fs.chownSync(theirs, 65_534, 65_534);
      const through = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      const options = { through, env: { CACHE_INSPECTOR_HOME: theirs } };
      const holding = startHold(home, ['npm', '--', ...sayAndSleep(said)], options);
      await runningFrom(said);
      const { code, operations } = await clear(home, ['npm/_cacache', '--yes']);
      expect(code).toBe(3);
      expect(the(the(operations).errors).message).toContain(`process ${holding.pid}, cache-inspector hold`);
      expect(fs.existsSync(unit)).toBe(true);
    },
  );
});

describe.skipIf(linux.skip)('hold, while a clear is under way', () => {
  const clearing = async (root: string, home: string) => {
    const other = await lockingChild(taker('exclusive'), root, stateOf(home));
    expect(await other.line()).toBe('held');
    return other;
  };

  test('waits, says so after a second, and runs the command then', async () => {
    const { home, root } = newCache();
    const other = await clearing(root, home);
    const holding = startHold(home, ['npm', '--', 'echo', 'ran']);
    await until(() => holding.stderr().includes('Waiting'));
    expect(holding.stderr()).toContain(`${root} is being cleared by`);
    expect(holding.stderr()).toContain(`(process ${other.pid})`);
    expect(holding.stdout()).toBe('');
    other.go();
    expect(await holding.end).toEqual({ code: 0, signal: null });
    expect(holding.stdout()).toBe('ran\n');
  });

  test('gives up after --timeout, runs nothing and says who', async () => {
    const { home, root, hold } = newCache();
    const other = await clearing(root, home);
    const ran = await hold('npm', '--timeout', '0.3', '--', 'echo', 'ran');
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: '' });
    expect(ran.stderr).toContain(`process ${other.pid}`);
  });

  test('stops waiting at Ctrl-C, and runs nothing', async () => {
    const { home, root } = newCache();
    await clearing(root, home);
    const holding = startHold(home, ['npm', '--', 'echo', 'ran']);
    await until(() => holding.stderr().includes('Waiting'));
    holding.child.kill('SIGINT');
    expect(await holding.end).toEqual({ code: 130, signal: null });
    expect(holding.stdout()).toBe('');
  });
});

describe.skipIf(linux.skip)('the command that hold runs', () => {
  test.each([
    ['its exit code', ['sh', '-c', 'exit 41'], 41],
    ['128 and the number of the signal that ended it', ['sh', '-c', 'kill -USR1 $$'], 138],
    ['127 when there is no such command', ['no-such-command'], 127],
    ['126 when it cannot be run', ['/'], 126],
  ])('gives %s', async (_, command, code) => {
    const { root, hold } = newCache();
    expect((await hold('npm', '--', ...command)).code).toBe(code);
    expect(fs.existsSync(lockBeside(root))).toBe(false);
  });

  test('has its words as they are, the input, and the folder where the person stands', () => {
    const { home } = newCache();
    const env = { ...process.env, HOME: home, CACHE_INSPECTOR_HOME: stateOf(home) };
    const words = [
      'hold',
      'npm',
      '--',
      'sh',
      '-c',
      'cat; pwd; printf "%s|" "$@"',
      'sh',
      '--json',
      '--',
      '--help',
      'a b',
    ];
    const [node = '', ...rest] = program;
    const ran = spawnSync(node, [...rest, ...words], { input: 'typed\n', encoding: 'utf8', env, cwd: home });
    expect(ran.stdout).toBe(`typed\n${home}\n--json|--|--help|a b|`);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'is passed %s, and decides itself what to do',
    async (signal) => {
      const { home, root, said } = newCache();
      const name = signal.slice(3);
      const script = `trap 'exit 42' ${name}; echo $$ > "$0.new"; mv "$0.new" "$0"; while :; do sleep 0.1; done`;
      const holding = startHold(home, ['npm', '--', 'sh', '-c', script, said]);
      await runningFrom(said);
      holding.child.kill(signal);
      expect(await holding.end).toEqual({ code: 42, signal: null });
      expect(fs.existsSync(lockBeside(root))).toBe(false);
    },
  );

  // A key reaches every process in front of the terminal, so passing it on would make it two.
  test.skipIf(missing(!has('python3')))('hears Ctrl-C from the terminal once', async () => {
    const { home, said } = newCache();
    const count = path.join(home, 'count');
    const script = `n=0; trap 'n=$((n + 1)); echo $n > "$1"' INT; echo > "$0"; i=0; while [ $i -lt 20 ]; do sleep 0.1; i=$((i + 1)); done`;
    const press = [
      'import os, pty, sys, time',
      'pid, fd = pty.fork()',
      'if pid == 0: os.execvp(sys.argv[2], sys.argv[2:])',
      'while not os.path.exists(sys.argv[1]): time.sleep(0.02)',
      'os.write(fd, b"\\x03")',
      'try:',
      '    while os.read(fd, 1000): pass',
      'except OSError: pass',
      'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
    ].join('\n');
    const ran = await inspect(home, ['hold', 'npm', '--', 'sh', '-c', script, said, count], {
      through: ['python3', '-c', press, said],
    });
    expect({ code: ran.code, count: fs.readFileSync(count, 'utf8') }).toEqual({ code: 0, count: '1\n' });
  });

  test.each([
    ['no --', ['npm', 'true'], '--'],
    ['nothing behind --', ['npm', '--'], '--'],
    ['no cache', ['--', 'true'], 'Name the cache'],
    ['a cache that nobody knows', ['nonsense', '--', 'true'], 'nonsense'],
    ['an option that does not exist', ['npm', '--sideways', '--', 'true'], '--sideways'],
  ])('is not run with %s', async (_, words, hint) => {
    const { hold } = newCache();
    const ran = await hold(...words);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(hint);
  });
});

describe.skipIf(linux.skip || missing(!has('strace')))('a place that does not lock (row 77)', () => {
  test('is told: the clear is refused, and done when a person says so; hold runs nothing', async () => {
    const { home, unit, root } = newCache();
    const through = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', lockBeside(root)];
    through.push('-e', 'trace=fcntl', '-e', 'inject=fcntl:error=EOPNOTSUPP');
    const before = fingerprint(unit);
    const refused = await clear(home, ['npm/_cacache', '--yes'], { through });
    expect(refused.code).toBe(3);
    expect(the(the(refused.operations).errors)).toMatchObject({ code: 'not-lockable', path: root });
    expect(fingerprint(unit)).toBe(before);
    const held = await inspect(home, ['hold', 'npm', '--', 'echo', 'ran'], { through });
    expect({ code: held.code, stdout: held.stdout }).toEqual({ code: 3, stdout: '' });
    const done = await clear(home, ['npm/_cacache', '--yes', '--even-if-in-use'], { through });
    expect(done.code).toBe(0);
    expect(
      the(done.operations)
        .steps.map(({ note }) => note)
        .join(),
    ).toContain('not lockable');
    expect(fs.existsSync(unit)).toBe(false);
  });
});
