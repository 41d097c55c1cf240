import { Command, type CommanderError } from 'commander';
import type { ApiError } from '../../shared/errors.ts';
import { defineAdd } from './commands/add.ts';
import { defineCancel } from './commands/cancel.ts';
import { defineClear } from './commands/clear.ts';
import { defineDoctor } from './commands/doctor.ts';
import { defineForget } from './commands/forget.ts';
import { defineHistory } from './commands/history.ts';
import { defineHold } from './commands/hold.ts';
import { defineLeftovers } from './commands/leftovers.ts';
import { defineList } from './commands/list.ts';
import { definePlan } from './commands/plan.ts';
import { defineRecover } from './commands/recover.ts';
import { defineResume } from './commands/resume.ts';
import { defineServe } from './commands/serve.ts';
import { defineShow } from './commands/show.ts';
import { defineUndo } from './commands/undo.ts';
import type { Act } from './session.ts';
import type { Terminal } from './terminal.ts';

const commands = [
  defineList,
  defineShow,
  definePlan,
  defineClear,
  defineUndo,
  defineResume,
  defineCancel,
  defineLeftovers,
  defineRecover,
  defineHistory,
  defineAdd,
  defineForget,
  defineHold,
  defineServe,
  defineDoctor,
];

const exitCodes = `
Exit codes: 0 done, 1 failed or partly done, 2 wrong usage, 3 refused (in use, protected, cannot tell).
CACHE-OR-UNIT is an id from 'list', a tool (npm), a unit (npm/_cacache), or the absolute path of either.`;

/** The words this door understands. `act` is what every command runs in. */
export const createProgram = (terminal: Terminal, act: Act): Command => {
  const program = new Command(terminal.self)
    .description('Shows what developer tools have cached, and clears it safely.')
    .version(terminal.version)
    .option('--json', 'one JSON document on stdout, and nothing else there')
    .helpCommand('help [command]', 'what a command does')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // Usage errors are told in one place, where --json is known.
      outputError: () => {},
      getOutHelpWidth: () => terminal.stdout.columns,
      getErrHelpWidth: () => terminal.stderr.columns,
      getOutHasColors: () => terminal.stdout.colour,
      getErrHasColors: () => terminal.stderr.colour,
    })
    .addHelpText('after', exitCodes)
    .exitOverride();
  for (const define of commands) define(program, act);
  return program;
};

/** What commander has to say about wrong words, as one of our own errors. */
export const usageError = ({ code, message }: CommanderError, self: string): ApiError => {
  const help = `For help: ${self} --help`;
  if (code === 'commander.help') return { code: 'invalid-argument', message: `Name a command. ${help}` };
  const [said = '', hint] = message.replace(/^error: /, '').split('\n');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`.replace(/[^.?!]$/, '$&.');
  const nearest = /Did you mean .*\?/.exec(hint ?? '')?.[0];
  return { code: 'invalid-argument', message: `${sentence} ${nearest ?? help}` };
};
