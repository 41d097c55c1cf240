import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Operation, Plan } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import type { Ran } from '../support/run.ts';
import type { Box } from './support/box.ts';
import { command, type Need, namespaces, strace } from './support/needs.ts';
import { compile, type Other, startOther } from './support/other.ts';
import { hasHeld, row } from './support/row.ts';
import { stoppedBeforeRename } from './support/stopped.ts';

// Programs that use the unit while it is cleared, here and in containers.

/** Maps a file, closes it, and stays: nothing but the mapping tells. */
const mapper = `
  #include <fcntl.h>
  #include <stdio.h>
  #include <sys/mman.h>
  #include <unistd.h>
  int main(int count, char **words) {
    int file = open(words[1], O_RDONLY);
    if (mmap(0, 1, PROT_READ, MAP_SHARED, file, 0) == MAP_FAILED) return 1;
    close(file);
    puts("on");
    fflush(stdout);
    for (;;) pause();
  }`;

interface Hold {
  readonly what: string;
  readonly needs: readonly Need[];
  /** Starts a program that holds something of the tree at `top`. */
  readonly start: (box: Box, top: string) => Other;
}

const shell = ['-c', 'echo on; exec sleep 1000'];
const holds: readonly Hold[] = [
  { what: 'its working directory', needs: [], start: (_, top) => startOther('sh', shell, path.join(top, 'b')) },
  {
    what: 'an open file',
    needs: [],
    start: (_, top) => startOther('sh', ['-c', 'exec <"$1"; echo on; exec sleep 1000', 'sh', path.join(top, 'a', '0')]),
  },
  {
    what: 'a mapped file',
    needs: [command('gcc')],
    start: (box, top) => startOther(compile(box.scratch, 'mapper', mapper), [path.join(top, 'c', '2')]),
  },
];

const begin = async (hold: Hold, box: Box, top: string): Promise<number> => {
  const other = hold.start(box, top);
  await other.next();
  return other.pid;
};

const lives = (pid: number): boolean => process.kill(pid, 0);

const operationsOf = ({ stdout }: Ran): readonly Operation[] =>
  (JSON.parse(stdout) as { operations: readonly Operation[] }).operations;

for (const hold of holds) {
  row(30, `a program has ${hold.what} in the unit`, { needs: hold.needs }, async (box) => {
    const pid = await begin(hold, box, box.unit);
    for (const flags of [[], ['--undo-window', '3600']]) {
      const refused = await box.clear(flags);
      expect({ code: refused.code, state: the(refused.operations).state }).toEqual({ code: 3, state: 'refused' });
      const error = the(the(refused.operations).errors);
      expect(error).toMatchObject({ step: 'preflight', code: 'in-use', path: box.unit });
      expect(error.message).toContain(`process ${pid}, `);
    }
    await hasHeld(box, 'whole');
    // A person's word for it is enough, and their program goes on.
    const { code, operations } = await box.clear(['--even-if-in-use']);
    expect({ code, operation: the(operations) }).toMatchObject({ code: 0, operation: { state: 'done', left: [] } });
    expect(lives(pid)).toBe(true);
    return { unit: 'absent', history: ['done', 'refused', 'refused'] };
  });

  const opens = `a program that was not there at the look has ${hold.what} in the copy`;
  row(30, opens, { needs: [strace, ...hold.needs], timeoutMs: 240_000 }, async (box) => {
    await box.begun();
    const clear = await stoppedBeforeRename(box, 'clear', box.target, '--yes', '--json');
    expect(await box.isWhole()).toBe(true);
    const pid = await begin(hold, box, box.unit);
    const cleared = await clear.goOn();
    // Nothing is deleted: the copy is whole, can be put back, and whoever holds it is named.
    const kept = the(operationsOf(cleared));
    expect({ code: cleared.code, kept }).toMatchObject({
      code: 1,
      kept: { state: 'set-aside', bytes: { freed: 0 }, holders: [{ pid }] },
    });
    expect(kept.steps.at(-1)?.note).toContain(`process ${pid}, `);
    await hasHeld(box, 'absent');
    expect(box.staleCopies()).toEqual([kept.asidePath]);
    expect(the(await box.recover())).toMatchObject({ id: kept.id, state: 'set-aside', holders: [{ pid }] });
    await hasHeld(box, 'absent');
    expect((await box.run(['undo', kept.id])).code).toBe(0);
    await hasHeld(box, 'whole');
    expect(lives(pid)).toBe(true);
    return { unit: 'whole', history: ['undone'] };
  });
}

row(30, 'a copy is deleted when its last user has gone', { needs: [strace], timeoutMs: 240_000 }, async (box) => {
  await box.begun();
  const { operations } = await box.clear(['--undo-window', '3600']);
  const stale = the(operations).asidePath ?? '';
  const user = startOther('sh', shell, path.join(stale, 'b'));
  await user.next();
  expect(the(await box.recover())).toMatchObject({ state: 'set-aside', holders: [{ pid: user.pid }] });
  await hasHeld(box, 'absent');
  await user.end();
  expect(the(await box.recover())).toMatchObject({ state: 'done', holders: [], left: [] });
  return { unit: 'absent', history: ['done'] };
});

/** A container: a mount namespace of its own, in which a script has mounted something. It goes on with the test. */
const container = async (script: string, ...words: readonly string[]): Promise<Other> => {
  const run = ['sh', '-ec', `${script}; echo; exec sleep 1000`, 'sh', ...words];
  const other = startOther('unshare', ['-m', '--propagation', 'private', ...run]);
  await other.next();
  return other;
};

const planned = async (box: Box): Promise<Plan> =>
  (await box.run(['plan', box.target, '--json'])).json<{ plan: Plan }>().plan;

row(31, 'a container has the unit mounted', { needs: [namespaces] }, async (box) => {
  const place = path.join(box.scratch, 'in');
  fs.mkdirSync(place);
  const { pid } = await container('mount --bind "$1" "$2"', box.unit, place);
  const refused = await box.clear();
  expect({ code: refused.code, state: the(refused.operations).state }).toEqual({ code: 3, state: 'refused' });
  const error = the(the(refused.operations).errors);
  expect(error).toMatchObject({ code: 'in-use', path: box.unit });
  for (const part of [`process ${pid}, `, place, 'container']) expect(error.message).toContain(part);
  await hasHeld(box, 'whole');
  const { code, operations } = await box.clear(['--even-if-in-use']);
  expect({ code, operation: the(operations) }).toMatchObject({ code: 0, operation: { state: 'done', left: [] } });
  // The mount there is still one, of a folder that has gone.
  expect(fs.readdirSync(`/proc/${pid}/root${place}`)).toEqual([]);
  return { unit: 'absent', history: ['done', 'refused'] };
});

row(31, 'a program in a container works in the unit by another path', { needs: [namespaces] }, async (box) => {
  const place = path.join(box.scratch, 'in');
  fs.mkdirSync(place);
  const { pid } = await container('mount --bind "$1" "$2"; cd "$2/.cache/pip-tools/pkgs/b"', box.home, place);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 3, state: 'refused' });
  const error = the(the(operations).errors);
  expect(error).toMatchObject({ code: 'in-use' });
  expect(error.message).toContain(`process ${pid}, `);
  return { unit: 'whole', history: ['refused'] };
});

row(31, 'a container can reach the unit, and does nothing with it', { needs: [namespaces] }, async (box) => {
  const place = path.join(box.scratch, 'in');
  fs.mkdirSync(place);
  const { pid } = await container('mount --bind "$1" "$2"', box.home, place);
  const { evidence, usage, refusals } = await planned(box);
  expect({ usage, refusals }).toEqual({ usage: 'idle', refusals: [] });
  const told = the(evidence.filter((sentence) => sentence.includes(`process ${pid} `)));
  expect(told).toContain(path.join(place, '.cache', 'pip-tools', 'pkgs').slice(0, place.length));
  const { code, operations } = await box.clear();
  expect({ code, operation: the(operations) }).toMatchObject({ code: 0, operation: { state: 'done', left: [] } });
  return { unit: 'absent', history: ['done'] };
});

const below = [
  ['on the unit', ''],
  ['in the unit', '/b'],
] as const;
for (const [where, sub] of below) {
  row(
    11,
    `a container has something mounted ${where}, and is named in the plan`,
    { needs: [namespaces] },
    async (box) => {
      const { pid } = await container('mount --bind "$1" "$2"', `${box.home}/precious`, `${box.unit}${sub}`);
      const { evidence, refusals } = await planned(box);
      expect(refusals).toEqual([]);
      const told = the(evidence.filter((sentence) => sentence.includes(`process ${pid} `)));
      expect(told).toContain(`${box.unit}${sub}`);
      const { code, operations } = await box.clear();
      expect({ code, operation: the(operations) }).toMatchObject({ code: 0, operation: { state: 'done', left: [] } });
      expect(fs.readdirSync(`${box.home}/precious`).sort()).toEqual(['photo', 'sub']);
      return { unit: 'absent', history: ['done'] };
    },
  );
}
