import { describe, expect, it } from 'vitest';
import type { PlanId, UnitId } from '../../shared/ids.ts';
import type { Operation, Plan } from '../../shared/model.ts';
import { commandQuestion, questionFor } from './confirm-words.ts';
import { quitWords } from './quit-words.ts';

const planOf = (paths: readonly string[], more: Partial<Plan> = {}): Plan => ({
  id: 'p_000000000000' as PlanId,
  steps: paths.map((from) => ({
    unit: 'u_000000000000' as UnitId,
    rename: { from, to: `${from}.stale-1` },
    identity: { dev: 1, ino: 1 },
  })),
  moreSteps: 0,
  chosen: null,
  bytes: { apparent: 1, allocated: 1, reclaimable: 1_240_000_000 },
  keeps: [],
  usage: 'idle',
  evidence: [],
  holders: [],
  refusals: [],
  ...more,
});
const manner = { undoWindowMs: 20_000, evenIfInUse: false, waitMs: null };

describe('the question before a clear', () => {
  it('says what, how much, and that it can be undone', () => {
    expect(questionFor(planOf(['/home/u/.npm/_cacache']), manner, 'decimal')).toEqual({
      message: 'Clear this cache? 1.24 GB comes back.',
      detail:
        '/home/u/.npm/_cacache\n\nEach is set aside in one step and kept whole for 20 s: Undo puts everything back. Then it is deleted, and its tool fetches again what it needs.',
      verb: 'Clear 1.24 GB',
    });
  });

  it('counts in the units that the person chose, and says when nothing brings it back', () => {
    const { detail, verb } = questionFor(planOf(['/a', '/b']), { ...manner, undoWindowMs: 0 }, 'binary');
    expect(verb).toBe('Clear 1.15 GiB');
    expect(detail).toContain('This cannot be undone.');
  });

  it('counts entries where it is about those, not the files that are renamed for them', () => {
    const chosen = { entries: [], count: 412, bytes: 9, also: [], stays: [], staysCount: 0 };
    expect(questionFor(planOf(['/a/1', '/a/2'], { chosen }), manner, 'decimal').message).toBe(
      'Clear 412 entries? 1.24 GB comes back.',
    );
  });

  it('asks before a tool’s own command, with what it does', () => {
    const own = { line: 'pnpm store prune', does: 'It deletes what no project uses.', better: null };
    const { message, detail, verb } = commandQuestion(own);
    expect([message, verb]).toEqual(['Run ‘pnpm store prune’?', 'Run it']);
    expect(detail).toContain('It deletes what no project uses.');
  });

  it('stays short: the buttons must be on the screen', () => {
    const paths = Array.from({ length: 40 }, (_, at) => `/cache/${at}`);
    const { detail, message } = questionFor(planOf(paths), manner, 'decimal');
    expect(message).toBe('Clear 40 parts of caches? 1.24 GB comes back.');
    expect(detail.split('\n').length).toBeLessThan(12);
    expect(detail).toContain('/cache/4\n… and 35 more');
  });

  it('names who is using it, and what is kept', () => {
    const plan = planOf(['/a'], {
      usage: 'in-use',
      holders: [{ pid: 4242, command: 'npm install', since: null, evidence: '' }],
      keeps: [{ path: '/a/token', why: 'a login' }],
    });
    const { detail } = questionFor(plan, { ...manner, evenIfInUse: true }, 'decimal');
    expect(detail).toContain('Kept as it is: /a/token.');
    expect(detail).toContain(
      'It is in use by npm install (4242). You chose to clear it anyway: what uses it now may fail.',
    );
  });

  it('says that it waits for who uses it, and for how long at most', () => {
    const holders = [{ pid: 42, command: 'npm install', since: null, evidence: 'open file' }];
    const { detail, verb } = questionFor(
      planOf(['/a'], { usage: 'in-use', holders }),
      { ...manner, waitMs: 60_000 },
      'decimal',
    );
    expect(detail).toContain(
      'It is in use by npm install (42). It is cleared as soon as it is idle, if that is within 60 s.',
    );
    expect(verb).toBe('Clear when idle');
  });

  it('does not claim to know what it does not', () => {
    const plan = planOf(['/a'], {
      usage: 'cannot-tell',
      evidence: ['a container'],
      bytes: { apparent: 0, allocated: 0, reclaimable: 0 },
    });
    const { detail, message, verb } = questionFor(plan, manner, 'decimal');
    expect([message, verb]).toEqual(['Clear this cache?', 'Clear']);
    expect(detail).toContain('Whether it is in use cannot be told: a container.');
  });
});

describe('what is said before quitting', () => {
  const operation = (tool: string): Operation => ({ tool, path: `/${tool}` }) as Operation;

  it('is nothing when nothing is going on', () => {
    expect(quitWords([], [])).toBe(null);
  });

  it('says what becomes of deletes, and of what can still be put back', () => {
    const words = quitWords([operation('npm'), operation('npm')], [operation('pip')]);
    expect(words).toContain('Deleting npm stops here.');
    expect(words).toContain('What was cleared of pip stays whole until the next start');
  });
});
