import { dirname, join } from 'node:path';
import { folder } from '../../catalog/folder.ts';
import { fs } from '../../fs/seam.ts';
import { deadPid } from '../../usage/test-processes.ts';
import { days } from '../grammars/tool-grammar.ts';
import { findToolLeftovers, type ToolFinding } from '../tool-leftovers.ts';

// For tests only: making what tools leave, and looking for it.

export const linux = process.platform === 'linux';
export const hash = 'a'.repeat(64);
/** The number of a process that has ended. */
export const dead = linux ? await deadPid() : 4_194_000;

/** Files by their path below a folder; a path that ends with a slash is an empty folder. */
export const plant = (root: string, paths: readonly string[], content = '{"name":"x"}'): void => {
  for (const path of paths) {
    const whole = join(root, path);
    fs.mkdirSync(path.endsWith('/') ? whole : dirname(whole), { recursive: true });
    if (!path.endsWith('/')) fs.writeFileSync(whole, path.endsWith('/RECORD') ? 'requests/api.py,,\n' : content);
  }
};

export interface Look {
  /** Where the tool's cache stands below the folder; it is the folder itself without it. */
  readonly cache?: string;
  /** The tool of which the folder is the cache; null: it is a project. */
  readonly tool?: string | null;
  readonly laterMs?: number;
  readonly temporary?: boolean;
}

/** What is found of it later, as if nothing else ran on this machine. */
export const find = async (
  root: string,
  { tool = null, cache = '', laterMs = days(3), temporary = false }: Look = {},
) =>
  findToolLeftovers({
    // Only its id and whether it works: for tools that hold nothing, that of a plain folder.
    places: tool === null ? [] : [{ root: join(root, cache), tool: { ...folder, id: tool }, units: [] }],
    projects: tool === null && !temporary ? [root] : [],
    temporary: temporary ? root : null,
    sampleGapMs: 20,
    now: () => Date.now() + laterMs,
    // What else runs on this machine is no matter of these tests.
    processes: () => [],
  });

/** `node_modules/.a.DELETE: npm-delete safe`. */
export const short = (root: string, { path, grammar, cleaning }: ToolFinding): string =>
  `${path.slice(root.length + 1)}: ${grammar} ${cleaning}`;

/** What one grammar finds among some files. */
export interface Example extends Look {
  readonly grammar: string;
  readonly files: readonly string[];
  /** What is found, all of it: a path and its cleaning. */
  readonly found: Readonly<Record<string, ToolFinding['cleaning']>>;
}

export const sha = 'b'.repeat(40);
export const entry = 'c'.repeat(56);
export const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
