import { ask, days, hours, inside, minutes, pidDigits, safe, type ToolGrammar } from './tool-grammar.ts';

/** rimraf (move-remove): `.name.` and the digits of Math.random(); what it meets as a file is moved the same way. */
export const rimrafMoved: ToolGrammar = {
  id: 'rimraf-moved',
  tool: 'rimraf',
  what: 'Something that rimraf had moved aside to remove it',
  pattern: /^\.(?<base>.+)\.0\.\d{8,20}$/s,
  kinds: ['directory', 'file'],
  spots: [
    { from: 'beside', steps: [] },
    { from: 'project', steps: [] },
    { from: 'project', steps: [/^node_modules$/] },
    { from: 'temporary', steps: [] },
  ],
  original: ({ parts }) => parts['base'] ?? null,
  quietMs: hours(1),
  remedy: null,
  judge: safe('somebody had told rimraf to remove it'),
};

/** MangoDisk (permanent_delete.rs): a folder of its own, in which what is to be deleted is called `target`. */
export const mangoDisk: ToolGrammar = {
  id: 'mangodisk-delete',
  tool: 'mangodisk',
  what: 'What MangoDisk was deleting',
  pattern: new RegExp(`^\\.mangodisk-delete-(?<pid>${pidDigits})-\\d{1,20}$`),
  kinds: ['directory'],
  spots: [
    { from: 'beside', steps: [] },
    { from: 'project', steps: [] },
  ],
  quietMs: minutes(10),
  remedy: null,
  judge: ({ dir, name, eye }) => {
    const children = eye.names(inside(dir, name));
    if (children.length === 0) return { cleaning: 'safe', why: ['it is empty'] };
    const target = eye.facts(inside(dir, name, 'target')) !== null;
    return target
      ? { cleaning: 'ask', why: ['its “target” may be the only copy of something that could not be put back'] }
      : { cleaning: 'ask', why: ['it holds something else than MangoDisk puts there'] };
  },
};

/** cache-kill says in its documentation that this is the way back. */
export const cacheKill: ToolGrammar = {
  id: 'cache-kill-backup',
  tool: 'cache-kill',
  what: 'The copies from which cache-kill can restore what it cleared',
  pattern: /^\.cachekill-backup$/,
  kinds: ['directory'],
  spots: [{ from: 'project', steps: [] }],
  quietMs: days(1),
  remedy: 'cache-kill can put it back.',
  judge: ask('it is your way back from what cache-kill cleared'),
};
