import { describe, expect, it } from 'vitest';
import { parseLeftover } from '../../../electron/core/leftovers/grammar.ts';
import { judge } from '../../../electron/core/leftovers/verdict.ts';
import { LeftoverId, OperationId } from '../../../shared/ids.ts';
import type { Cache, Leftover, Operation } from '../../../shared/model.ts';
import { groupsOf, safeOnes, sizeOf, someUnmeasured, withSizes } from './groups.ts';
import { parentOf, watchedPlaces } from './places.ts';
import {
  allEvidence,
  furtherEvidence,
  remedyOf,
  stopSentence,
  verdictSentence,
  waysOf,
  whatSentence,
} from './sentence.ts';

const now = Date.parse('2026-05-12T12:00:00Z');
const id = (digit: string) => LeftoverId.parse(`l_${digit.repeat(12)}`);
const operationId = OperationId.parse('o_0123456789ab');

const leftover = (more: Partial<Leftover> = {}): Leftover => ({
  id: id('1'),
  path: '/home/ada/.cache/pip-tools/pkgs.stale-4711',
  tool: 'pip-tools',
  origin: 'pip-tools',
  what: 'What pip-tools had set aside to delete it',
  original: '/home/ada/.cache/pip-tools/pkgs',
  remedy: null,
  verdict: 'abandoned',
  cleaning: 'safe',
  evidence: ['the program whose number it carries is gone, and nothing in it changes'],
  bytes: null,
  files: null,
  since: '2026-05-09T12:00:00.000Z',
  operation: null,
  ...more,
});
const sizes = (allocated: number) => ({ apparent: allocated, allocated, reclaimable: allocated });

/** What core really says of a name, so that a change of its words is noticed here. */
const judged = (name: string, process: Parameters<typeof judge>[0]['process'], more: Partial<Leftover> = {}) =>
  leftover({
    path: `/home/ada/.cache/pip-tools/${name}`,
    ...judge({
      facts: {
        kind: 'directory',
        identity: { dev: 1, ino: 2 },
        uid: 1000,
        mode: 0o40755,
        size: 4096,
        allocated: 4096,
        links: 2,
        mtimeMs: now,
        born: null,
        ctimeMs: now - 3 * 86_400_000,
      },
      nowMs: now,
      exact: parseLeftover(Buffer.from(name)),
      lookAlike: null,
      inToolRoot: true,
      journal: null,
      sameBoot: true,
      owner: null,
      process,
      insider: null,
      mine: true,
      mountInside: false,
      sharedType: null,
      pidsMean: true,
      samples: [
        { entries: 7, newestCtimeMs: 1, complete: true, crossed: false, outOfTime: false },
        { entries: 7, newestCtimeMs: 1, complete: true, crossed: false, outOfTime: false },
      ],
    }),
    ...more,
  });
const process = (startedMs: number) =>
  ({ state: 'S', startTicks: 1, startedMs, command: 'pip-compile', tgid: 5120, threads: 1, uid: 1000 }) as const;

describe('the verdict as a sentence', () => {
  it('names the process that an abandoned one was made by', () => {
    const found = judged('pkgs.stale-4711', 'dead');
    expect(verdictSentence(found)).toBe('Abandoned: its process 4711 has ended, and nothing in it changes.');
    expect(furtherEvidence(found)).toBe(
      'Two looks a moment apart saw the same: 7 things in it. ' +
        'The name is the one that pip-tools gives to what it sets aside.',
    );
  });

  it('does not say that a process has ended whose number another one has now', () => {
    const found = judged('pkgs.stale-5120', process(now));
    expect(found.cleaning).toBe('safe');
    expect(verdictSentence(found)).toBe(
      'Abandoned: the program whose number it carries is gone, and nothing in it changes.',
    );
  });

  it('names who is still at it', () => {
    const found = judged('pkgs.stale-5120', process(now - 9 * 86_400_000));
    expect(verdictSentence(found)).toBe('Still being deleted by pip-compile (5120).');
  });

  it('asks to look where nobody can tell', () => {
    const found = judged('pkgs.stale-5120', 'hidden');
    expect(verdictSentence(found)).toBe(
      'Cannot tell: nothing proves that nobody works on it any more. Look before you clean.',
    );
  });

  it('says what the history knows of one of ours, and every piece of evidence where one is asked', () => {
    const ours = leftover({
      origin: 'ours',
      operation: operationId,
      evidence: ['its deletion began and was cut off, so it cannot be put back', 'last changed x, 3 days ago'],
    });
    expect(verdictSentence(ours)).toBe('Abandoned: its deletion began and was cut off, so it cannot be put back.');
    expect(furtherEvidence(ours)).toBe('');
    expect(allEvidence(ours)).toHaveLength(2);
  });

  it('writes moments in the time of the person', () => {
    const at = new Date(2026, 4, 12, 9, 30, 5);
    const utc = at.toISOString().slice(0, 19).replace('T', ' ');
    const kept = leftover({ verdict: 'undoable', evidence: [`it is whole and can be put back until ${utc} UTC`] });
    expect(verdictSentence(kept)).toBe('Can be undone: it is whole and can be put back until 2026-05-12 09:30:05.');
  });

  it('says what it is and was, and what its tool would do where one click does not', () => {
    expect(whatSentence(leftover(), '/home/ada')).toBe(
      'What pip-tools had set aside to delete it: it was ~/.cache/pip-tools/pkgs.',
    );
    const npm = leftover({ what: 'A download that npm had not finished', original: null, remedy: 'npm cache verify.' });
    expect(whatSentence(npm, '')).toBe('A download that npm had not finished.');
    const told = ['process 7 (npm install) runs in /x'];
    expect(verdictSentence({ ...npm, origin: 'npm-retired', verdict: 'in-progress', evidence: told })).toBe(
      'In progress: process 7 (npm install) runs in /x.',
    );
    expect(remedyOf(npm)).toBeNull();
    expect(remedyOf({ ...npm, cleaning: 'never' })).toBe('npm cache verify.');
    expect(waysOf({ ...npm, cleaning: 'never', verdict: 'cannot-tell' }, undefined, false)).toEqual([]);
  });

  it('does without evidence', () => {
    expect(verdictSentence(leftover({ verdict: 'odd', evidence: [] }))).toBe('Odd: no reason was given.');
  });
});

describe('why a delete stopped', () => {
  const partial = (more: Partial<Operation>) =>
    ({ state: 'partial', leftCount: 0, left: [], errors: [], steps: [], ...more }) as unknown as Operation;

  it('names the first of what is left, an error, or the note', () => {
    const left = [{ path: '/x/y', errno: 13, message: 'permission denied' }];
    expect(stopSentence(partial({ left, leftCount: 3 }), '')).toBe(
      'Stopped with 3 items left, the first /x/y: permission denied.',
    );
    const errors = [{ step: 'delete', errno: 5, code: 'EIO', path: '/x', message: 'input/output error' }];
    expect(stopSentence(partial({ errors }), '')).toBe('Stopped: /x: input/output error (EIO).');
    const steps = [{ step: 'partial', at: '2026-05-12T09:30:00.000Z', note: 'stopped on request' }];
    expect(stopSentence(partial({ steps }), '')).toBe('Stopped: stopped on request.');
    expect(stopSentence(undefined, '')).toBeNull();
  });
});

describe('what can be done', () => {
  const of = (more: Partial<Leftover>, state?: Operation['state'], isDeleting = false) =>
    waysOf(leftover(more), state && ({ state } as Operation), isDeleting);

  it('follows the verdict', () => {
    expect(of({})).toEqual(['clean']);
    expect(of({ verdict: 'cannot-tell', cleaning: 'ask' })).toEqual(['ask']);
    expect(of({ verdict: 'odd', cleaning: 'never' })).toEqual([]);
    expect(of({ verdict: 'undoable', cleaning: 'ask', operation: operationId }, 'set-aside')).toEqual([
      'ask',
      'put-back',
    ]);
    expect(of({ operation: operationId }, 'partial')).toEqual(['resume']);
    expect(of({ operation: operationId }, 'deleting')).toEqual(['resume']);
    expect(of({ verdict: 'in-progress', cleaning: 'never', operation: operationId }, 'deleting')).toEqual([]);
    expect(of({ verdict: 'in-progress', cleaning: 'never', operation: operationId }, 'deleting', true)).toEqual([
      'stop',
    ]);
  });
});

describe('sizes', () => {
  const [one, two] = [leftover(), leftover({ id: id('2') })];

  it('are kept by id, and asked for once', () => {
    expect(someUnmeasured([one], new Map())).toBe(true);
    const known = withSizes(new Map(), [one, two], [{ ...one, bytes: sizes(10) }]);
    expect(someUnmeasured([one, two], known)).toBe(false);
    expect(sizeOf(one, known)).toBe(10);
    expect(sizeOf(two, known)).toBeNull();
    // A second look without an answer keeps what was known, and drops what is gone.
    const later = withSizes(known, [one], []);
    expect([...later.keys()]).toEqual([one.id]);
    expect(sizeOf(one, later)).toBe(10);
  });

  it('are added up for those that are safe, when all are known', () => {
    const known = withSizes(
      new Map(),
      [],
      [
        { ...one, bytes: sizes(10) },
        { ...two, bytes: sizes(5) },
      ],
    );
    const never = leftover({ id: id('3'), cleaning: 'never' });
    expect(safeOnes([one, two, never], known)).toEqual({ count: 2, bytes: 15 });
    expect(safeOnes([one, two], new Map())).toEqual({ count: 2, bytes: null });
    expect(safeOnes([], known)).toEqual({ count: 0, bytes: 0 });
  });
});

describe('groups', () => {
  const caches = [
    { tool: 'npm', name: 'npm' },
    { tool: 'pip-tools', name: 'pip-tools' },
  ] as Cache[];

  it('are by tool, sorted, without a tool last, and searched in all that is said', () => {
    const all = [
      leftover({ id: id('1'), tool: null }),
      leftover({ id: id('2') }),
      leftover({ id: id('3'), tool: 'npm', path: '/x/_cacache.deleting-1' }),
    ];
    expect(groupsOf(all, caches, [], '').map(({ name }) => name)).toEqual(['npm', 'pip-tools', 'Other places']);
    expect(groupsOf(all, caches, [], ' CACACHE ').map(({ name }) => name)).toEqual(['npm']);
    expect(groupsOf(all, caches, [], 'abandoned')).toHaveLength(3);
    expect(groupsOf(all, caches, [], 'nowhere')).toEqual([]);
    const ours = [leftover({ tool: null, operation: operationId })];
    const operations = [{ id: operationId, tool: 'npm' }] as Operation[];
    expect(groupsOf(ours, caches, operations, '').map(({ tool }) => tool)).toEqual(['npm']);
  });
});

describe('watched places', () => {
  it.each([
    ['/a/b', '/a'],
    ['/a/b/', '/a'],
    ['/a', '/'],
    ['/', '/'],
    ['C:\\x\\y', 'C:\\x'],
    ['C:\\x', 'C:\\'],
    ['name', 'name'],
  ])('the folder of %s is %s', (path, parent) => expect(parentOf(path)).toBe(parent));

  it('are roots and the folders of units, each once, without caches that cannot be looked into', () => {
    const problem = { code: 'io', message: 'closed' } as const;
    const cache = (root: string, units: readonly string[], more: Partial<Cache> = {}) =>
      ({ root, units: units.map((path) => ({ path })), problem: null, ...more }) as unknown as Cache;
    expect(
      watchedPlaces([
        cache('/h/.npm', ['/h/.npm/_cacache', '/h/.npm/_npx', '/h/.npm/deep/er']),
        cache('/h/.cache/pip', []),
        cache('/h/.cache/pip', []),
        cache('/h/closed', [], { problem }),
        cache('/h/protected', ['/h/protected/x'], { problem }),
      ]),
    ).toBe(4);
  });
});
