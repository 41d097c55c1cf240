import type { Identity } from '../../../shared/identity.ts';
import type { Leftover } from '../../../shared/model.ts';
import { type Facts, isSameThing } from '../fs/identity.ts';
import type { Aliveness, Owner, ProcessFacts } from '../usage/processes.ts';
import { moment, span } from './age.ts';
import type { LeftoverName, LookAlike } from './grammar.ts';
import type { Insider } from './insiders.ts';
import { judgeMaker } from './maker.ts';
import { compareSamples, type Sample } from './sample.ts';

/** What our own journal knows of a token. */
export interface JournalRecord {
  readonly operation: string;
  /** How far the operation came: `set-aside`, `deleting`, … */
  readonly phase: string;
  /** What was renamed to that name. */
  readonly identity: Identity;
  readonly born: string | null;
  /** Which process has it; null when that process ended as it should and left the rest to whoever comes. */
  readonly owner: Owner | null;
  /** The boot in which `identity` was read. */
  readonly boot: string | null;
  /** The end of its undo window on the wall clock, in ms; null when it never had one. */
  readonly undoUntilMs: number | null;
}

/** Everything that is known of one candidate. Pure data, so that every row of the table can be tested. */
export interface Evidence {
  readonly facts: Facts;
  readonly nowMs: number;
  readonly exact: LeftoverName | null;
  /** Set when the name is no exact one. */
  readonly lookAlike: LookAlike | null;
  /** It stands directly in the root of a cache of the tool that the name belongs to. */
  readonly inToolRoot: boolean;
  readonly journal: JournalRecord | null;
  /** The journal's record was written since this system started. */
  readonly sameBoot: boolean;
  /** Of the journal's owner (`dead` when it handed the operation over); null without a record. */
  readonly owner: Aliveness | null;
  /** Of the process that the name names; null when it names none. */
  readonly process: ProcessFacts | 'dead' | 'hidden' | null;
  /** Who has that number inside a container and may have made it; null: nobody. */
  readonly insider: Insider | null;
  readonly mine: boolean;
  /** A file system is mounted on it or in it. */
  readonly mountInside: boolean;
  /** The type of a file system that other machines write to as well (nfs, 9p …), or null. */
  readonly sharedType: string | null;
  /** False when nothing tells which processes a number here could mean. */
  readonly pidsMean: boolean;
  /** Null when it is no directory, or was not looked into. */
  readonly samples: readonly [Sample, Sample] | null;
}

export type Verdict = Pick<Leftover, 'verdict' | 'cleaning' | 'evidence'>;

const kinds = { directory: 'a folder', file: 'a file', link: 'a link to somewhere else', other: 'a special file' };

/**
 * The verdict on a candidate, with the reasons as sentences for a person: the first row of the table in the
 * function that matches. Never `safe` unless two independent signs say that nobody works on it. Pure.
 */
export const judge = (seen: Evidence): Verdict => {
  const told: string[] = [];
  const verdict = (kind: Verdict['verdict'], cleaning: Verdict['cleaning'], ...why: readonly string[]): Verdict => ({
    verdict: kind,
    cleaning,
    evidence: [...why, ...told],
  });
  const { facts, exact, journal } = seen;
  const known = journal !== null && isSameThing(journal, facts, seen.sameBoot);

  // 1. Only real directories are ever trees; a unit of ours may be a single file.
  if (facts.kind !== 'directory' && !(known && facts.kind === 'file')) {
    return verdict('odd', 'never', `this is ${kinds[facts.kind]}, not a folder that was set aside: left alone`);
  }
  told.push(`last changed ${moment(facts.ctimeMs)}, ${span(seen.nowMs - facts.ctimeMs)} ago`);

  // 2. Names that merely look so.
  if (exact === null) {
    const why = seen.lookAlike?.wrong ?? 'no known program gives such a name';
    return verdict('odd', 'never', `the name looks like that of a leftover, but ${why}: left alone`);
  }
  if (exact.origin === 'pip-tools' && !seen.inToolRoot) {
    const why = 'pip-tools leaves such folders in its own cache only';
    return verdict('odd', 'never', `the name looks like that of a leftover, but ${why}: left alone`);
  }

  const maker = seen.process === null ? null : judgeMaker(exact.pid, seen.process, facts.ctimeMs);
  const activity = seen.samples === null ? null : compareSamples(...seen.samples);
  if (maker !== null) told.push(maker.evidence);
  if (seen.samples !== null) told.push(inWords(seen.samples));

  // 3. and 4. Our journal knows the token: only then is it ours, and only while it is the same directory.
  if (journal !== null) {
    if (!known) {
      const why = 'our history knows this name, but for another folder than the one that stands here now: left alone';
      return verdict('odd', 'never', why);
    }
    return ours(seen, journal, exact, verdict);
  }
  told.push(
    exact.origin === 'ours'
      ? 'the name is one that Cache Inspector gives, but this history does not know it'
      : 'the name is the one that pip-tools gives to what it sets aside',
  );

  // 5. Not this user's to touch.
  if (seen.mountInside) return verdict('odd', 'never', 'another file system is mounted in it: left alone');
  if (!seen.mine) return verdict('cannot-tell', 'never', 'it belongs to another user: left alone');

  // 6. A process number says nothing about other machines.
  if (seen.sharedType !== null) {
    const why = `it stands on a file system that other machines may use as well (${seen.sharedType})`;
    return verdict('cannot-tell', 'ask', `${why}, and a process there cannot be seen from here`);
  }
  if (!seen.pidsMean) return verdict('cannot-tell', 'ask', 'which process made it cannot be told on this system');

  // 7. and 8. The same for both, but for the copies that another history of ours may still put back.
  if (maker?.state === 'working')
    return verdict('in-progress', 'never', 'the program whose number it carries still runs');
  if (activity === 'changed') return verdict('in-progress', 'never', 'something in it changes right now');
  if (seen.insider !== null) {
    const { pid, command } = seen.insider;
    const why = `process ${pid} (${command}) has the number ${exact.pid} inside its container, and may have made it`;
    return verdict('cannot-tell', 'ask', why);
  }
  if (exact.origin === 'ours' && exact.stage === 'stale') {
    return verdict('cannot-tell', 'ask', 'another Cache Inspector may still be able to undo it');
  }
  if (maker?.state === 'gone' && activity === 'same') {
    return verdict('abandoned', 'safe', 'the program whose number it carries is gone, and nothing in it changes');
  }
  return verdict('cannot-tell', 'ask', 'nothing proves that nobody works on it any more');
};

const ours = (
  seen: Evidence,
  journal: JournalRecord,
  exact: LeftoverName,
  verdict: (kind: Verdict['verdict'], cleaning: Verdict['cleaning'], ...why: readonly string[]) => Verdict,
): Verdict => {
  const record = `our history knows it: operation ${journal.operation}, ${journal.phase}`;
  if (journal.owner !== null && seen.owner === 'alive') {
    const by = `process ${journal.owner.pid} of Cache Inspector`;
    if (journal.phase !== 'set-aside') return verdict('in-progress', 'never', `${by} is working on it`, record);
    const until = journal.undoUntilMs === null ? '' : ` until ${moment(journal.undoUntilMs)}`;
    return verdict('undoable', 'ask', `${by} keeps it whole${until}, so that it can be put back`, record);
  }
  if (journal.owner !== null && seen.owner !== 'dead') {
    const { pid, host } = journal.owner;
    const why = `process ${pid} of Cache Inspector made it on ${host}, and whether it still runs cannot be told`;
    return verdict('cannot-tell', 'ask', why, record);
  }
  if (exact.stage === 'deleting') {
    return verdict('abandoned', 'safe', 'its deletion began and was cut off, so it cannot be put back', record);
  }
  const until = journal.undoUntilMs;
  const undo =
    until === null
      ? 'it is whole and can be put back'
      : until > seen.nowMs
        ? `it is whole and can be put back until ${moment(until)}`
        : `it is whole and can still be put back; its undo window ended ${span(seen.nowMs - until)} ago`;
  return verdict('undoable', 'ask', undo, record);
};

const things = (entries: number): string => (entries === 1 ? '1 thing' : `${entries} things`);

const inWords = ([first, second]: readonly [Sample, Sample]): string => {
  const compared = compareSamples(first, second);
  if (compared === 'unclear') return 'it could not be read fast enough to tell whether it changes';
  if (compared === 'changed')
    return `two looks differ: ${things(first.entries)} in it at first, then ${second.entries}`;
  const part = second.complete ? `${things(second.entries)} in it` : `the first ${things(second.entries)} in it`;
  return `two looks a moment apart saw the same: ${part}`;
};
