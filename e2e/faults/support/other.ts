import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { killGroup } from './door.ts';

/** Another program of a row, which talks in lines. It ends with the test at the latest, and all that it started. */
export interface Other {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly pid: number;
  /** Its next line. Throws when it has ended. */
  next(): Promise<string>;
  /** Says a line, and resolves with the next one that it answers. */
  ask(line: string): Promise<string>;
  end(): Promise<void>;
}

/** Starts another program, as somebody else would: the program under test neither descends from it nor started it. */
export const startOther = (command: string, args: readonly string[], cwd = '/'): Other => {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'close');
  onTestFinished(() => killGroup(child));
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} has ended`);
    return value;
  };
  return {
    child,
    pid: child.pid ?? 0,
    next,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
    end: async () => {
      killGroup(child);
      await ended;
    },
  };
};

/** Starts python code with these words; resolves when it has said its first line. */
export const startPython = async (code: string, ...words: readonly string[]): Promise<Other> => {
  const other = startOther('python3', ['-c', code, ...words]);
  await other.next();
  return other;
};

/** Compiles a small program into a folder. */
export const compile = (folder: string, name: string, source: string): string => {
  const [c, at] = [path.join(folder, `${name}.c`), path.join(folder, name)];
  fs.writeFileSync(c, source);
  const { status, stderr } = spawnSync('gcc', ['-O1', '-pthread', '-o', at, c]);
  if (status !== 0) throw new Error(stderr.toString());
  return at;
};
