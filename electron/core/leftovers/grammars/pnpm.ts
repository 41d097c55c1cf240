import { pnpm as tool } from '../../catalog/tools/pnpm.ts';
import { any, minutes, modules, pidDigits, type Spot, safe, type ToolGrammar, type Workers } from './tool-grammar.ts';

const workers: Workers = { works: (argv) => (tool.works?.(argv) ?? false) !== false, reach: 'folder' };

const virtual = [/^node_modules$/, /^\.pnpm$/, any, /^node_modules$/];
const places: readonly Spot[] = [
  ...modules,
  { from: 'project', steps: virtual },
  { from: 'project', steps: [...virtual, /^@/] },
  { from: 'cache', tools: ['pnpm'], steps: [] },
  { from: 'cache', tools: ['pnpm'], steps: [/^v\d+$/] },
];

const common: Omit<ToolGrammar, 'id' | 'pattern'> = {
  tool: 'pnpm',
  what: 'Something that pnpm was putting in its place',
  kinds: ['directory', 'file'],
  spots: places,
  quietMs: minutes(10),
  workers,
  remedy: 'Run pnpm install in the project again.',
  judge: safe('the name is the one that pnpm gives while it puts a package in its place'),
};

/** Before and after a rename over what stands there (path-temp, rename-overwrite): it may be the one that stood there. */
export const pnpmTmp: ToolGrammar = {
  ...common,
  id: 'pnpm-tmp',
  pattern: new RegExp(`^(?<base>[^_].*)_tmp_(?<pid>${pidDigits})(?:_\\d{1,6})$`, 's'),
  original: ({ parts }) => parts['base'] ?? null,
};

/** The Rust pnpm's own (import_indexed_dir.rs, pick_stage_path): process, nanoseconds, counter. */
export const pnpmStage: ToolGrammar = {
  ...common,
  id: 'pnpm-stage',
  pattern: new RegExp(`^(?<base>.+)_pacquet-stage_(?<pid>${pidDigits})_\\d{1,39}_\\d{1,20}$`, 's'),
  original: ({ parts }) => parts['base'] ?? null,
};

/** Where pnpm tried whether it can link to its store (path-temp): nothing stood there before. */
export const pnpmTry: ToolGrammar = {
  ...common,
  id: 'pnpm-try',
  what: 'What pnpm tried its store with',
  spots: [...places, { from: 'project', steps: [] }],
  pattern: new RegExp(`^_tmp_(?<pid>${pidDigits})_(?<mark>[0-9a-f]{8,32})$`),
  judge: ({ parts }) =>
    parts['mark']?.length === 32
      ? { cleaning: 'safe', why: ['the name is the one that pnpm gives to such a try'] }
      : { cleaning: 'ask', why: ['the name is like one that pnpm gives to such a try, but shorter'] },
};

/** symlink-dir puts aside what it finds where it wants to link to: often another tool's, and perhaps a person's work. */
export const pnpmIgnored: ToolGrammar = {
  ...common,
  id: 'pnpm-ignored',
  what: 'A package that stood where pnpm wanted to put its own',
  pattern: /^\.ignored_(?<base>.+)$/s,
  remedy: 'Look into it. If nothing in it is yours, remove the project’s node_modules and run pnpm install.',
  judge: () => ({
    cleaning: 'never',
    why: ['pnpm keeps it because it did not make it: whether something in it is yours cannot be told'],
  }),
};
