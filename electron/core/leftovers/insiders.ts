import { fs } from '../fs/seam.ts';
import { processFacts } from '../usage/processes.ts';
import { breather } from './breather.ts';
import { judgeMaker } from './maker.ts';

/** A process that has another number inside its container. */
export interface Insider {
  readonly pid: number;
  readonly command: string;
}

/** The number that a process has in its own pid namespace (the last of NSpid in proc_pid_status(5)); null: no other. */
const innerNumber = (pid: number): number | null => {
  let text: string;
  try {
    text = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return null;
  }
  const numbers = /^NSpid:[ \t]*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return numbers.length > 1 ? (numbers.at(-1) ?? null) : null;
};

/**
 * Those who have one of these numbers inside a container, by that number: a name that was made there means them, and
 * not whoever has the number here. Reads one file of each process; nothing where /proc is missing.
 */
export const insidersOf = async (numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, readonly number[]>> => {
  const found = new Map<number, number[]>();
  if (numbers.size === 0) return found;
  let names: readonly string[];
  try {
    names = fs.readdirSync('/proc');
  } catch {
    return found;
  }
  const breathe = breather();
  for (const name of names) {
    await breathe();
    if (!/^\d+$/.test(name)) continue;
    const inner = innerNumber(Number(name));
    if (inner !== null && numbers.has(inner)) found.set(inner, [...(found.get(inner) ?? []), Number(name)]);
  }
  return found;
};

/** Of these processes the first that can have made what was changed last at `ctimeMs`; null: none can. */
export const possibleMaker = (pids: readonly number[], ctimeMs: number): Insider | null => {
  for (const pid of pids) {
    const facts = processFacts(pid);
    if (judgeMaker(pid, facts, ctimeMs).state === 'gone') continue;
    return { pid, command: typeof facts === 'string' ? 'not told which' : facts.command };
  }
  return null;
};
