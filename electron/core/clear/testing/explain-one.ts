import { execFileSync } from 'node:child_process';
import { explain, explanationNow } from '../../fs/explain.ts';
import { readOnlyReason } from '../../fs/explain-place.ts';

// For tests only: what is said about paths, in a process that can be given other rights and mounts.

export interface ExplainOneOrder {
  /** Commands that are run first. */
  readonly before?: readonly (readonly string[])[];
  readonly ask: readonly { readonly path: string; readonly errno: number }[];
}

export interface ExplainOneAnswer {
  readonly said: readonly string[];
  /** Whether each of them is refused before anything is tried. */
  readonly readOnly: readonly (string | null)[];
  /** How many could be told without asking another program. */
  readonly now: number;
}

const order = JSON.parse(process.argv[2] ?? '') as ExplainOneOrder;
for (const [program = '', ...words] of order.before ?? []) execFileSync(program, words);
const said: string[] = [];
for (const { path, errno } of order.ask) said.push(await explain(path, errno));
const readOnly = order.ask.map(({ path }) => readOnlyReason(path));
const now = order.ask.filter(({ path, errno }) => explanationNow(path, errno) !== null).length;
process.stdout.write(`${JSON.stringify({ said, readOnly, now } satisfies ExplainOneAnswer)}\n`);
