import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Runs a script in a Node of its own, because it changes its working directory or must be killed. */
const inNode = (cwd: string, script: string): void => {
  const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd });
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(stderr.toString());
};

/** Directories so deep that their path is longer than PATH_MAX (4096 bytes), with a file at the bottom. */
export const tooDeep = (root: string): void =>
  inNode(
    root,
    `import fs from 'node:fs';
     for (let at = 0; at < 40; at += 1) {
       fs.mkdirSync('d'.repeat(200));
       process.chdir('d'.repeat(200));
       fs.writeFileSync('file', 'deep');
     }`,
  );

/** A socket whose server has been killed, so that its file stays. */
export const deadSocket = (root: string): void =>
  inNode(
    root,
    `import net from 'node:net';
     net.createServer().listen('socket', () => process.kill(process.pid, 'SIGKILL'));`,
  );

/** Names that are no text: bytes that are not UTF-8, a newline, an escape, a quote, one space, 255 bytes. */
export const oddNames: readonly Buffer[] = [
  Buffer.from([0xff, 0xfe, 0x80]),
  Buffer.from('caf\xe9', 'latin1'),
  Buffer.from('two\nlines'),
  Buffer.from('\x1b[31mred'),
  Buffer.from(`"'\\`),
  Buffer.from(' '),
  Buffer.from('…'.repeat(85)),
];

export const writeOddNames = (root: string): void => {
  for (const name of oddNames) {
    const at = Buffer.concat([Buffer.from(`${root}/`), name]);
    fs.mkdirSync(at);
    for (const inner of oddNames) {
      fs.writeFileSync(Buffer.concat([at, Buffer.from('/'), inner]), 'x'.repeat(5000));
    }
  }
};

/** A tree in which nothing may be written: what npx and Go leave. */
export const readOnlyTree = (root: string): void => {
  const dirs = ['', 'a', 'a/b', 'a/b/c'].map((name) => path.join(root, name));
  for (const dir of dirs) {
    fs.mkdirSync(dir, { recursive: true });
    for (const name of ['one', 'two']) fs.writeFileSync(path.join(dir, name), name, { mode: 0o444 });
  }
  for (const dir of dirs.toReversed()) fs.chmodSync(dir, 0o555);
};
