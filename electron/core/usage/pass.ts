import type { Holder } from '../../../shared/model.ts';
import { fs } from '../fs/seam.ts';
import { commandOf, Found } from './found.ts';
import { addLockHolders, lockedFiles } from './locked-files.ts';
import { lookInto, type Target } from './look.ts';
import { viewsOf } from './names.ts';
import { parseStatus, type Stat, type Status } from './proc.ts';
import { type Question, rootKey } from './question.ts';
import { kinOf, processTable } from './table.ts';
import { worksWith } from './working.ts';

/** What one pass over all processes saw. */
export interface Pass {
  /** By the paths as asked. */
  readonly holders: ReadonlyMap<string, readonly Holder[]>;
  /** Worth telling, and nothing that makes a place used: by the paths as asked. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly looked: number;
  /** How many of those act with another user's rights. */
  readonly lookedForeign: number;
  readonly foreignBlocked: number;
  readonly ownBlocked: readonly string[];
  readonly shutOff: ReadonlySet<string>;
}

const myUid = process.getuid?.() ?? -1;

/**
 * Programs that shut themselves off on purpose (prctl(2), PR_SET_DUMPABLE) because they keep secrets. Every desktop
 * runs some of them all day, and none of them works with caches.
 */
const keepers = new Set(['ssh-agent', 'gpg-agent', '(sd-pam)', 'gnome-keyring-d', 'keepassxc', 'scdaemon']);

const statusOf = (pid: number): Status | null => {
  try {
    return parseStatus(fs.readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return null;
  }
};

class Tally {
  looked = 0;
  lookedForeign = 0;
  foreignBlocked = 0;
  readonly ownBlocked: string[] = [];
  readonly shutOff = new Set<string>();
  readonly notes = new Map<string, string[]>();

  note(path: string, note: string): void {
    this.notes.set(path, [...(this.notes.get(path) ?? []), note]);
  }

  blocked(pid: number, stat: Stat, status: Status): void {
    if (!status.uids.every((uid) => uid === myUid)) this.foreignBlocked += 1;
    else if (status.sandboxed || keepers.has(stat.command)) this.shutOff.add(stat.command);
    else this.ownBlocked.push(`process ${pid} (${commandOf(pid, stat.command)})`);
  }
}

const targetsOf = (questions: readonly Question[], locked: readonly { key: string; bytes: string }[]): Target[] => [
  ...questions.map(({ path, bytes }) => ({ asked: path, bytes })),
  ...new Map(
    questions.flatMap(({ root, rootBytes, tool }) =>
      root === null || rootBytes === null || tool?.works === undefined
        ? []
        : [[root, { asked: rootKey(root), bytes: rootBytes }] as const],
    ),
  ).values(),
  ...locked.map(({ key, bytes }) => ({ asked: key, bytes })),
];

/**
 * One look at all processes for all places: what they have open, the locks they hold, what their command lines say
 * they work with, and what their containers have mounted. One small read a step. Never throws for what a process does.
 */
export function* pass(questions: readonly Question[]): Generator<void, Pass> {
  const tally = new Tally();
  const table = yield* processTable();
  const found = new Found(table, kinOf(process.pid, table));
  const locked = yield* lockedFiles(questions);
  const viewOf = viewsOf(targetsOf(questions, locked), questions);
  const parents = new Set([...table.values()].map(({ parent }) => parent));
  for (const [pid, stat] of table) {
    if (found.kin.has(pid) || stat.kernelThread) continue;
    const status = statusOf(pid);
    if (status === null || ((stat.state === 'Z' || stat.state === 'X') && status.threads <= 1)) continue;
    const { targets, isElsewhere, mounted, covered } = viewOf(pid);
    const look = yield* lookInto(pid, targets);
    if (look.blocked) tally.blocked(pid, stat, status);
    else {
      tally.looked += 1;
      if (status.uids[1] !== myUid) tally.lookedForeign += 1;
    }
    for (const [asked, { evidence, more }] of look.hits) {
      found.add(asked, pid, more === 0 ? evidence : `${evidence}, and ${more} more`);
    }
    const suspect = {
      pid,
      isOwn: status.uids[1] === myUid,
      hasChild: () => parents.has(pid),
      targets,
      isElsewhere,
      hasOpen: (root: string) => look.hits.has(rootKey(root)),
    };
    for (const [path, evidence] of worksWith(suspect, questions)) found.add(path, pid, evidence);
    const named = (): string => `process ${pid} (${commandOf(pid, stat.command)})`;
    for (const { path, point, isChosen } of mounted) {
      if (isChosen) found.add(path, pid, `has it mounted at ${point} (in a container)`);
      else tally.note(path, `${named()} runs in a container that can reach it at ${point}`);
    }
    for (const { path, point } of covered) {
      const there = `${named()} runs in a container that has something mounted at ${point}`;
      tally.note(path, `${there}: a clear takes that mount away there, and nothing of what is mounted`);
    }
    yield;
  }
  yield* addLockHolders(locked, found);
  const { looked, lookedForeign, foreignBlocked, ownBlocked, shutOff, notes } = tally;
  const holders = new Map(questions.map(({ path }) => [path, found.holders(path)]));
  return { holders, notes, looked, lookedForeign, foreignBlocked, ownBlocked, shutOff };
}
