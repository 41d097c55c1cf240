import { processFacts } from '../../usage/processes.ts';
import { inside, minutes, parentOf, pidDigits, type Seen, safe, type ToolGrammar, uuid } from './tool-grammar.ts';

const base = /^[0-9a-f]{32}$/;
const tops = [[], [/^_bazel_/]];

/** From Bazel's source: what it unpacks or puts aside carries the process number. Read-only folders are usual in it. */
export const bazelTmp: ToolGrammar = {
  id: 'bazel-tmp',
  tool: 'bazel',
  what: 'Something that Bazel was unpacking or had put aside to remove it',
  pattern: new RegExp(`^(?<base>[0-9a-f]{32}|install|execroot)_tmp_(?<pid>${pidDigits})(?:_(?:${uuid}))?$`),
  kinds: ['directory'],
  spots: tops.flatMap((top) => [
    { from: 'cache' as const, tools: ['bazel'], steps: top },
    { from: 'cache' as const, tools: ['bazel'], steps: [...top, /^install$/] },
    { from: 'cache' as const, tools: ['bazel'], steps: [...top, base] },
  ]),
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: minutes(10),
  remedy: 'bazel clean --expunge removes all that belongs to one workspace.',
  judge: safe('Bazel never looks for it again'),
};

/** The output base's server keeps its number in a file; without a server that runs nobody works there. */
const server = ({ dir, eye }: Seen): 'down' | 'up' | 'unknown' => {
  const file = inside(parentOf(dir), 'server', 'server.pid.txt');
  if (eye.facts(file) === null) return 'down';
  const pid = Number(eye.text(file)?.trim() || Number.NaN);
  if (!Number.isSafeInteger(pid) || pid < 1) return 'unknown';
  return processFacts(pid) === 'dead' ? 'down' : 'up';
};

/**
 * bazel#23880: killed between the rename and the removal, it leaves this folder full, and the next command can crash.
 * An empty one is usual. `sandbox_stash` beside it is no leftover: sandboxes are used again from there.
 */
export const bazelTrash: ToolGrammar = {
  id: 'bazel-sandbox-trash',
  tool: 'bazel',
  what: 'Sandboxes that Bazel had moved aside to remove them',
  pattern: /^_moved_trash_dir$/,
  kinds: ['directory'],
  spots: tops.map((top) => ({ from: 'cache', tools: ['bazel'], steps: [...top, base, /^sandbox$/] })),
  quietMs: minutes(10),
  remedy: 'bazel shutdown in the workspace first; then it can be cleaned.',
  judge: (seen) => {
    if (seen.eye.names(inside(seen.dir, seen.name)).length === 0) return null;
    const state = server(seen);
    if (state === 'down') return { cleaning: 'safe', why: ['the Bazel server of this workspace does not run'] };
    if (state === 'unknown') return { cleaning: 'ask', why: ['whether the Bazel server runs cannot be told'] };
    return { cleaning: 'never', verdict: 'in-progress', why: ['the Bazel server of this workspace runs'] };
  },
};
