import { nodeTerminal } from './node-terminal.ts';
import { run } from './run.ts';
import type { Door } from './session.ts';

/** The core is loaded when a command needs it: `--help` answers at once, and even where the core cannot start. */
const open = async (door: Door, lookOnly: boolean) =>
  (await import('../core/inspector.ts')).openInspector({ door, lookOnly });

process.exitCode = await run(process.argv.slice(2), nodeTerminal(), open);
