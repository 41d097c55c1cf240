import { execFile } from 'node:child_process';
import type { Holder, Usage } from '../../../shared/model.ts';
import { showRaw } from '../fs/raw.ts';
import { cannotTell } from './answer.ts';
import { shortCommand } from './command.ts';
import { type Listed, type OpenFile, parseLsof, parsePs } from './lsof.ts';
import type { Question } from './question.ts';
import { kinOf } from './table.ts';
import { sentence } from './working.ts';
import { freshlyWritten } from './writing.ts';

const patienceMs = 20_000;
const largest = 256 * 1024 * 1024;

/** What a program prints; null when it cannot be run. lsof ends with 1 when there is something it may not see. */
const printed = (command: string, args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: largest, timeout: patienceMs };
    execFile(command, [...args], { ...options, encoding: 'latin1' }, (_, stdout) =>
      resolve(stdout === '' ? null : stdout),
    );
  });

const holdersOf = (
  { path, bytes, tool, rootBytes }: Question,
  files: readonly OpenFile[],
  listed: readonly Listed[],
): readonly Holder[] => {
  const evidence = new Map<number, string>();
  for (const file of files) {
    if (evidence.has(file.pid) || (file.path !== bytes && !file.path.startsWith(`${bytes}/`))) continue;
    const inside = showRaw(Buffer.from(file.path.slice(bytes.length), 'latin1'));
    evidence.set(file.pid, inside === '' ? file.what : `${file.what} …${inside}`);
  }
  const own = process.getuid?.() ?? -1;
  for (const { pid, uid, command, startedMs } of rootBytes === null || path === '' ? [] : listed) {
    const works = tool?.works?.(command.split(/\s+/)) ?? false;
    if (uid !== own || works === false || (works === 'while-alone' && listed.some(({ parent }) => parent === pid)))
      continue;
    const told = sentence(startedMs, 'may work with this cache (its settings cannot be read here)');
    evidence.set(pid, [evidence.get(pid) ?? [], told].flat().join(', '));
  }
  return [...evidence].map(([pid, why]) => {
    const known = listed.find((it) => it.pid === pid);
    const words = Buffer.from(known?.command.split(/\s+/).join('\0') ?? '', 'latin1');
    const since = known?.startedMs ?? null;
    return {
      pid,
      command: shortCommand(words, 'a process'),
      since: since === null ? null : new Date(since).toISOString(),
      evidence: why,
    };
  });
};

/**
 * Who uses these places, for macOS: by `lsof -F` of everything that is open (asking for a folder, `+D`, would walk it
 * file by file) and by `ps` for command lines. Takes about a second there and does not block. What others have open is
 * shown to root only, and said. Nobody has run this on a Mac yet: it is tested with lsof and ps of Linux, and with
 * output that was recorded from them.
 */
export const lsofUsage = async (
  questions: readonly Question[],
  extraFor: (question: Question) => readonly Holder[],
): Promise<Map<string, Usage>> => {
  const [open, processes] = await Promise.all([
    printed('lsof', ['-nPw', '-F', 'pfn']),
    printed('ps', ['-axww', '-o', 'pid=,ppid=,uid=,lstart=,args=']),
  ]);
  const listed = parsePs(processes ?? '');
  const missing = open === null ? 'lsof' : listed.length === 0 ? 'ps' : null;
  if (missing !== null) {
    const why = `${missing} cannot be run, and nothing else on this system tells who has a folder open`;
    return new Map(questions.map((question) => [question.path, cannotTell(why, extraFor(question))]));
  }
  const kin = kinOf(process.pid, new Map(listed.map((it) => [it.pid, it])));
  const others = listed.filter(({ pid }) => !kin.has(pid));
  const files = parseLsof(open ?? '').filter(({ pid }) => !kin.has(pid));
  const looked = new Set(files.map(({ pid }) => pid)).size;
  const shown = process.getuid?.() === 0 ? 'all processes' : 'your processes; those of other users are not shown';
  return new Map(
    questions.map((question) => {
      const holders = [...holdersOf(question, files, others), ...extraFor(question)];
      const writing = freshlyWritten(question);
      const verdict = holders.length > 0 ? 'in-use' : writing !== null ? 'cannot-tell' : 'idle';
      const number = holders.length === 0 ? 'none' : String(holders.length);
      const evidence = [`lsof names ${number} of ${looked} (${shown})`, ...(writing === null ? [] : [writing])];
      return [question.path, { verdict, holders, evidence }];
    }),
  );
};
