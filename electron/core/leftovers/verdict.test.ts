import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { raw } from '../fs/raw.ts';
import { type ProcessFacts, self } from '../usage/processes.ts';
import { looksLike, parseLeftover } from './grammar.ts';
import type { Sample } from './sample.ts';
import { type Evidence, type JournalRecord, judge } from './verdict.ts';

const now = Date.parse('2026-05-12T12:00:00Z');
const hour = 3_600_000;
const token = '0123456789abcdef';
const sample: Sample = { entries: 7, newestCtimeMs: 1, complete: true, crossed: false, outOfTime: false };
const quiet = [sample, sample] as const;
const busy = [sample, { ...sample, entries: 6 }] as const;

const facts: Evidence['facts'] = {
  kind: 'directory',
  identity: { dev: 1, ino: 2 },
  uid: 1000,
  mode: 0o40755,
  size: 4096,
  allocated: 4096,
  links: 2,
  mtimeMs: now - 9 * hour,
  born: '1',
  ctimeMs: now - hour,
};

const running = (startedMs: number | null, more: Partial<ProcessFacts> = {}): ProcessFacts => ({
  state: 'S',
  startTicks: 1,
  startedMs,
  command: 'python3',
  tgid: 4711,
  threads: 1,
  uid: 1000,
  ...more,
});

const seen = (name: string, more: Partial<Evidence> = {}): Evidence => ({
  facts,
  nowMs: now,
  exact: parseLeftover(raw(name)),
  lookAlike: looksLike(raw(name)),
  inToolRoot: true,
  journal: null,
  sameBoot: true,
  owner: null,
  process: 'dead',
  insider: null,
  mine: true,
  mountInside: false,
  sharedType: null,
  pidsMean: true,
  samples: quiet,
  ...more,
});

const record: JournalRecord = {
  operation: 'o_0123456789ab',
  phase: 'set-aside',
  identity: { dev: 1, ino: 2 },
  born: '1',
  owner: self(),
  boot: self().bootId,
  undoUntilMs: now + hour,
};

const pip = 'pkgs.stale-4711';
const stale = `_cacache.stale-4711-${token}`;
const deleting = `_cacache.deleting-4711-${token}`;
const before = running(facts.ctimeMs - hour);
const after = running(facts.ctimeMs + 2001);

const table: readonly [string, Evidence, string, RegExp][] = [
  ['1 link', seen(pip, { facts: { ...facts, kind: 'link' }, samples: null }), 'odd never', /a link to somewhere else/],
  ['1 file', seen(pip, { facts: { ...facts, kind: 'file' }, samples: null }), 'odd never', /this is a file/],
  ['1 socket', seen(stale, { facts: { ...facts, kind: 'other' } }), 'odd never', /a special file/],
  [
    '1 our file',
    seen(stale, { facts: { ...facts, kind: 'file' }, journal: record, owner: 'dead' }),
    'undoable ask',
    /put/,
  ],
  [
    '1 our link',
    seen(stale, { facts: { ...facts, kind: 'link' }, journal: record, owner: 'dead' }),
    'odd never',
    /link/,
  ],
  [
    '7 in a container',
    seen(pip, { insider: { pid: 42, command: 'python3' } }),
    'cannot-tell ask',
    /process 42 \(python3\) has the number 4711/,
  ],
  ['2 look-alike', seen('pkgs.stale-0'), 'odd never', /looks like .*, but .*not a process number: left alone/],
  ['2 elsewhere', seen(pip, { inToolRoot: false }), 'odd never', /looks like .*, but pip-tools/],
  [
    '3 alive',
    seen(deleting, { journal: { ...record, phase: 'deleting' }, owner: 'alive' }),
    'in-progress never',
    /working on it/,
  ],
  ['3 in its window', seen(stale, { journal: record, owner: 'alive' }), 'undoable ask', /keeps it whole until/],
  [
    '3 handed over',
    seen(stale, { journal: { ...record, owner: null }, owner: 'dead' }),
    'undoable ask',
    /can be put back/,
  ],
  ['3 deleting', seen(deleting, { journal: record, owner: 'dead' }), 'abandoned safe', /cut off/],
  [
    '3 undoable',
    seen(stale, { journal: record, owner: 'dead' }),
    'undoable ask',
    /can be put back until 2026-05-12 13:00:00/,
  ],
  [
    '3 late',
    seen(stale, { journal: { ...record, undoUntilMs: now - hour }, owner: 'dead' }),
    'undoable ask',
    /undo window ended 60 minutes ago/,
  ],
  ['3 unknown', seen(deleting, { journal: record, owner: 'unknown' }), 'cannot-tell ask', /cannot be told/],
  [
    '3 other boot',
    seen(deleting, { journal: { ...record, identity: { dev: 9, ino: 2 } }, sameBoot: false, owner: 'dead' }),
    'abandoned safe',
    /cut off/,
  ],
  [
    '3 mounted again as another device',
    seen(deleting, { journal: { ...record, identity: { dev: 9, ino: 2 } }, owner: 'dead' }),
    'abandoned safe',
    /cut off/,
  ],
  ['4 born later', seen(deleting, { journal: { ...record, born: '2' }, owner: 'dead' }), 'odd never', /another/],
  [
    '4 replaced',
    seen(deleting, { journal: { ...record, identity: { dev: 1, ino: 3 } }, owner: 'dead' }),
    'odd never',
    /another/,
  ],
  [
    '4 other device',
    seen(deleting, { journal: { ...record, identity: { dev: 9, ino: 2 }, born: null }, owner: 'dead' }),
    'odd never',
    /another folder/,
  ],
  ['5 mount', seen(pip, { mountInside: true }), 'odd never', /mounted/],
  ['5 other user', seen(pip, { mine: false }), 'cannot-tell never', /another user/],
  ['6 network', seen(pip, { sharedType: 'nfs4' }), 'cannot-tell ask', /nfs4/],
  ['6 pids', seen(pip, { pidsMean: false }), 'cannot-tell ask', /cannot be told/],
  ['7 deleting', seen(deleting), 'abandoned safe', /gone/],
  ['7 stale', seen(stale), 'cannot-tell ask', /another Cache Inspector may still be able to undo it/],
  ['7 stale alive', seen(stale, { process: before }), 'in-progress never', /still runs/],
  ['7 deleting busy', seen(deleting, { samples: busy }), 'in-progress never', /changes right now/],
  ['8 dead', seen(pip), 'abandoned safe', /gone/],
  ['8 zombie', seen(pip, { process: { ...before, state: 'Z' } }), 'abandoned safe', /gone/],
  ['8 thread', seen(pip, { process: { ...before, tgid: 4000 } }), 'abandoned safe', /gone/],
  ['8 reused', seen(pip, { process: after }), 'abandoned safe', /gone/],
  ['8 reused?', seen(pip, { process: running(facts.ctimeMs + 1999) }), 'in-progress never', /still runs/],
  ['8 alive', seen(pip, { process: before }), 'in-progress never', /still runs/],
  ['8 busy', seen(pip, { samples: busy }), 'in-progress never', /changes right now/],
  ['9 hidden', seen(pip, { process: 'hidden' }), 'cannot-tell ask', /nothing proves/],
  ['9 clocks', seen(pip, { process: running(null) }), 'cannot-tell ask', /nothing proves/],
  ['9 no samples', seen(pip, { samples: null }), 'cannot-tell ask', /nothing proves/],
  ['9 slow', seen(pip, { samples: [sample, { ...sample, outOfTime: true }] }), 'cannot-tell ask', /nothing proves/],
];

describe('the verdict on a leftover', () => {
  it.each(table)('%s', (_, evidence, expected, why) => {
    const { verdict, cleaning, evidence: told } = judge(evidence);
    expect(`${verdict} ${cleaning}`).toBe(expected);
    expect(told[0]).toMatch(why);
  });

  it('tells age, process, samples and journal', () => {
    const told = judge(seen(pip, { process: after })).evidence.join('\n');
    expect(told).toContain('last changed 2026-05-12 11:00:00 UTC, 60 minutes ago');
    expect(told).toContain('process 4711 (python3) started after this was set aside: its number was given to another');
    expect(told).toContain('two looks a moment apart saw the same: 7 things in it');
    const ours = judge(seen(stale, { journal: record, owner: 'dead' })).evidence.join('\n');
    expect(ours).toContain('our history knows it: operation o_0123456789ab, set-aside');
  });

  it('is safe only when everything says so, whatever is known', () => {
    const any = fc.record({
      name: fc.constantFrom(pip, stale, deleting, 'pkgs.stale-0', 'pkgs.deleting-4711'),
      kind: fc.constantFrom('directory' as const, 'file' as const, 'link' as const, 'other' as const),
      inToolRoot: fc.boolean(),
      journal: fc.constantFrom(null, record, { ...record, identity: { dev: 1, ino: 3 } }),
      sameBoot: fc.boolean(),
      owner: fc.constantFrom('alive' as const, 'dead' as const, 'unknown' as const),
      process: fc.constantFrom('dead' as const, 'hidden' as const, before, after, running(null)),
      mine: fc.boolean(),
      mountInside: fc.boolean(),
      sharedType: fc.constantFrom(null, 'nfs'),
      pidsMean: fc.boolean(),
      samples: fc.constantFrom(null, quiet, busy),
    });
    fc.assert(
      fc.property(any, ({ name, kind, journal, ...more }) => {
        const evidence = seen(name, { ...more, journal: name === pip ? null : journal, facts: { ...facts, kind } });
        const { cleaning, verdict, evidence: told } = judge(evidence);
        expect(told.length).toBeGreaterThan(0);
        if (cleaning !== 'safe') return;
        expect(verdict).toBe('abandoned');
        expect(evidence.exact).not.toBeNull();
        if (evidence.journal !== null) {
          expect(evidence).toMatchObject({ exact: { stage: 'deleting' }, owner: 'dead', journal: record });
          expect(['directory', 'file']).toContain(kind);
          return;
        }
        expect(evidence).toMatchObject({ mine: true, mountInside: false, sharedType: null, pidsMean: true });
        expect(kind).toBe('directory');
        expect(evidence.samples).toBe(quiet);
        expect([after, 'dead']).toContain(evidence.process);
        expect(name === deleting || (name === pip && evidence.inToolRoot)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
