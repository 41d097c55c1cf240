import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { has, missing } from '../../../e2e/support/sandbox.ts';
import { Scanner } from './scanner.ts';

const scanner = new Scanner();
afterAll(() => scanner.close());

let base = '';
let root = '';
beforeEach(() => {
  base = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'scan-names-'));
  root = join(base, 'root');
  fs.mkdirSync(root);
});
afterEach(() => {
  // Not rmSync: some paths here are too long for it.
  execFileSync('rm', ['-rf', base]);
});

const memory = (): string => join(base, 'memory');
const measure = (keep = false) => scanner.measure({ root, rewritten: 'nothing', memory: keep ? memory() : null });
const du = (): number => Number(execFileSync('du', ['-s', '-B1', root], { encoding: 'utf8' }).split('\t')[0]);
const raw = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat([Buffer.from(`${root}/`), ...parts.map((part) => Buffer.from(part as string))]);

describe.skipIf(process.platform !== 'linux')('names', () => {
  it('that are not UTF-8 are counted right, at every level', async () => {
    fs.mkdirSync(raw([0xff]));
    fs.mkdirSync(raw([0xfe]));
    fs.mkdirSync(raw([0xff], '/sub'));
    fs.writeFileSync(raw([0xff], '/sub/', [0xe9]), Buffer.alloc(9000, 1));
    fs.writeFileSync(raw([0xff], '/sub/', [0xe8]), Buffer.alloc(5000, 1));
    fs.writeFileSync(raw('plain'), 'x');
    fs.writeFileSync(raw('really \uFFFD'), 'x');
    for (const keep of [false, true, true]) {
      const { files, directories, bytes, unreadable } = await measure(keep);
      expect({ files, directories, unreadable }).toEqual({ files: 4, directories: 4, unreadable: [] });
      expect(bytes.allocated).toBe(du());
    }
  });

  it('with a newline, spaces and any script are counted', async () => {
    for (const name of ['a\nb', ' ', '日本', '-rf', '*', "'"]) {
      fs.mkdirSync(join(root, name));
      fs.writeFileSync(join(root, name, name), name.repeat(3000));
    }
    expect(await measure()).toMatchObject({ files: 6, directories: 7, bytes: { allocated: du() } });
  });

  const noPython = !has('python3');
  const why = noPython ? ' (SKIPPED: there is no python3 here)' : '';
  it.skipIf(missing(noPython))(`on paths longer than PATH_MAX are counted${why}`, async () => {
    // Sixty levels of 200 bytes; a path that long can be made only from where it ends.
    const script = [
      'import os, sys',
      'os.chdir(sys.argv[1])',
      'for level in range(60):',
      '    name = "%03d" % level + "d" * 197',
      '    os.mkdir(name); os.chdir(name)',
      '    open("file", "w").write("x" * 5000)',
    ].join('\n');
    execFileSync('python3', ['-c', script, root]);
    for (const keep of [false, true, true]) {
      expect(await measure(keep)).toMatchObject({
        files: 60,
        directories: 61,
        unreadableCount: 0,
        bytes: { allocated: du() },
      });
    }
  });
});
