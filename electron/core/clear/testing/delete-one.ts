import { execFileSync } from 'node:child_process';
import type { ApiError } from '../../../../shared/errors.ts';
import { CodedError } from '../../../../shared/errors.ts';
import { look } from '../../fs/identity.ts';
import { joinRaw, raw } from '../../fs/raw.ts';
import { fs } from '../../fs/seam.ts';
import type { DeleteJob, DeleteReport } from '../delete-job.ts';
import { deleteTree } from '../deleter.ts';

// For tests only: one deleteTree, in a process that can be given other rights, limits and mounts.

export interface DeleteOneOrder {
  readonly parent: string;
  readonly name: string;
  readonly way: DeleteJob['way'];
  /** Commands that are run first. */
  readonly before?: readonly (readonly string[])[];
  /** Files that are written after those. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths whose modes are told afterwards; null when nothing is there. */
  readonly watch?: readonly string[];
}

export interface DeleteOneAnswer {
  readonly report: DeleteReport | null;
  readonly error: ApiError | null;
  readonly modes: readonly (number | null)[];
}

const order = JSON.parse(process.argv[2] ?? '') as DeleteOneOrder;
const parent = raw(order.parent);
const name = raw(order.name);
for (const [program = '', ...words] of order.before ?? []) execFileSync(program, words);
for (const [path, text] of Object.entries(order.files ?? {})) fs.writeFileSync(path, text);
const facts = look(joinRaw(parent, name));
if (facts === null) throw new Error('there is nothing to delete');
const told = await deleteTree({ parent, name, identity: facts.identity }, { way: order.way }).then(
  (report) => ({ report, error: null }),
  (thrown: unknown) => {
    if (!(thrown instanceof CodedError)) throw thrown;
    const { code, message, detail } = thrown;
    return { report: null, error: { code, message, ...(detail !== undefined && { detail }) } };
  },
);
const modes = (order.watch ?? []).map((path) => look(path)?.mode ?? null);
process.stdout.write(`${JSON.stringify({ ...told, modes } satisfies DeleteOneAnswer)}\n`);
