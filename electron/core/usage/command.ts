import { programName, withoutInterpreter } from '../catalog/command-line.ts';
import { showRaw } from '../fs/raw.ts';

const longest = 80;
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

/**
 * The words of a content of /proc/<pid>/cmdline. A program that renames itself (`npm install react`) leaves the whole
 * line in its first word.
 */
export const argvOf = (cmdline: Buffer, text = (word: Buffer): string => word.toString('utf8')): readonly string[] => {
  const words = cmdline
    .toString('latin1')
    .split('\0')
    .filter((word) => word !== '')
    .map((word) => text(Buffer.from(word, 'latin1')));
  const [title = ''] = words;
  return words.length === 1 && !title.startsWith('/') ? title.split(' ').filter((word) => word !== '') : words;
};

/**
 * A command line as a person would have typed it, at most 80 characters: `npm install` for
 * `/usr/bin/node …/npm-cli.js install`, `pip download` for `python -m pip download`. Names and passwords in
 * addresses and options are left out, control characters are written out. `cmdline` is the content of
 * /proc/<pid>/cmdline; `name` is used when it is empty (kernel threads, zombies).
 */
export const shortCommand = (cmdline: Buffer, name: string): string => {
  const words = argvOf(cmdline, showRaw);
  if (words.length === 0) return name;
  const [program = name, ...options] = withoutInterpreter(words);
  // Started by a descriptor (fexecve(3)), the program has only a number for a name.
  const called = /(?:^|\/)\d+$/.test(program) ? name : programName(program);
  return short([called, ...withoutSecrets(options)].join(' '), longest);
};
