import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What came of a command: its exit code as shells give it, and why it was not run when it was not. */
export interface CommandEnd {
  /** Its own; 128 and the signal's number when one ended it; 127 when there is no such command, 126 when it cannot be run. */
  readonly exit: number;
  readonly problem: string | null;
}

/** What is passed on. The last two come from keys as well: then the terminal has told the command already. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
const ofKeys: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

const isAtTerminal = (): boolean => process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;

const notRun = (command: string, { code, message }: NodeJS.ErrnoException): CommandEnd =>
  code === 'ENOENT'
    ? { exit: 127, problem: `There is no command '${command}'.` }
    : code === 'EACCES' || code === 'EISDIR'
      ? { exit: 126, problem: `'${command}' cannot be run: it is no program, or you may not run it.` }
      : { exit: 126, problem: `'${command}' cannot be run: ${message}.` };

/**
 * Runs a command to its end with this process's own input, output and terminal. Signals that ask this process to end
 * are passed on, and it waits for what the command makes of them. What the command leaves behind is not waited for.
 * Never rejects. On Windows only programs are commands, not the `.cmd` files that need a shell.
 */
export const runCommand = ([command = '', ...args]: readonly string[], cwd: string): Promise<CommandEnd> =>
  new Promise((resolve) => {
    let child: ChildProcess | null = null;
    // Before there is a command: a key that is pressed the moment it appears must not end this process.
    const listeners = passedOn.map((signal) => {
      const listener = (): void => {
        if (!ofKeys.has(signal) || !isAtTerminal()) child?.kill(signal);
      };
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    child = spawn(command, args, { stdio: 'inherit', cwd });
    const end = (result: CommandEnd): void => {
      for (const off of listeners) off();
      resolve(result);
    };
    child.once('error', (error) => end(notRun(command, error)));
    child.once('exit', (code, signal) =>
      end({ exit: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), problem: null }),
    );
  });
