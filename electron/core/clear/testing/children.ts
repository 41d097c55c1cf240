import { spawn } from 'node:child_process';

// For tests only: scripts in processes of their own, under other rights, limits and mounts.

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its end is. */
export const command = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [program = '', ...options] = words;
    const child = spawn(program, options, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });

/** Words before a command that make it run as an ordinary user: nothing but root ignores modes. */
export const ordinaryUser = 65_534;
export const asOrdinaryUser: readonly string[] =
  process.geteuid?.() === 0 ? ['setpriv', `--reuid=${ordinaryUser}`, `--regid=${ordinaryUser}`, '--clear-groups'] : [];

/** Words before a command that give it mounts of its own, which end with it. */
export const withOwnMounts: readonly string[] = ['unshare', '-m', '--propagation', 'private'];

/** A script beside the tests, as the words of a command, with one argument that it reads as JSON. */
export const script = (name: string, argument: unknown): readonly string[] => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  new URL(`./${name}.ts`, import.meta.url).pathname,
  JSON.stringify(argument),
];

/** What a script said in its last line, as JSON. */
export const answerOf = <Answer>({ stdout, stderr, code, signal }: Ended): Answer => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || line === '') throw new Error(`the script ended with ${code ?? signal}: ${stderr}`);
  return JSON.parse(line) as Answer;
};
