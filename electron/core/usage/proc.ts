import { showRaw } from '../fs/raw.ts';

/** What /proc/<pid>/stat tells (proc_pid_stat(5)). Times in clock ticks since boot. */
export interface Stat {
  /** For showing: what is not printable is written out. */
  readonly command: string;
  readonly state: string;
  readonly parent: number;
  readonly kernelThread: boolean;
  readonly startTicks: number;
}

/** PF_KTHREAD of the kernel's include/linux/sched.h, in the flags field. */
const kernelThread = 0x0020_0000;

/**
 * Parses the one line of /proc/<pid>/stat, read as latin1; null when it is not such a line. The program's name may
 * hold spaces and parentheses of its own, so the fields begin after the last `)`.
 */
export const parseStat = (text: string): Stat | null => {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  // fields[0] is field 3 of the manual page.
  const fields = text.slice(close + 2).split(' ');
  const startTicks = Number(fields[19] ?? Number.NaN);
  if (!Number.isSafeInteger(startTicks)) return null;
  return {
    command: showRaw(Buffer.from(text.slice(open + 1, close), 'latin1')),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    kernelThread: (Number(fields[6]) & kernelThread) !== 0,
    startTicks,
  };
};

/** What /proc/<pid>/status tells (proc_pid_status(5)). */
export interface Status {
  readonly tgid: number;
  readonly threads: number;
  /** Real, effective, saved and file system user id. */
  readonly uids: readonly number[];
  /** It has a filter for system calls and no way to new rights, or a pid namespace of its own: as browsers' parts have. */
  readonly sandboxed: boolean;
}

const field = (text: string, name: string): string =>
  new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';

/** Parses /proc/<pid>/status; null when it is not such a text. */
export const parseStatus = (text: string): Status | null => {
  const tgid = Number(field(text, 'Tgid') || Number.NaN);
  if (!Number.isSafeInteger(tgid)) return null;
  return {
    tgid,
    threads: Number(field(text, 'Threads')),
    uids: field(text, 'Uid').split(/\s+/).map(Number),
    sandboxed:
      (field(text, 'NoNewPrivs') === '1' && field(text, 'Seccomp') === '2') ||
      field(text, 'NSpid').split(/\s+/).length > 1,
  };
};
