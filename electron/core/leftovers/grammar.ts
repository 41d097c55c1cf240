import type { Raw } from '../fs/raw.ts';

export type Stage = 'stale' | 'deleting';

/** A name that is exactly what a known program gives to something it has set aside. */
export interface LeftoverName {
  readonly origin: 'ours' | 'pip-tools';
  /** What it was called before; cut short when the name would not have fitted otherwise. */
  readonly base: Raw;
  readonly stage: Stage;
  readonly pid: number;
  /** 16 hexadecimal digits, or null where the grammar has none. */
  readonly token: string | null;
}

/** A name that begins like a leftover's and ends unlike any. `wrong` says why, as the end of a sentence. */
export interface LookAlike {
  readonly base: Raw;
  readonly stage: Stage;
  readonly wrong: string;
}

interface Grammar {
  readonly origin: LeftoverName['origin'];
  /** On the name's bytes read as latin1, so that one character is one byte. Named groups: base, stage, pid, token. */
  readonly pattern: RegExp;
}

/** PID_MAX_LIMIT on 64-bit Linux (proc(5), pid_max): no process number is greater anywhere. */
export const greatestPid = 4_194_304;

/** NAME_MAX in bytes. Windows and macOS count otherwise, but never allow fewer. */
export const nameBudget = 255;

/** Every program whose leftovers are known. One more is one entry here. */
const grammars: readonly Grammar[] = [
  {
    origin: 'ours',
    pattern: /^(?<base>.+)\.(?<stage>stale|deleting)-(?<pid>[1-9]\d{0,6})-(?<token>[0-9a-f]{16})$/s,
  },
  // jazzband/pip-tools#2384: os.replace(pkgs, f"{pkgs}.stale-{os.getpid()}")
  { origin: 'pip-tools', pattern: /^(?<base>pkgs)\.(?<stage>stale)-(?<pid>[1-9]\d{0,6})$/ },
];

const isPid = (pid: number): boolean => Number.isInteger(pid) && pid >= 1 && pid <= greatestPid;

/** What a name tells by an exact grammar, or null. A name is a hint, never a proof of who made it. */
export const parseLeftover = (name: Raw): LeftoverName | null => {
  const text = name.toString('latin1');
  for (const { origin, pattern } of grammars) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const pid = Number(groups['pid']);
    if (!isPid(pid)) continue;
    return {
      origin,
      base: Buffer.from(groups['base'] ?? '', 'latin1'),
      stage: groups['stage'] === 'deleting' ? 'deleting' : 'stale',
      pid,
      token: groups['token'] ?? null,
    };
  }
  return null;
};

const lookAlike = /^(?<base>.*?)\.(?<stage>stale|deleting)-(?<rest>.*)$/s;

/** A name that merely looks like a leftover's (`pkgs.stale-0`, `x.stale-`), with what is wrong with it; else null. */
export const looksLike = (name: Raw): LookAlike | null => {
  if (parseLeftover(name) !== null) return null;
  const groups = lookAlike.exec(name.toString('latin1'))?.groups;
  if (groups === undefined) return null;
  return {
    base: Buffer.from(groups['base'] ?? '', 'latin1'),
    stage: groups['stage'] === 'deleting' ? 'deleting' : 'stale',
    wrong: whatIsWrong(groups['base'] ?? '', groups['rest'] ?? ''),
  };
};

const whatIsWrong = (base: string, rest: string): string => {
  if (base === '') return 'nothing stands before it';
  if (rest === '') return 'no process number follows';
  const [pid = '', ...after] = rest.split('-');
  if (!/^[1-9]\d*$/.test(pid) || !isPid(Number(pid))) return 'what follows is not a process number';
  if (after.length > 0) return 'what follows the process number is not a mark that Cache Inspector makes';
  return 'no known program gives such a name';
};

/** Bytes of the UTF-8 sequence that this byte would begin; 1 for everything that begins none. */
const widthFrom = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1);
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/**
 * The longest beginning of `name` of at most `limit` bytes that does not end inside a UTF-8 character. Bytes that
 * are not UTF-8 are cut anywhere.
 */
export const cutName = (name: Raw, limit: number): Raw => {
  if (name.length <= limit) return name;
  for (let at = limit - 1; at >= Math.max(0, limit - 3); at -= 1) {
    const byte = name[at] as number;
    if (isContinuation(byte)) continue;
    return name.subarray(0, at + widthFrom(byte) > limit ? at : limit);
  }
  return name.subarray(0, limit);
};

const makeName = (base: Raw, stage: Stage, pid: number, token: string): Raw => {
  if (base.length === 0) throw new RangeError('a name needs at least one byte');
  if (!isPid(pid)) throw new RangeError(`${pid} is not a process number`);
  if (!/^[0-9a-f]{16}$/.test(token)) throw new RangeError('a token is 16 hexadecimal digits');
  const suffix = Buffer.from(`.${stage}-${pid}-${token}`, 'latin1');
  return Buffer.concat([cutName(base, nameBudget - suffix.length), suffix]);
};

/**
 * `<base>.stale-<pid>-<token>` in at most 255 bytes; a long base is cut between characters. The token is 16 lower
 * case hexadecimal digits. Throws RangeError for an empty base, a number that is no pid, or another token.
 */
export const staleName = (base: Raw, pid: number, token: string): Raw => makeName(base, 'stale', pid, token);

/** `<base>.deleting-<pid>-<token>`, made as `staleName` makes its names. */
export const deletingName = (base: Raw, pid: number, token: string): Raw => makeName(base, 'deleting', pid, token);

/** True when `parsed` is what the thing called `unit` becomes, with the base cut where it had to be. */
export const isFrom = (parsed: LeftoverName, unit: Raw): boolean => {
  if (parsed.base.equals(unit)) return true;
  if (parsed.token === null) return false;
  const { base, stage, pid, token } = parsed;
  return unit.length > base.length && makeName(unit, stage, pid, token).equals(makeName(base, stage, pid, token));
};
