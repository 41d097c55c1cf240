import { describe, expect, it } from 'vitest';
import type { Facts } from '../fs/identity.ts';
import { hours, safe, type ToolGrammar } from './grammars/tool-grammar.ts';
import { type Around, judgeTool } from './tool-verdict.ts';

const nowMs = Date.parse('2026-05-12T12:00:00Z');
const facts: Facts = {
  kind: 'directory',
  identity: { dev: 1, ino: 2 },
  uid: 1000,
  mode: 0o40755,
  size: 0,
  allocated: 0,
  links: 2,
  born: null,
  mtimeMs: nowMs - hours(5),
  ctimeMs: nowMs - hours(5),
};
const sample = { entries: 3, newestCtimeMs: nowMs - hours(5), complete: true, crossed: false, outOfTime: false };
const grammar: ToolGrammar = {
  id: 'x',
  tool: 'x',
  what: 'What x left',
  pattern: /^x$/,
  kinds: ['directory'],
  spots: [],
  quietMs: hours(1),
  remedy: null,
  judge: safe('x never looks for it again'),
};
const quiet: Around = {
  facts,
  nowMs,
  device: 1,
  mine: true,
  mountInside: false,
  sharedType: null,
  original: { shown: '/a/x', present: true },
  maker: { state: 'gone', evidence: 'process 7 does not run any more' },
  insider: null,
  pidsMean: true,
  samples: [sample, sample],
  usage: { verdict: 'idle', holders: [], evidence: [] },
  locks: [{ state: 'free', told: 'nobody holds the lock /a/.lock' }],
  working: { state: 'nobody', told: null },
};
const holder = { pid: 9, command: 'x install', since: null, evidence: 'has it open' };

const judge = (
  more: Partial<Around>,
  opinion: ReturnType<ToolGrammar['judge']> = { cleaning: 'safe', why: ['why'] },
) => {
  if (opinion === null) throw new Error('no opinion');
  const { verdict, cleaning, evidence } = judgeTool(grammar, opinion, { ...quiet, ...more });
  return { is: `${verdict} ${cleaning}`, told: evidence.join('\n') };
};

describe('the verdict on what a tool left', () => {
  it('is safe when nothing is in doubt', () => {
    const { is, told } = judge({});
    expect(is).toBe('abandoned safe');
    for (const sentence of ['why', '/a/x is there', 'nobody holds the lock', '5 hours ago'])
      expect(told).toContain(sentence);
  });

  it.each<readonly [string, Partial<Around>, string]>([
    ['a mount in it', { mountInside: true }, 'odd never'],
    ['another device', { device: 2 }, 'odd never'],
    ['another owner', { mine: false }, 'cannot-tell never'],
    ['a lock that is held', { locks: [{ state: 'held', told: 'held' }] }, 'in-progress never'],
    ['one of two locks held', { locks: [...quiet.locks, { state: 'held', told: 'held' }] }, 'in-progress never'],
    [
      'somebody who has it open',
      { usage: { verdict: 'in-use', holders: [holder], evidence: [] } },
      'in-progress never',
    ],
    ['a maker that runs', { maker: { state: 'working', evidence: 'process 7 runs' } }, 'in-progress never'],
    ['a tool that runs there', { working: { state: 'here', told: 'npm runs' } }, 'in-progress never'],
    ['something that changes', { samples: [sample, { ...sample, entries: 4 }] }, 'in-progress never'],
    ['a missing original', { original: { shown: '/a/x', present: false } }, 'cannot-tell ask'],
    ['an original that cannot be told', { original: null }, 'cannot-tell ask'],
    ['a network file system', { sharedType: 'nfs4' }, 'cannot-tell ask'],
    ['numbers that mean nothing', { pidsMean: false }, 'cannot-tell ask'],
    ['a maker that cannot be told', { maker: { state: 'unknown', evidence: 'hidden' } }, 'cannot-tell ask'],
    ['somebody in a container', { insider: { pid: 8, command: 'pnpm' } }, 'cannot-tell ask'],
    ['a lock that cannot be tried', { locks: [{ state: 'unknown', told: 'no flock' }] }, 'cannot-tell ask'],
    ['nobody to ask who has it open', { usage: null }, 'cannot-tell ask'],
    [
      'no answer to who has it open',
      { usage: { verdict: 'cannot-tell', holders: [], evidence: ['x'] } },
      'cannot-tell ask',
    ],
    ['a tool that runs somewhere', { working: { state: 'maybe', told: 'npm runs' } }, 'cannot-tell ask'],
    ['a folder not looked into', { samples: null }, 'cannot-tell ask'],
    ['a look that took too long', { samples: [sample, { ...sample, outOfTime: true }] }, 'cannot-tell ask'],
    ['a change a minute ago', { facts: { ...facts, ctimeMs: nowMs - 60_000 } }, 'cannot-tell ask'],
    ['a file written a minute ago', { facts: { ...facts, mtimeMs: nowMs - 60_000 } }, 'cannot-tell ask'],
    [
      'a change inside a minute ago',
      {
        samples: [
          { ...sample, newestCtimeMs: nowMs - 60_000 },
          { ...sample, newestCtimeMs: nowMs - 60_000 },
        ],
      },
      'cannot-tell ask',
    ],
    ['a change in the future', { facts: { ...facts, ctimeMs: nowMs + 60_000 } }, 'cannot-tell ask'],
  ])('is not safe with %s', (_, more, expected) => {
    const { is, told } = judge(more);
    expect(is).toBe(expected);
    expect(told).toMatch(/\w/);
  });

  it('is never better than what the grammar says', () => {
    expect(judge({}, { cleaning: 'ask', why: ['why'] }).is).toBe('cannot-tell ask');
    expect(judge({}, { cleaning: 'never', why: ['why'] }).is).toBe('cannot-tell never');
    expect(judge({}, { cleaning: 'never', verdict: 'undoable', why: ['why'] }).is).toBe('undoable never');
  });

  it('asks nothing of an original, a process or a lock where there is none', () => {
    expect(judge({ original: undefined, maker: null, locks: [] }).is).toBe('abandoned safe');
  });
});
