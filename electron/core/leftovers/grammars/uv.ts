import { inside, minutes, safe, type ToolGrammar } from './tool-grammar.ts';

/**
 * uv: what it unpacks or builds, before the rename to its place. uv itself takes every `.tmp…` for temporary
 * (crates/uv-fs/src/lib.rs, is_temporary); six letters or digits is what the tempfile crate adds, as seen in
 * uv#1491. Every uv holds the cache's lock, shared, while it runs: whoever gets it exclusively is alone.
 */
export const uvTmp: ToolGrammar = {
  id: 'uv-tmp',
  tool: 'uv',
  what: 'Something that uv had not finished unpacking or building',
  pattern: /^\.tmp[A-Za-z0-9]{6}$/,
  kinds: ['directory', 'file'],
  spots: [
    { from: 'cache', tools: ['uv'], steps: [] },
    { from: 'cache', tools: ['uv'], steps: [/^[a-z-]+-v\d+$/] },
  ],
  quietMs: minutes(10),
  locks: ({ base }) => [inside(base, '.lock')],
  remedy: 'uv cache prune removes what nothing refers to.',
  judge: safe('uv renames it to its place when it is whole, and never looks for it again'),
};
