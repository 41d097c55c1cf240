import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { WriteStream } from 'node:tty';
import type { Stream, Terminal } from './terminal.ts';

/** Whoever read it has gone: a pipe that was closed, a terminal that hung up. */
const gone: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO'];

const streamOf = (stream: WriteStream): Stream => {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone.includes(error.code)) throw error;
    closed = true;
  });
  const isTTY = stream.isTTY === true;
  return {
    isTTY,
    colour: isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    get columns() {
      return stream.columns || 80;
    },
    get closed() {
      return closed;
    },
    write: (text) => {
      if (!closed) stream.write(text);
    },
  };
};

const ask = async (question: string): Promise<string | null> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  lines.once('SIGINT', () => lines.close());
  const answered = lines.question(question).catch(() => null);
  const answer = await Promise.race([answered, left]);
  lines.close();
  // Ctrl-C and the end of input leave the cursor behind the question.
  if (answer === null) process.stderr.write('\n');
  return answer;
};

const signals =
  process.platform === 'win32' ? (['SIGINT', 'SIGBREAK'] as const) : (['SIGINT', 'SIGTERM', 'SIGHUP'] as const);

const onInterrupt = (listener: () => void): (() => void) => {
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
};

/** The sources run in a checkout; what is compiled to out/ stands one directory deeper. */
const inCheckout = import.meta.url.endsWith('.ts');

const version = (): string => {
  const manifest: unknown = createRequire(import.meta.url)(inCheckout ? '../../package.json' : '../../../package.json');
  return manifest !== null && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '';
};

/** `npm run` goes to the top of the checkout first; the person stands where they called it. */
const whereThePersonIs = (): string => {
  const { npm_package_name: name, npm_lifecycle_event: script, INIT_CWD: start } = process.env;
  const called = inCheckout && name === 'cache-inspector' && (script === 'cli' || script === 'start');
  return called && start ? start : process.cwd();
};

/** The real terminal. */
export const nodeTerminal = (): Terminal => ({
  stdout: streamOf(process.stdout),
  stderr: streamOf(process.stderr),
  canAsk: process.stdin.isTTY === true,
  cwd: whereThePersonIs(),
  home: homedir(),
  self: inCheckout ? 'npm run -s cli --' : 'cache-inspector',
  version: version(),
  now: () => Date.now(),
  ask,
  onInterrupt,
  leave: (code) => process.exit(code),
});
