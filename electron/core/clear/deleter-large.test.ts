import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { du, has, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { look } from '../fs/identity.ts';
import { joinRaw, raw } from '../fs/raw.ts';
import { deleteTree } from './deleter.ts';
import { answerOf, command, script } from './testing/children.ts';
import { remove, ways } from './testing/delete-here.ts';
import type { DeleteOneAnswer } from './testing/delete-one.ts';

/** A chain of directories, deeper than a path can tell; each holds a file. */
const chain = (top: string, levels: number, name: string): void => {
  const program =
    'const fs = require("fs"); process.chdir(process.argv[1]);' +
    'for (let at = 0; at < Number(process.argv[2]); at += 1) {' +
    ' fs.writeFileSync("f", "x"); fs.mkdirSync(process.argv[3]); process.chdir(process.argv[3]); }';
  fs.mkdirSync(top);
  execFileSync(process.execPath, ['-e', program, top, String(levels), name]);
};

/** Many files in directories of different depth, with one file that has a name in each of them. */
const wide = (at: string, directories: number, files: number): void => {
  fs.mkdirSync(at);
  fs.writeFileSync(path.join(at, 'shared'), 's'.repeat(20_000));
  for (let d = 0; d < directories; d += 1) {
    const dir = path.join(at, `d${d % 7}`, `e${d}`);
    fs.mkdirSync(dir, { recursive: true });
    for (let f = 0; f < files; f += 1) fs.writeFileSync(path.join(dir, `f${f}`), f % 10 === 0 ? 'x'.repeat(5000) : '');
    fs.linkSync(path.join(at, 'shared'), path.join(dir, 'shared'));
  }
};

describe.each(ways)('large trees by %s', (way) => {
  it('deletes thousands of files, and counts what several threads unlinked as du does', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    wide(at, 60, 120);
    const expected = du(at);
    const entries = fs.readdirSync(at, { recursive: true }).length + 1;
    expect(entries).toBeGreaterThan(7000);
    expect(await remove(at, way)).toEqual({
      entries,
      freed: expected,
      left: [],
      leftCount: 0,
      gone: true,
      cancelled: false,
    });
    expect(fs.readdirSync(box)).toEqual([]);
  });

  it('frees nothing for a file with names in many directories and one outside', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    wide(at, 50, 60);
    const outside = path.join(box, 'outside');
    fs.linkSync(path.join(at, 'shared'), outside);
    const expected = du(at) - du(outside);
    expect(await remove(at, way)).toMatchObject({ freed: expected, gone: true });
    expect(fs.readFileSync(outside, 'utf8')).toHaveLength(20_000);
  });

  it('deletes a tree whose paths are longer than a path can be', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    chain(at, 60, 'n'.repeat(200));
    expect(await remove(at, way)).toMatchObject({ gone: true, left: [], entries: 60 * 2 + 1 });
  });

  it('deletes 3000 levels', async () => {
    const box = sandbox();
    const at = path.join(box, 'D');
    chain(at, 3000, 'd');
    expect(await remove(at, way)).toMatchObject({ gone: true, left: [], entries: 6001 });
  });

  const noLimit = !onLinux || !has('prlimit');
  it.skipIf(missing(noLimit))(
    `deletes 3000 levels with 256 open files at most${noLimit ? ' (SKIPPED: there is no prlimit here)' : ''}`,
    async () => {
      const box = sandbox();
      chain(path.join(box, 'D'), 3000, 'd');
      const child = ['prlimit', '--nofile=256:256', ...script('delete-one', { parent: box, name: 'D', way })];
      const { report, error } = answerOf<DeleteOneAnswer>(await command(child));
      expect({ report, error }).toMatchObject({ report: { gone: true, left: [], entries: 6001 }, error: null });
    },
  );
});

describe.runIf(onLinux)('names that are not UTF-8', () => {
  it('are three different files when they read the same', async () => {
    const box = sandbox();
    const at = raw(path.join(box, 'D'));
    fs.mkdirSync(at);
    for (const byte of [0xe9, 0xe8, 0xff]) {
      const dir = joinRaw(at, Buffer.from([0x63, byte]));
      fs.mkdirSync(dir);
      fs.writeFileSync(joinRaw(dir, Buffer.from([byte])), 'x');
    }
    expect(await remove(path.join(box, 'D'), 'handles')).toMatchObject({ gone: true, entries: 7 });
  });

  it('may be the name of the tree itself', async () => {
    const box = sandbox();
    const name = Buffer.from([0x63, 0xe9]);
    fs.mkdirSync(joinRaw(raw(box), name));
    fs.mkdirSync(joinRaw(raw(box), Buffer.from([0x63, 0xe8])));
    const identity = look(joinRaw(raw(box), name))?.identity ?? { dev: 0, ino: 0 };
    expect(await deleteTree({ parent: raw(box), name, identity })).toMatchObject({ gone: true, entries: 1 });
    expect(fs.readdirSync(box)).toHaveLength(1);
  });
});
