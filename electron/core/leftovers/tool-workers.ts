import { type Raw, showRaw } from '../fs/raw.ts';
import { fs } from '../fs/seam.ts';
import { argvOf, shortCommand } from '../usage/command.ts';
import { procIsOurs } from '../usage/processes.ts';
import { breather } from './breather.ts';
import type { Workers } from './grammars/tool-grammar.ts';

/** A process, as far as it tells whether a tool works somewhere. */
export interface Process {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly command: string;
  /** Its working directory, as the bytes of a canonical path; null when that cannot be read. */
  readonly cwd: Raw | null;
}

/** `here`: somebody works there, `maybe`: that cannot be excluded. */
export interface Working {
  readonly state: 'nobody' | 'maybe' | 'here';
  readonly told: string | null;
}

const folderOf = (pid: number): Raw | null => {
  try {
    // Node types it as text although it is the bytes that were asked for.
    return fs.readlinkSync(`/proc/${pid}/cwd`, 'buffer');
  } catch {
    return null;
  }
};

/** Every process but this one, by its command line; null where the system does not tell. */
export const allProcesses = async (): Promise<readonly Process[] | null> => {
  if (!procIsOurs()) return null;
  const found: Process[] = [];
  const breathe = breather();
  for (const name of fs.readdirSync('/proc')) {
    await breathe();
    const pid = Number(name);
    if (!/^[1-9]\d*$/.test(name) || pid === process.pid) continue;
    try {
      const line = fs.readFileSync(`/proc/${name}/cmdline`);
      if (line.length > 0)
        found.push({ pid, argv: argvOf(line), command: shortCommand(line, name), cwd: folderOf(pid) });
    } catch {
      // It ended since the folder was read.
    }
  }
  return found;
};

/** Options that send a tool to another folder than the one it runs in, or to all of them. */
const elsewhere = /^(?:-C|-g|--(?:prefix|dir|cwd|global|location|workspace-root|root))(?:=|$)/;

const holds = (outer: Raw, inner: Raw): boolean =>
  inner.equals(outer) || inner.subarray(0, outer.length + 1).toString('latin1') === `${outer.toString('latin1')}/`;

/** Does one of these processes work on `folder`? Everything that cannot be told is a `maybe`. Pure. */
export const workingOn = (folder: Raw, { works, reach }: Workers, all: readonly Process[] | null): Working => {
  if (all === null) return { state: 'maybe', told: 'which programs work on it cannot be told on this system' };
  let unsure: string | null = null;
  for (const { pid, argv, command, cwd } of all) {
    if (!works(argv)) continue;
    const who = `process ${pid} (${command})`;
    if (reach === 'folder' && cwd !== null && holds(folder, cwd)) {
      return { state: 'here', told: `${who} runs in ${showRaw(cwd)}` };
    }
    const certain =
      reach === 'folder' && cwd !== null && !holds(cwd, folder) && !argv.some((word) => elsewhere.test(word));
    if (!certain) unsure ??= `${who} runs, and may work on it`;
  }
  return unsure === null ? { state: 'nobody', told: null } : { state: 'maybe', told: unsure };
};
