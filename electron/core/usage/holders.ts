import type { Usage } from '../../../shared/model.ts';
import type { Tool } from '../catalog/tool.ts';
import { fs } from '../fs/seam.ts';
import { answer, cannotTell, type Pass } from './answer.ts';
import { shortCommand } from './command.ts';
import { lookInto, type Target } from './look.ts';
import { targetsFor } from './names.ts';
import { parseStatus, type Stat, type Status } from './proc.ts';
import { processFacts, procIsOurs } from './processes.ts';
import { inSlices } from './slices.ts';
import { kinOf, processTable } from './table.ts';

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

const commandOf = (pid: number, stat: Stat): string => {
  try {
    return shortCommand(fs.readFileSync(`/proc/${pid}/cmdline`), stat.command);
  } catch {
    return stat.command;
  }
};

const sinceOf = (pid: number): string | null => {
  const facts = processFacts(pid);
  return typeof facts === 'string' || facts.startedMs === null ? null : new Date(facts.startedMs).toISOString();
};

const blocked = (pass: Pass, pid: number, stat: Stat, status: Status): void => {
  if (!status.uids.every((uid) => uid === myUid)) pass.foreignBlocked += 1;
  else if (status.sandboxed || keepers.has(stat.command)) pass.shutOff.add(stat.command);
  else pass.ownBlocked.push(`process ${pid} (${commandOf(pid, stat)})`);
};

function* pass(targets: readonly Target[]): Generator<void, Pass> {
  const seen: Pass = {
    holders: new Map(),
    looked: 0,
    lookedForeign: 0,
    foreignBlocked: 0,
    ownBlocked: [],
    shutOff: new Set(),
  };
  const table = yield* processTable();
  const namesFor = targetsFor(targets);
  const kin = kinOf(process.pid, table);
  for (const [pid, stat] of table) {
    if (kin.has(pid) || stat.kernelThread) continue;
    const status = statusOf(pid);
    if (status === null || ((stat.state === 'Z' || stat.state === 'X') && status.threads <= 1)) continue;
    const look = yield* lookInto(pid, namesFor(pid));
    if (look.blocked) blocked(seen, pid, stat, status);
    else {
      seen.looked += 1;
      if (status.uids[1] !== myUid) seen.lookedForeign += 1;
    }
    for (const [asked, { evidence, more }] of look.hits) {
      const holder = {
        pid,
        command: commandOf(pid, stat),
        since: sinceOf(pid),
        evidence: more === 0 ? evidence : `${evidence}, and ${more} more`,
      };
      seen.holders.set(asked, [...(seen.holders.get(asked) ?? []), holder]);
    }
  }
  return seen;
}

/** A place that is asked about: a unit, a set-aside copy, or a whole cache. */
export interface UsePlace {
  readonly path: string;
  /** The cache that it is, or is a part of; null when none is known. */
  readonly root: string | null;
  readonly tool: Tool | null;
}

/** Links in /proc are canonical paths. What is not there is looked for under the name it was given. */
const canonical = (path: string): string => {
  try {
    return fs.realpathSync.native(path, 'buffer').toString('latin1');
  } catch {
    return Buffer.from(path, 'utf8').toString('latin1');
  }
};

/**
 * Who has these directories or files, or anything below them, open now: as working directory, root, program, open
 * file or mapped file, under whatever name (bind mounts, containers). One pass over all processes for all paths, in
 * slices of a few ms. This process, all it descends from and all it started do not count. A process of another user
 * that may not be looked into is told and changes nothing; one of the same user makes an otherwise idle place
 * `cannot-tell`. An answer is true for the moment of the pass only. The keys are the paths as given. Never rejects
 * for what a process does.
 */
export const usageOf = async (places: readonly UsePlace[]): Promise<Map<string, Usage>> => {
  const paths = places.map(({ path }) => path);
  if (paths.length === 0) return new Map();
  if (!procIsOurs()) return new Map(paths.map((path) => [path, cannotTell()]));
  const asked = [...new Set(paths)];
  const seen = await inSlices(pass(asked.map((path) => ({ asked: path, bytes: canonical(path) }))));
  return new Map(asked.map((path) => [path, answer(seen, seen.holders.get(path) ?? [])]));
};
