import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Operation } from '../../shared/model.ts';
import { the } from '../support/answers.ts';
import type { Ran } from '../support/run.ts';
import type { Box } from './support/box.ts';
import { clearBy } from './support/clear-by.ts';
import { openDoor } from './support/door.ts';
import { command, strace } from './support/needs.ts';
import { type Other, startPython } from './support/other.ts';
import { row } from './support/row.ts';
import { stoppedBeforeRename } from './support/stopped.ts';
import { untilWithin } from './support/until-within.ts';

// Tools that go on writing into the cache while it is cleared.

const python = command('python3');

/**
 * Writes by path, as pip and pip-tools do: the folders are made, then a file is written into them. Each line of its log
 * says what came of one file: it is there, or its folder had gone, or anything else.
 */
const byPath = `
import os, sys, time
unit, log, stop = sys.argv[1:4]
out = open(log, 'a', buffering=1)
print('on', flush=True)
number = 0
while not os.path.exists(stop):
    number += 1
    place = f'{unit}/w{number % 7}/deep'
    try:
        os.makedirs(place, exist_ok=True)
        with open(f'{place}/{number}', 'w') as file:
            file.write('x' * 5000 + str(number))
        out.write(f'ok {number}\\n')
    except (FileNotFoundError, FileExistsError) as error:
        out.write(f'gone {number}\\n')
    except BaseException as error:
        out.write(f'error {number} {error!r}\\n')
    time.sleep(0.003)
`;

interface Writer {
  readonly stop: () => Promise<void>;
  /** The numbers of the files that it has written, what it missed, and what went wrong otherwise. */
  readonly told: () => { readonly ok: readonly number[]; readonly gone: number; readonly errors: readonly string[] };
}

const startWriter = async (box: Box): Promise<Writer> => {
  const [log, stop] = [path.join(box.scratch, 'log'), path.join(box.scratch, 'stop')];
  fs.writeFileSync(log, '');
  const other = await startPython(byPath, box.unit, log, stop);
  const ended = new Promise((resolve) => other.child.once('exit', resolve));
  return {
    stop: async () => {
      fs.writeFileSync(stop, '');
      await ended;
    },
    told: () => {
      const lines = fs.readFileSync(log, 'utf8').split('\n').slice(0, -1);
      const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `));
      return { ok: of('ok').map((line) => Number(line.slice(3))), gone: of('gone').length, errors: of('error') };
    },
  };
};

/** The numbers of the files that it wrote in a tree; every one of them must be whole. */
const numbersIn = (top: string): readonly number[] => {
  if (!fs.existsSync(top)) return [];
  const files = fs.readdirSync(top, { recursive: true, withFileTypes: true });
  return files.flatMap((entry) => {
    if (!entry.isFile() || !entry.parentPath.endsWith('/deep')) return [];
    const at = path.join(entry.parentPath, entry.name);
    expect(fs.readFileSync(at, 'utf8'), `${at} is whole`).toBe('x'.repeat(5000) + entry.name);
    return [Number(entry.name)];
  });
};

const clears = process.env['LONG'] ? 100 : 15;

const keeps = `${clears} clears that keep their copies lose nothing of a tool that writes by path`;
row(32, keeps, { needs: [python], timeoutMs: 600_000 }, async (box) => {
  await box.begun();
  await box.settled();
  const door = await openDoor(box);
  const writer = await startWriter(box);
  const copies: string[] = [];
  for (let count = 0; count < clears; count += 1) {
    const before = writer.told().ok.length;
    await untilWithin(60_000, () => writer.told().ok.length >= before + 5, 'the writer');
    const operation = await clearBy(door, box.unit, { undoWindowMs: 3_600_000, evenIfInUse: true });
    expect(operation).toMatchObject({ state: 'set-aside', errors: [] });
    copies.push(operation.asidePath ?? '');
  }
  const before = writer.told().ok.length;
  await untilWithin(60_000, () => writer.told().ok.length >= before + 5, 'the writer');
  await writer.stop();
  await door.close();
  const { ok, gone, errors } = writer.told();
  expect(errors).toEqual([]);
  // What was written is in one of the copies or in the new folder, once and whole: none is torn, and nothing is lost.
  const found = [...copies, box.unit].flatMap(numbersIn).sort((a, b) => a - b);
  expect(found).toEqual(ok);
  for (const name of ['a', 'b', 'c']) {
    expect(fs.readdirSync(path.join(copies[0] ?? '', name)).sort(), 'the first copy').toEqual(['0', '1', '2']);
  }
  expect(numbersIn(box.unit).length).toBeGreaterThan(0);
  process.stdout.write(`row 32: ${clears} clears, ${ok.length} files written, ${gone} times the folder had gone\n`);
  await box.recover();
  return { unit: 'new', history: copies.map(() => 'done') };
});

const deletes = `${clears} clears that delete their copies leave a tool that writes by path a whole new folder`;
row(32, deletes, { needs: [python], timeoutMs: 600_000 }, async (box) => {
  await box.begun();
  await box.settled();
  const door = await openDoor(box);
  const writer = await startWriter(box);
  let written: readonly number[] = [];
  let done = 0;
  for (let count = 0; count < clears; count += 1) {
    const before = writer.told().ok.length;
    await untilWithin(60_000, () => writer.told().ok.length >= before + 5, 'the writer');
    const operation = await clearBy(door, box.unit, { evenIfInUse: true });
    // What is written after this has nothing to do with the clear any more.
    written = writer.told().ok;
    expect(['done', 'partial']).toContain(operation.state);
    if (operation.state === 'done') done += 1;
    // A file that was being written at that moment is the one thing that may come into the copy yet.
    for (const { code } of operation.errors) expect(code).toBe('ENOTEMPTY');
  }
  const before = writer.told().ok.length;
  await untilWithin(60_000, () => writer.told().ok.length >= before + 5, 'the writer');
  await writer.stop();
  await door.close();
  const { ok, errors } = writer.told();
  expect(errors).toEqual([]);
  // The one that was being written then may have been begun before the rename.
  const last = (written.at(-1) ?? 0) + 1;
  const found = new Set(numbersIn(box.unit));
  expect(ok.filter((number) => number > last && !found.has(number))).toEqual([]);
  expect(done).toBeGreaterThan(0);
  await box.recover();
  return { unit: 'new', history: Array.from({ length: clears }, () => 'done' as const) };
});

/** Holds the folder itself open, and writes files into it by that handle, wherever it is by now. */
const byHandle = `
import os, sys
handle = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)
print('on', flush=True)
for line in sys.stdin:
    try:
        file = os.open(line.strip(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, dir_fd=handle)
        os.write(file, b'late')
        os.close(file)
        print('written', flush=True)
    except OSError as error:
        print(error.errno, flush=True)
`;

const operationOf = ({ stdout }: Ran): Operation =>
  the((JSON.parse(stdout) as { operations: readonly Operation[] }).operations);

/** A clear whose unit was opened by a writer behind the look at it, and before the rename. */
const heldByWriter = async (
  box: Box,
  ...flags: readonly string[]
): Promise<{ readonly ran: Ran; readonly writer: Other }> => {
  await box.begun();
  const clear = await stoppedBeforeRename(box, 'clear', box.target, '--yes', '--json', ...flags);
  const writer = await startPython(byHandle, box.unit);
  expect(await writer.ask('early')).toBe('written');
  await box.settled();
  return { ran: await clear.goOn(), writer };
};

row(33, 'a tool writes by a handle: it is seen before', { needs: [python] }, async (box) => {
  const writer = await startPython(byHandle, box.unit);
  const { code, operations } = await box.clear();
  expect({ code, state: the(operations).state }).toEqual({ code: 3, state: 'refused' });
  expect(the(the(operations).errors)).toMatchObject({ code: 'in-use' });
  expect(the(the(operations).errors).message).toContain(`process ${writer.pid}, `);
  return { unit: 'whole', history: ['refused'] };
});

const writers = { needs: [python, strace], timeoutMs: 240_000 };

row(33, 'it opened the unit behind the look: the copy is kept with all that it writes', writers, async (box) => {
  const { ran, writer } = await heldByWriter(box);
  const kept = operationOf(ran);
  expect({ code: ran.code, kept }).toMatchObject({
    code: 1,
    kept: { state: 'set-aside', bytes: { freed: 0 }, holders: [{ pid: writer.pid }] },
  });
  const copy = kept.asidePath ?? '';
  expect(await box.wholeAs(copy)).toBe(true);
  // It knows of nothing, and its files come into the copy.
  expect(await writer.ask('late')).toBe('written');
  expect(the(await box.recover())).toMatchObject({ state: 'set-aside', holders: [{ pid: writer.pid }] });
  expect((await box.run(['undo', kept.id])).code).toBe(0);
  for (const name of ['early', 'late']) expect(fs.readFileSync(path.join(box.unit, name), 'utf8')).toBe('late');
  await writer.end();
  return { unit: 'new', history: ['undone'] };
});

row(33, 'it opened the unit behind the look, and ends: the copy goes', writers, async (box) => {
  const { ran, writer } = await heldByWriter(box);
  expect(operationOf(ran)).toMatchObject({ state: 'set-aside', holders: [{ pid: writer.pid }] });
  await writer.end();
  expect(the(await box.recover())).toMatchObject({ state: 'done', left: [], holders: [] });
  return { unit: 'absent', history: ['done'] };
});

row(33, "a person's word: the copy goes, and the tool is told by the system", writers, async (box) => {
  const { ran, writer } = await heldByWriter(box, '--even-if-in-use');
  expect({ code: ran.code, operation: operationOf(ran) }).toMatchObject({ code: 0, operation: { state: 'done' } });
  expect(await writer.ask('late')).toBe('2');
  return { unit: 'absent', history: ['done'] };
});
