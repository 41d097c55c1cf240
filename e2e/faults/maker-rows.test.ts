import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import { deadPid } from '../support/processes.ts';
import { fingerprint } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { startAs } from './support/chosen-pid.ts';
import { clean, goes, isLeftAlone, looked, plant, remove } from './support/leftovers.ts';
import { command, namespaces, root, strace } from './support/needs.ts';
import { startOther } from './support/other.ts';
import { hasHeld, row } from './support/row.ts';
import { stoppedAside } from './support/stopped.ts';
import { untilWithin } from './support/until-within.ts';
import { ordinaryUser } from './support/ways.ts';

// Who made a copy that was left behind, and whether they are still at work on it.

row(58, 'the process that a name names runs', {}, async (box) => {
  const { pid } = startOther('sleep', ['1000']);
  const at = plant(box, pid);
  expect(await looked(box, at)).toMatchObject({ verdict: 'in-progress', cleaning: 'never' });
  const { id } = await looked(box, at);
  expect(await clean(box, ['--clean', id])).toMatchObject({ code: 3, error: 'in-use' });
  await isLeftAlone(box, at);
  remove(at);
  return { unit: 'whole', history: [] };
});

row(58, 'it has ended', {}, async (box) => {
  const at = plant(box, deadPid());
  expect(await looked(box, at)).toMatchObject({ verdict: 'abandoned', cleaning: 'safe' });
  await goes(box, at);
  return { unit: 'whole', history: ['done'] };
});

row(58, 'it has ended, and its parent has not asked', {}, async (box) => {
  const parent = startOther('sh', ['-c', 'sleep 1 & echo $!; exec sleep 1000']);
  const pid = Number(await parent.next());
  const at = plant(box, pid);
  await untilWithin(30_000, () => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z '), 'its end');
  const found = await looked(box, at);
  expect(found).toMatchObject({ verdict: 'abandoned', cleaning: 'safe' });
  await goes(box, at);
  return { unit: 'whole', history: ['done'] };
});

row(58, 'its number is that of a thread now', {}, async (box) => {
  const thread = the(fs.readdirSync('/proc/self/task').slice(-1));
  expect(Number(thread)).not.toBe(process.pid);
  const at = plant(box, thread);
  // To kill(2) this is a process that lives.
  expect(process.kill(Number(thread), 0)).toBe(true);
  const found = await looked(box, at);
  expect(found).toMatchObject({ verdict: 'abandoned', cleaning: 'safe' });
  expect(found.evidence.join()).toContain(`process ${process.pid}`);
  await goes(box, at);
  return { unit: 'whole', history: ['done'] };
});

const chosen = { needs: [root, command('python3')] };

row(58, 'its number was given to another program', chosen, async (box, impossible) => {
  const pid = deadPid();
  const at = plant(box, pid);
  // A start is known to a second, and a time of change may lag: two seconds are nobody's proof.
  await sleep(5000);
  const started = await startAs(pid);
  if (started.other === null) return impossible(`a process cannot be started with a chosen number: ${started.why}`);
  const found = await looked(box, at);
  expect(found).toMatchObject({ verdict: 'abandoned', cleaning: 'safe' });
  expect(found.evidence.join()).toContain(`process ${pid} (sleep) started after`);
  await goes(box, at);
  return { unit: 'whole', history: ['done'] };
});

const killed = { needs: [root, strace, command('python3')], timeoutMs: 240_000 };

row(58, 'the number of a clear that was killed was given to another program', killed, async (box, impossible) => {
  await box.begun();
  const clear = await stoppedAside(box, ['clear', box.target, '--undo-window', '3600']);
  // It stands still, and lives: nobody takes its copy.
  expect(await box.recover()).toEqual([]);
  await hasHeld(box, 'absent');
  const stale = the(box.staleCopies());
  expect(await looked(box, stale)).toMatchObject({ origin: 'ours' });
  await clear.kill();
  const started = await startAs(clear.pid);
  if (started.other === null) return impossible(`a process cannot be started with a chosen number: ${started.why}`);
  // Within the same second, perhaps: the ticks of its start tell.
  expect(await looked(box, stale)).toMatchObject({ origin: 'ours', verdict: 'undoable', cleaning: 'ask' });
  expect(the(await box.recover())).toMatchObject({ state: 'done', left: [] });
  return { unit: 'absent', history: ['done'] };
});

/** A pid namespace of its own, with a /proc of its own; its first process is a shell that runs the script. */
const pidNamespace = async (script: string, ...words: readonly string[]): Promise<number> => {
  const args = ['-p', '-f', '-m', '--propagation', 'private', '--mount-proc', 'sh', '-ec', script, 'sh', ...words];
  const other = spawn('unshare', args, { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  onTestFinished(() => {
    process.kill(-(other.pid ?? 0), 'SIGKILL');
  });
  await new Promise((resolve, reject) => other.once('error', reject).stdout.once('data', resolve));
  const [inside = ''] = fs.readFileSync(`/proc/${other.pid}/task/${other.pid}/children`, 'utf8').trim().split(' ');
  return Number(inside);
};

const spaces = { needs: [namespaces, strace], timeoutMs: 240_000 };

row(59, 'a name was made where numbers mean others', spaces, async (box) => {
  const pid = deadPid();
  const at = `${box.unit}.stale-${pid}`;
  // The maker has that number in its namespace, and lives; nobody has it here.
  const script =
    'echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid; sh -ec \'mkdir -p "$0/a"; echo 1 >"$0/a/1"; test "$$" = "$1"; echo; exec sleep 1000\' "$2" "$1" & wait';
  await pidNamespace(script, String(pid), at);
  expect(fs.existsSync(`/proc/${pid}`)).toBe(false);
  const found = await looked(box, at);
  expect(found).toMatchObject({ verdict: 'cannot-tell', cleaning: 'ask' });
  expect(found.evidence.join()).toContain('container');
  await isLeftAlone(box, at);
  remove(at);
  return { unit: 'whole', history: [] };
});

row(59, 'a name has the number of the first process of a container', spaces, async (box) => {
  const at = `${box.unit}.stale-1`;
  await pidNamespace('mkdir -p "$1/a"; echo; exec sleep 1000', at);
  expect((await looked(box, at)).cleaning).not.toBe('safe');
  await isLeftAlone(box, at);
  remove(at);
  return { unit: 'whole', history: [] };
});

row(59, 'a clear of ours was killed in a container', spaces, async (box) => {
  await box.begun();
  const inside = await pidNamespace('echo; exec sleep 1000');
  const within = ['nsenter', '-t', String(inside), '-p', '-m', '--', 'sh', '-c', 'cd "$0" && exec "$@"', box.scratch];
  const clear = await stoppedAside(box, ['clear', box.target, '--yes'], within);
  await clear.kill();
  const stale = the(box.staleCopies());
  // Whether a process of another namespace lives cannot be told from here: a person may decide, and nothing else does.
  const found = await looked(box, stale);
  expect(found).toMatchObject({ origin: 'ours', verdict: 'cannot-tell', cleaning: 'ask' });
  await isLeftAlone(box, stale);
  await hasHeld(box, 'absent');
  // Where it was made, it can.
  await box.run(['recover'], { through: within });
  return { unit: 'absent', history: ['done'] };
});

row(60, 'processes of others are hidden', { needs: [namespaces, ordinaryUser] }, async (box) => {
  const others = startOther('sleep', ['1000']);
  const alive = plant(box, others.pid);
  const dead = plant(box, deadPid());
  box.become();
  await box.mount('mount -t proc -o hidepid=2 proc /proc');
  // What is listed under /proc lacks it.
  const listed = await box.sh('setpriv --reuid=65534 --regid=65534 --clear-groups ls /proc');
  expect(listed.split('\n')).not.toContain(String(others.pid));
  expect(await looked(box, alive)).toMatchObject({ verdict: 'cannot-tell', cleaning: 'ask' });
  expect(await looked(box, dead)).toMatchObject({ verdict: 'abandoned', cleaning: 'safe' });
  const before = fingerprint(alive);
  await goes(box, dead);
  expect(fingerprint(alive)).toBe(before);
  remove(alive);
  return { unit: 'whole', history: ['done'] };
});

/** The program with the system's clock set on by so many days: `date`, files and the time of boot tell the same. */
const clockSet = async (box: Box, days: number): Promise<readonly string[]> => {
  await box.mount(
    `sed 's/^btime .*/btime '"$(($(sed -n 's/^btime //p' /proc/stat) + ${days} * 86400))"'/' /proc/stat >"$SCRATCH/stat${days}"
     mount --bind "$SCRATCH/stat${days}" /proc/stat`,
  );
  return ['env', 'NO_FAKE_STAT=1', 'faketime', '-f', `${days > 0 ? '+' : ''}${days}d`];
};
const clocks = { needs: [namespaces, strace, command('faketime')], timeoutMs: 240_000 };

for (const days of [2, -2]) {
  const way = days > 0 ? 'forward' : 'back';
  row(61, `the clock is set ${way} while a clear keeps its copy`, clocks, async (box) => {
    await box.begun();
    const through = await clockSet(box, days);
    // Longer than the clock is set on: a window ends at a time of the day, which a clock tells.
    const clear = await stoppedAside(box, ['clear', box.target, '--undo-window', '1000000']);
    const stale = the(box.staleCopies());
    // It lives: by the ticks of its start and the boot, whatever any clock says.
    for (const words of [['recover'], ['recover', '--keep-undoable']]) {
      const { code, stdout } = await box.run([...words, '--json'], { through });
      expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 0, said: { operations: [] } });
    }
    expect(await looked(box, stale, { through })).toMatchObject({ origin: 'ours' });
    expect((await looked(box, stale, { through })).cleaning).not.toBe('safe');
    await hasHeld(box, 'absent');
    await clear.kill();
    // It is dead: that is told by the same.
    expect(await looked(box, stale, { through })).toMatchObject({ verdict: 'undoable', cleaning: 'ask' });
    const { operations } = (await box.run(['recover', '--json'], { through })).json<{ operations: Operation[] }>();
    expect(the(operations)).toMatchObject({ state: 'done', left: [] });
    return { unit: 'absent', history: ['done'] };
  });

  row(61, `the clock is set ${way} while another program deletes its copy`, clocks, async (box) => {
    const at = plant(box, 'later');
    const maker = startOther('sh', [
      '-c',
      'mv "$0" "$1.stale-$$"; cd "$1.stale-$$"; echo; exec sleep 1000',
      at,
      box.unit,
    ]);
    await maker.next();
    const named = `${box.unit}.stale-${maker.pid}`;
    const through = await clockSet(box, days);
    const before = fingerprint(named);
    // Clocks may tell anything of its start now: that it is in there is seen before anything is touched.
    const { operations } = await clean(box, ['--clean-safe'], { through });
    for (const { state, errors } of operations) {
      expect({ state, code: the(errors).code }).toEqual({ state: 'refused', code: 'in-use' });
    }
    expect(fingerprint(named)).toBe(before);
    await maker.end();
    remove(named);
    return { unit: 'whole', history: operations.map(({ state }) => state) };
  });
}
