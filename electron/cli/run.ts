import { CommanderError } from 'commander';
import type { Client } from '../../shared/api.ts';
import { type ApiError, CodedError } from '../../shared/errors.ts';
import { type ExitCode, exitOfError, leftByInterrupt } from './exit.ts';
import { type Interrupts, interruptsOf } from './interrupts.ts';
import { errorDocument, jsonDocument, jsonLine } from './output/json.ts';
import { bad, type Line, writeLines } from './output/lines.ts';
import { followProgress, type ProgressLine, progressLine } from './output/progress.ts';
import { createProgram, usageError } from './program.ts';
import type { Act, Door, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** The core as this door opens it. */
export interface Inspector extends Client {
  /** Finishes due or interrupted deletes of ours. */
  resume(): Promise<void>;
  readonly hold: Session['hold'];
  close(): Promise<void>;
}

const asApiError = (thrown: unknown): ApiError => {
  if (thrown instanceof CodedError) return thrown;
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'internal', message: 'Cache Inspector made a mistake; nothing more was done.', detail };
};

const linesOfError = ({ code, message, detail }: ApiError): readonly Line[] => [
  exitOfError(code) === 1 ? bad(message) : message,
  ...(detail === undefined ? [] : detail.split('\n').map((line) => `  ${line}`)),
];

const sessionOf = (
  client: Inspector,
  terminal: Terminal,
  json: boolean,
  interrupts: Interrupts,
  progress: ProgressLine,
): Session => {
  const print = (lines: readonly Line[]) => {
    progress.clear();
    writeLines(terminal.stdout, lines);
  };
  const tell = (lines: readonly Line[]) => {
    progress.clear();
    writeLines(terminal.stderr, lines);
  };
  return {
    client,
    terminal,
    json,
    interrupts,
    print,
    show: (text) => progress.show(text),
    tell,
    hold: (names, options) => client.hold(names, options),
    resume: () => client.resume().catch((thrown: unknown) => tell(linesOfError(asApiError(thrown)))),
    answer: (value, lines) => {
      if (!json) return print(lines());
      progress.clear();
      terminal.stdout.write(jsonDocument(value));
    },
    answerLine: (value) => terminal.stdout.write(jsonLine(value)),
  };
};

/**
 * The terminal door: reads the words, runs the command, says what came of it, and answers with the exit code.
 * The core is opened only when a command needs it; `lookOnly`: even where the history cannot be used.
 */
export const run = async (
  words: readonly string[],
  terminal: Terminal,
  open: (door: Door, lookOnly: boolean) => Promise<Inspector>,
): Promise<number> => {
  let exit: number = 0;
  const report = (error: ApiError, json: boolean): ExitCode => {
    if (json) terminal.stdout.write(jsonDocument(errorDocument(error)));
    else writeLines(terminal.stderr, linesOfError(error));
    return exitOfError(error.code);
  };

  const actWith =
    (json: boolean): Act =>
    async (body, afterwards, { door = 'terminal', lookOnly = false } = {}) => {
      const inspector = await open(door, lookOnly);
      // What a page does is shown there.
      const progress = progressLine(terminal, !json && door === 'terminal');
      const interrupts = interruptsOf(terminal);
      const session = sessionOf(inspector, terminal, json, interrupts, progress);
      const endNotices = inspector.on('notice', ({ level, message }) =>
        session.tell([level === 'warning' ? `Warning: ${message}` : `Note: ${message}`]),
      );
      const endProgress = followProgress(inspector, progress);
      try {
        exit = await body(session).catch((thrown: unknown) => {
          progress.clear();
          return report(asApiError(thrown), json);
        });
        // The result has been said; what goes wrong from here on is news beside it. Wrong words change nothing at all.
        if (afterwards === 'resume' && exit !== 2 && !interrupts.requested) await inspector.resume();
      } catch (thrown) {
        session.tell(linesOfError(asApiError(thrown)));
      } finally {
        endProgress();
        // A Ctrl-C that arrives twice must not cut the closing short; another one from the person does.
        const leave = interrupts.requested ? () => terminal.leave(leftByInterrupt) : () => undefined;
        await interrupts.during(leave, () => inspector.close());
        endNotices();
      }
    };

  const end = words.indexOf('--');
  const json = (end < 0 ? words : words.slice(0, end)).includes('--json');
  try {
    await createProgram(terminal, actWith(json)).parseAsync([...words], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return report(asApiError(thrown), json);
    return thrown.exitCode === 0 ? 0 : report(usageError(thrown, terminal.self), json);
  }
  return exit;
};
