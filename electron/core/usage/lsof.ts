/** One open file of one process, by what lsof says. Paths hold their bytes as latin1. */
export interface OpenFile {
  readonly pid: number;
  readonly what: string;
  readonly path: string;
}

const letters: { readonly [letter: string]: string } = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
};

/** lsof writes what is not printable as `\n`, `\xc3` or `^A`. The last cannot be told from itself, and is left. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|([bfnrt\\]))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (letters[letter] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );

const kinds: { readonly [fd: string]: string } = {
  cwd: 'working directory',
  rtd: 'root directory',
  txt: 'running program',
  mem: 'mapped file',
};

/**
 * Parses what `lsof -F pfn` prints in the C locale: a line `p<pid>` for each process, below it pairs of `f<descriptor>`
 * and `n<name>`. Pipes, sockets and lines that make no sense are left out.
 */
export const parseLsof = (output: string): readonly OpenFile[] => {
  const files: OpenFile[] = [];
  let pid = 0;
  let what = 'open file';
  for (const line of output.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('f')) what = kinds[value] ?? 'open file';
    else if (line.startsWith('n/') && Number.isSafeInteger(pid)) files.push({ pid, what, path: unescaped(value) });
  }
  return files;
};

/** One process, by what ps says. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** When it began, in ms; null when ps says it in a way that is not known. */
  readonly startedMs: number | null;
  /** As ps prints it: the words cannot be told apart when they hold spaces. */
  readonly command: string;
}

/** Parses what `ps -axww -o pid=,ppid=,uid=,lstart=,args=` prints in the C locale. */
export const parsePs = (output: string): readonly Listed[] =>
  output.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line);
    if (found === null) return [];
    const [, pid, parent, uid, start = '', command = ''] = found;
    const startedMs = Date.parse(start);
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        uid: Number(uid),
        startedMs: Number.isNaN(startedMs) ? null : startedMs,
        command,
      },
    ];
  });
