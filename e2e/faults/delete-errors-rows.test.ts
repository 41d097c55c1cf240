import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import { write } from '../support/sandbox.ts';
import type { Box } from './support/box.ts';
import { strace } from './support/needs.ts';
import { childPaths, onlyAbout } from './support/only-about.ts';
import { row } from './support/row.ts';
import { underStrace } from './support/ways.ts';

// Renames, unlinks, rmdirs and listings that fail while a clear runs.

const numberOf = (code: string): number => {
  // Node has no name for this one.
  if (code === 'ESTALE') return 116;
  return os.constants.errno[code as keyof typeof os.constants.errno];
};

// ── 39 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const code of ['EXDEV', 'EBUSY', 'EIO', 'ENOSPC', 'EPERM', 'ESTALE']) {
  row(39, `the rename says ${code}`, { needs: [strace] }, async (box) => {
    await box.history();
    const cleared = await box.clear([], { through: underStrace(`rename:error=${code}`) });
    expect(cleared.code).toBe(1);
    const [error, ...more] = the(cleared.operations).errors;
    expect(the(cleared.operations)).toMatchObject({ state: 'failed', bytes: { freed: 0 }, asidePath: null });
    expect(error).toMatchObject({ step: 'set-aside', errno: numberOf(code), path: box.unit });
    if (code !== 'ESTALE') expect(error?.code).toBe(code);
    expect(error?.message.length).toBeGreaterThan(20);
    expect(more).toEqual([]);
    expect(the(await box.history()).errors).toEqual(the(cleared.operations).errors);
    return { unit: 'whole', history: ['failed'] };
  });
}

for (const code of ['EIO', 'EBUSY']) {
  row(
    39,
    `the second rename says ${code}: the copy is kept whole, and a recovery goes on`,
    { needs: [strace] },
    async (box) => {
      await box.history();
      const { operations } = await box.clear([], { through: underStrace(`rename:error=${code}:when=2`) });
      const operation = the(operations);
      expect(operation).toMatchObject({ state: 'partial', bytes: { freed: 0 }, entriesDeleted: 0 });
      expect(the(operation.errors)).toMatchObject({ step: 'delete', errno: numberOf(code), code });
      expect(operation.asidePath).toBe(the(box.staleCopies()));
      return { unit: 'absent', history: ['partial'], recovered: ['done'] };
    },
  );
}

// ── 40 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A file that cannot be unlinked for as long as the program runs under this. */
const stuck = (code: string) => [...underStrace(`unlink,unlinkat:error=${code}`), ...onlyAbout(...childPaths('stuck'))];

/** Everything below a path, directories included. */
const below = (at: string | null): readonly string[] =>
  at === null ? [] : fs.readdirSync(at, { recursive: true, encoding: 'utf8' }).sort();

for (const code of ['EACCES', 'EIO', 'EPERM', 'EBUSY', 'ENOSPC', 'EDQUOT', 'ESTALE']) {
  row(40, `one of ten unlinks says ${code} for ever`, { needs: [strace] }, async (box) => {
    write(box.unit, { 'b/stuck': 'x'.repeat(5000) });
    await box.history();
    const { code: exit, operations } = await box.clear([], { through: stuck(code) });
    const operation = the(operations);
    const aside = operation.asidePath ?? '';
    expect(exit).toBe(1);
    expect(operation).toMatchObject({ state: 'partial', leftCount: 1 });
    // Nine files and two folders of ten, three and the top.
    expect(operation.entriesDeleted).toBe(11);
    expect(operation.bytes.freed).toBeGreaterThan(0);
    expect(the(operation.left)).toMatchObject({ path: path.join(aside, 'b/stuck'), errno: numberOf(code) });
    expect(the(operation.errors)).toMatchObject({ step: 'delete', errno: numberOf(code) });
    expect(below(aside)).toEqual(['b', 'b/stuck']);
    expect(the(await box.history())).toMatchObject({
      state: 'partial',
      left: operation.left,
      errors: operation.errors,
    });
    // Tried again while it is still so: still listed, nothing else happens.
    const again = await box.run(['recover', '--json'], { through: stuck(code) });
    expect(again.code).toBe(1);
    expect(below(aside)).toEqual(['b', 'b/stuck']);
    // And when it is over, gone on with; the bytes of both add up.
    const [recovered] = await box.recover();
    expect(recovered).toMatchObject({ id: operation.id, state: 'done', left: [], errors: [], entriesDeleted: 14 });
    expect(recovered?.bytes.freed).toBeGreaterThanOrEqual(operation.bytes.freed + 5000);
    return { unit: 'absent', history: ['done'] };
  });
}

for (const when of [1, 2, 3, 9]) {
  row(40, `the ${when}. unlink of each thread says EIO, once: it is tried again`, { needs: [strace] }, async (box) => {
    await box.history();
    const names = childPaths('0', '1', '2');
    const log = path.join(box.scratch, 'calls');
    const through = [...underStrace(`unlink,unlinkat:error=EIO:when=${when}`), ...onlyAbout(...names), '-o', log];
    const { code, operations } = await box.clear([], { through });
    expect(code).toBe(0);
    expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 13 });
    expect(fs.readFileSync(log, 'utf8')).toContain('(INJECTED)');
    return { unit: 'absent', history: ['done'] };
  });
}

// ── 41 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

row(41, 'the first rmdir says that something is still in there, once', { needs: [strace] }, async (box) => {
  await box.history();
  const { code, operations } = await box.clear([], { through: underStrace('rmdir:error=ENOTEMPTY:when=1') });
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 13 });
  return { unit: 'absent', history: ['done'] };
});

row(41, 'every rmdir says that something is still in there, for ever', { needs: [strace] }, async (box) => {
  await box.history();
  const { code, operations } = await box.clear([], { through: underStrace('rmdir:error=ENOTEMPTY') });
  const operation = the(operations);
  expect(code).toBe(1);
  expect(operation).toMatchObject({ state: 'partial', leftCount: 3, entriesDeleted: 9 });
  expect(operation.left.map(({ path: at, errno }) => [path.basename(at), errno]).sort()).toEqual([
    ['a', 39],
    ['b', 39],
    ['c', 39],
  ]);
  expect(below(operation.asidePath)).toEqual(['a', 'b', 'c']);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

// ── 42 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A clear that could unlink nothing at all: the tree stands whole under its last name. That name. */
const condemned = async (box: Box): Promise<string> => {
  const everything = [...underStrace('rename:error=EIO:when=2')];
  const { operations } = await box.clear([], { through: everything });
  expect(the(operations).state).toBe('partial');
  // The rename to the last name failed: it is the same name with another word in it.
  return (the(operations).asidePath ?? '').replace('.stale-', '.deleting-');
};

const unlistable = (...folders: readonly string[]) => [
  ...underStrace('getdents64,getdents:error=EIO'),
  ...onlyAbout(...folders),
];

row(42, 'a folder of the tree cannot be listed', { needs: [strace] }, async (box) => {
  await box.history();
  const at = await condemned(box);
  const ran = await box.run(['recover', '--json'], { through: unlistable(path.join(at, 'b')) });
  expect(ran.code).toBe(1);
  const operation = the(await box.history());
  expect(operation).toMatchObject({ state: 'partial', leftCount: 1, entriesDeleted: 8 });
  expect(the(operation.left)).toMatchObject({ path: path.join(at, 'b'), errno: 5 });
  expect(the(operation.errors)).toMatchObject({ step: 'delete', errno: 5, code: 'EIO' });
  expect(below(at)).toEqual(['b', 'b/0', 'b/1', 'b/2']);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

row(
  42,
  'folders of a tree that several threads delete cannot be listed',
  { needs: [strace], timeoutMs: 240_000 },
  async (box) => {
    for (let dir = 0; dir < 60; dir += 1) {
      for (let file = 0; file < 100; file += 1) write(box.unit, { [`d${dir}/s/${file}`]: '' });
    }
    await box.history();
    const at = await condemned(box);
    const closed = [3, 30, 59].map((dir) => path.join(at, `d${dir}/s`));
    const ran = await box.run(['recover', '--json'], { through: unlistable(...closed) });
    expect(ran.code).toBe(1);
    const operation = the(await box.history());
    expect(operation).toMatchObject({ state: 'partial', leftCount: 3 });
    expect(operation.left.map(({ path: left, errno }) => [left, errno]).sort()).toEqual(
      closed.map((left) => [left, 5]).sort(),
    );
    expect(fs.readdirSync(at).sort()).toEqual(['d3', 'd30', 'd59']);
    for (const left of closed) expect(fs.readdirSync(left).length).toBe(100);
    return { unit: 'absent', history: ['partial'], recovered: ['done'] };
  },
);

// ── 68 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A valid archive with one file in it: a pickled length, a header in JSON, the content. */
const asar = (content: string): Buffer => {
  const header = Buffer.from(JSON.stringify({ files: { inside: { size: content.length, offset: '0' } } }));
  const padded = Math.ceil(header.length / 4) * 4;
  const start = Buffer.alloc(16);
  for (const [at, value] of [4, padded + 8, padded + 4, header.length].entries()) start.writeUInt32LE(value, at * 4);
  return Buffer.concat([start, header, Buffer.alloc(padded - header.length), Buffer.from(content)]);
};

row(
  68,
  'archives of Electron in the cache, with a stand-in for the patched fs of a packaged Electron',
  {},
  async (box) => {
    for (const at of ['default_app.asar', 'a/app.asar', 'b/x.ASAR']) {
      fs.writeFileSync(path.join(box.unit, at), asar('program '.repeat(2000)));
    }
    const hook = new URL('../../electron/core/fs/testing/asar-fs.mjs', import.meta.url);
    const log = path.join(box.scratch, 'threads');
    const lying = { NODE_OPTIONS: `--import ${hook.href}`, CACHE_INSPECTOR_TEST_ASAR_LOG: log };
    const { code, operations } = await box.clear([], { env: lying });
    expect(code).toBe(0);
    expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 16 });
    // The lie was told, in the process that deletes as well.
    expect(
      new Set(
        fs
          .readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split('/')[0]),
      ).size,
    ).toBeGreaterThan(1);
    return { unit: 'absent', history: ['done'] };
  },
);
