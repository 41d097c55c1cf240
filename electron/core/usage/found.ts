import type { Holder } from '../../../shared/model.ts';
import { fs } from '../fs/seam.ts';
import { shortCommand } from './command.ts';
import type { Stat } from './proc.ts';
import { processFacts } from './processes.ts';

/** The command of a process for a person: by its command line, by its short name where that cannot be read. */
export const commandOf = (pid: number, name: string): string => {
  try {
    return shortCommand(fs.readFileSync(`/proc/${pid}/cmdline`), name);
  } catch {
    return name;
  }
};

/** When a process began, in ms; null when it has ended or the clocks do not tell. */
export const startOf = (pid: number): number | null => {
  const facts = pid > 0 ? processFacts(pid) : 'hidden';
  return typeof facts === 'string' ? null : facts.startedMs;
};

interface Told {
  readonly evidence: string[];
  readonly command: string | undefined;
}

/** What one pass over all processes has found so far: by what was asked, then by process, why it counts. */
export class Found {
  readonly table: ReadonlyMap<number, Stat>;
  /** This process, what it descends from and what it started: they never count. */
  readonly kin: ReadonlySet<number>;
  readonly #told = new Map<string, Map<number, Told>>();

  constructor(table: ReadonlyMap<number, Stat>, kin: ReadonlySet<number>) {
    this.table = table;
    this.kin = kin;
  }

  /** `command` names who is not in the table. */
  add(key: string, pid: number, evidence: string, command?: string): void {
    const byPid = this.#told.get(key) ?? new Map<number, Told>();
    this.#told.set(key, byPid);
    const told = byPid.get(pid);
    if (told === undefined) byPid.set(pid, { evidence: [evidence], command });
    else if (!told.evidence.includes(evidence)) told.evidence.push(evidence);
  }

  holdersOf(key: string): readonly number[] {
    return [...(this.#told.get(key)?.keys() ?? [])];
  }

  /** Who uses it, each process once, with all that speaks for it. */
  holders(key: string): readonly Holder[] {
    return [...(this.#told.get(key) ?? [])].map(([pid, { evidence, command }]) => {
      const since = startOf(pid);
      return {
        pid,
        command: command ?? commandOf(pid, this.table.get(pid)?.command ?? 'a process'),
        since: since === null ? null : new Date(since).toISOString(),
        evidence: evidence.join(', '),
      };
    });
  }
}
