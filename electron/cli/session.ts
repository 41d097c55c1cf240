import type { Client } from '../../shared/api.ts';
import { CodedError, type Result } from '../../shared/errors.ts';
import type { Inspector } from '../core/inspector.ts';
import type { ExitCode } from './exit.ts';
import type { Interrupts } from './interrupts.ts';
import type { Line } from './output/lines.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface Session {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly interrupts: Interrupts;
  /** Goes on with deletes that were interrupted. What goes wrong is said beside the result. */
  resume(): Promise<void>;
  /** Keeps clears off caches, see `Inspector.hold`. What it throws ends the command. */
  readonly hold: Inspector['hold'];
  /** The result: one JSON document with --json, else these lines. Made only when wanted. */
  answer(value: unknown, lines: () => readonly Line[]): void;
  /** One JSON document on one line, for a command that goes on. */
  answerLine(value: unknown): void;
  /** Lines of a command that goes on. */
  print(lines: readonly Line[]): void;
  /** A line that is written over again and again while something goes on: on a terminal only, never with --json. */
  show(text: string): void;
  /** What is said beside the result: on stderr. */
  tell(lines: readonly Line[]): void;
}

/** Gives the exit code: one of this program's own, or that of a command that it ran. */
export type Body = (session: Session) => Promise<ExitCode | number>;

/** Which door the history names: a page that this command serves is the browser's. */
export type Door = 'terminal' | 'browser';

/**
 * Opens the core, runs a command's body, and sets the exit code. `resume`: afterwards interrupted or due deletes of
 * ours are finished; not after commands that must leave everything as it is. `lookOnly`: it runs even where the history
 * cannot be used.
 */
export type Act = (
  body: Body,
  afterwards: 'resume' | 'leave',
  how?: { readonly door?: Door; readonly lookOnly?: boolean },
) => Promise<void>;

/** The value of an answer; an error goes up to where it is printed. */
export const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new CodedError(result.error);
  return result.value;
};
