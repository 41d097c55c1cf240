import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { deleteTree } from '../clear/deleter.ts';
import { look } from '../fs/identity.ts';
import { raw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { mounted } from './namespace.ts';

/** A script in a namespace: mounts two things inside the tree and deletes it, as every tree is deleted. */
export interface MountAnswer {
  readonly left: readonly string[];
  /** The file on the other file system is still there. */
  readonly other: boolean;
}

const { folder, victim, points } = JSON.parse(process.argv[2] ?? '') as {
  readonly folder: string;
  readonly victim: string;
  readonly points: readonly [string, string];
};
const [bind, other] = points;
execFileSync('mount', ['--bind', victim, bind]);
execFileSync('mount', ['-t', 'tmpfs', 'none', other]);
fs.writeFileSync(join(other, 'file'), 'mine');
process.stdout.write(`${mounted}\n`);
const facts = look(join(folder, 'tree'));
if (facts === null) throw new Error('there is no tree');
const report = await deleteTree({ parent: raw(folder), name: raw('tree'), identity: facts.identity });
const answer: MountAnswer = {
  left: report.left.map(({ path }) => path),
  other: look(join(other, 'file')) !== null,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
