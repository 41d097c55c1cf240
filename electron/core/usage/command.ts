import { showRaw } from '../fs/raw.ts';

const longest = 80;
const interpreters = /^(node(js)?|bun|deno|python[\d.]*|pypy[\d.]*|ruby[\d.]*|perl[\d.]*|sh|bash|dash|zsh|env)$/;

const last = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** `npm-cli.js` is npm, `pip3.12` is pip, `x.py` stays what it is. */
const programName = (path: string): string =>
  last(path)
    .replace(/-cli\.[cm]?js$/, '')
    .replace(/^-/, '')
    .replace(/^pip[\d.]+$/, 'pip');

const longestWord = 40;
const secret = /token|passw|secret|otp|auth|credential|api-?key|^--?env$/i;

const short = (text: string, limit: number): string => {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** Without what stands behind `--token`, or between `://` and `@`. */
const withoutSecrets = (words: readonly string[]): readonly string[] =>
  words.map((word, at) => {
    const before = words[at - 1] ?? '';
    if (before.startsWith('-') && !before.includes('=') && secret.test(before)) return '…';
    const [option = '', ...value] = word.split('=');
    if (value.length > 0 && secret.test(option)) return `${option}=…`;
    return short(word.replace(/:\/\/[^/@\s]*@/g, '://…@'), longestWord);
  });

/** The script or module that an interpreter runs, and what follows it; null when it runs none. */
const script = (words: readonly string[]): readonly string[] | null => {
  for (const [at, word] of words.entries()) {
    if (word === '-m') return words.length > at + 1 ? words.slice(at + 1) : null;
    if (word === '-c' || word === '-e' || word === '-p' || word === '--eval') return null;
    if (!word.startsWith('-') && !word.includes('=')) return words.slice(at);
  }
  return null;
};

/**
 * A command line as a person would have typed it, at most 80 characters: `npm install` for
 * `/usr/bin/node …/npm-cli.js install`, `pip download` for `python -m pip download`. Names and passwords in
 * addresses and options are left out, control characters are written out. `cmdline` is the content of
 * /proc/<pid>/cmdline; `name` is used when it is empty (kernel threads, zombies).
 */
export const shortCommand = (cmdline: Buffer, name: string): string => {
  const words = showRaw(Buffer.from(cmdline.toString('latin1').replaceAll('\0', '\n'), 'latin1'))
    .split('\\u{a}')
    .filter((word) => word !== '');
  const [first, ...rest] = words;
  if (first === undefined) return name;
  // A program that renames itself (`npm install`) leaves the whole line in its first word.
  const told = interpreters.test(last(first)) ? (script(rest) ?? words) : words;
  const [program = name, ...options] = told;
  // Started by a descriptor (fexecve(3)), the program has only a number for a name.
  const called = /^\d+$/.test(last(program)) ? name : programName(program);
  return short([called, ...withoutSecrets(options)].join(' '), longest);
};
