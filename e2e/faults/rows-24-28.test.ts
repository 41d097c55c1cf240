import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { the } from '../support/answers.ts';
import { run } from '../support/run.ts';
import type { Box } from './support/box.ts';
import { command, root } from './support/needs.ts';
import { row } from './support/row.ts';
import { withLimit } from './support/ways.ts';

// Names and paths: long, deep, no text, or made to be misread.

/** A folder with this name becomes the unit, known because a person says that it is a cache. */
const added = async (box: Box, name: string): Promise<void> => {
  box.unit = path.join(box.cache, name);
  await box.sh('mkdir -p "$UNIT/a"; echo 1 >"$UNIT/a/0"');
  box.target = box.unit;
  const { code, stderr } = await box.run(['add', box.unit, '--this-is-a-cache']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await box.settled();
};

const longNames = [
  ['of 250 bytes', 'n'.repeat(250)],
  ['of 85 characters of 3 bytes', '語'.repeat(85)],
  ['of 255 bytes that ends in the middle of a character of 4 bytes', `${'x'.repeat(3)}${'🦉'.repeat(63)}`],
] as const;

for (const [what, name] of longNames) {
  row(24, `the unit has a name ${what}`, {}, async (box) => {
    await added(box, name);
    const { code, operations } = await box.clear(['--undo-window', '3600']);
    expect({ code, state: the(operations).state }).toEqual({ code: 0, state: 'set-aside' });
    const stale = path.basename(the(operations).asidePath ?? '');
    expect(Buffer.byteLength(stale)).toBeLessThanOrEqual(255);
    expect(stale).toMatch(/^.{10,}\.stale-\d+-[0-9a-f]{16}$/u);
    // What was cut off did not end inside a character.
    expect(fs.readdirSync(box.cache, { encoding: 'buffer' }).filter((it) => it.toString() === stale)).toHaveLength(1);
    expect(name.startsWith(stale.slice(0, stale.lastIndexOf('.stale-')))).toBe(true);
    expect(await box.wholeAs(path.join(box.cache, stale))).toBe(true);
    // Its own name is not lost: it comes back under all of it.
    expect((await box.run(['undo', the(operations).id])).code).toBe(0);
    expect(await box.isWhole()).toBe(true);
    expect(await box.clear()).toMatchObject({ code: 0, operations: [{ state: 'done', left: [], errors: [] }] });
    return { unit: 'absent', history: ['done', 'undone'] };
  });
}

/** Makes so many folders in each other, in a process that goes down with them. A file at the bottom. */
const deep = async (box: Box, levels: number, name: string): Promise<void> => {
  const script = `import fs from 'node:fs';
    for (let at = 0; at < ${levels}; at += 1) { fs.mkdirSync('${name}'); process.chdir('${name}'); }
    fs.writeFileSync('bottom', 'deep');`;
  const { code, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: box.unit });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};

row(25, 'paths in the unit are longer than the system can name', {}, async (box) => {
  await deep(box, 60, 'd'.repeat(100));
  const { code, operations } = await box.clear();
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 13 + 61 });
  return { unit: 'absent', history: ['done'] };
});

row(26, 'there are 12,000 folders in each other, and 1024 handles', { timeoutMs: 300_000 }, async (box) => {
  await deep(box, 12_000, 'd');
  const { code, operations } = await box.clear([], { through: withLimit('-n', '1024') });
  expect(code).toBe(0);
  expect(the(operations)).toMatchObject({ state: 'done', left: [], errors: [], entriesDeleted: 13 + 12_001 });
  return { unit: 'absent', history: ['done'] };
});

const under = (folder: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);

/** Three names that all become the same text when bytes that are no UTF-8 are replaced, one of them that very text. */
const oneText = [Buffer.from('c\xe9', 'latin1'), Buffer.from('c\xff', 'latin1'), Buffer.from('c\ufffd')];

const hostile = [
  'two\nlines',
  '-rf',
  ' ',
  ' x',
  '🦉',
  'a:b',
  '\x1b[2J\x1b[31mred',
  '\u202egnp.exe',
  '\'"$(reboot)`',
].map((name) => Buffer.from(name));

const clearsAll = async (box: Box, names: readonly Buffer[]): Promise<void> => {
  for (const name of names) {
    const folder = under(box.unit, name);
    fs.mkdirSync(folder);
    for (const inner of names) fs.writeFileSync(Buffer.concat([folder, Buffer.from('/'), inner]), 'x');
  }
  const entriesDeleted = 13 + names.length + names.length ** 2;
  const { code, operations } = await box.clear();
  expect({ code, operation: the(operations) }).toMatchObject({
    code: 0,
    operation: { state: 'done', left: [], errors: [], entriesDeleted },
  });
};

const flags = { needs: [root, command('chattr')] };

/**
 * Each of these names cannot be deleted, so each is told, as it is told in JSON and on a terminal; then they can, and
 * are. Gives how they were shown.
 */
const toldThenCleared = async (box: Box, names: readonly Buffer[]): Promise<readonly string[]> => {
  for (const name of names) fs.writeFileSync(under(box.unit, name), 'x');
  // By a wildcard: an argument cannot hold every name, and chattr takes one that begins with a dash for an option.
  const flag = (sign: string, at: string) =>
    expect(spawnSync('sh', ['-c', `cd "$1" && chattr ${sign}i -- ./*`, 'sh', at]).status).toBe(0);
  fs.rmSync(path.join(box.unit, 'a'), { recursive: true });
  fs.rmSync(path.join(box.unit, 'b'), { recursive: true });
  fs.rmSync(path.join(box.unit, 'c'), { recursive: true });
  await box.settled();
  flag('+', box.unit);
  let aside = box.unit;
  try {
    const { code, operations } = await box.clear();
    const operation = the(operations);
    aside = operation.asidePath ?? aside;
    expect({ code, state: operation.state }).toEqual({ code: 1, state: 'partial' });
    expect(operation.leftCount).toBe(names.length);
    const shown = operation.left.map((it) => path.relative(aside, it.path));
    const { stdout } = await box.run(['history']);
    // Not one of them reaches a terminal as it is.
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/[\p{Cc}\u202e\ufffe\uffff]/u);
    return shown;
  } finally {
    flag('-', aside);
  }
};

row(27, 'there are names in the unit that are no text', {}, async (box) => {
  await clearsAll(box, oneText);
  return { unit: 'absent', history: ['done'] };
});

row(27, 'three names that are one text are told apart', flags, async (box) => {
  const shown = await toldThenCleared(box, oneText);
  expect([...shown].sort()).toEqual(['c\\xE9', 'c\\xFF', 'c\ufffd'].sort());
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});

row(28, 'there are names in the unit that are made to be misread', {}, async (box) => {
  await clearsAll(box, [...hostile, Buffer.from('…'.repeat(85)), Buffer.from('n'.repeat(255))]);
  return { unit: 'absent', history: ['done'] };
});

row(28, 'names that are made to be misread are shown escaped', flags, async (box) => {
  const shown = await toldThenCleared(box, hostile);
  expect(shown).toContain('two\\u{a}lines');
  expect(shown).toContain('\\u{1b}[2J\\u{1b}[31mred');
  expect(shown).toContain('\\u{202e}gnp.exe');
  expect(shown).toContain('-rf');
  expect(new Set(shown).size).toBe(hostile.length);
  return { unit: 'absent', history: ['partial'], recovered: ['done'] };
});
