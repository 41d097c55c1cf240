const interpreters = /^(node(js)?|bun|deno|python[\d.]*|pypy[\d.]*|ruby[\d.]*|perl[\d.]*|sh|bash|dash|zsh|env)$/;

const last = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** `npm-cli.js` is npm, `pip3.12` and `pip/__main__.py` are pip, `x.py` stays what it is. */
export const programName = (path: string): string =>
  last(path.replace(/[/\\]__(?:main|pip-runner)__\.py$/, ''))
    .replace(/-cli\.[cm]?js$/, '')
    .replace(/^-/, '')
    .replace(/^pip[\d.]+$/, 'pip');

/** The script or module that an interpreter runs, and what follows it; null when it runs none. */
const script = (words: readonly string[]): readonly string[] | null => {
  for (const [at, word] of words.entries()) {
    if (word === '-m') return words.length > at + 1 ? words.slice(at + 1) : null;
    if (word === '-c' || word === '-e' || word === '-p' || word === '--eval') return null;
    if (!word.startsWith('-') && !word.includes('=')) return words.slice(at);
  }
  return null;
};

/** Without the interpreter that runs it: `…/npm-cli.js install` for `node …/npm-cli.js install`. */
export const withoutInterpreter = ([first = '', ...rest]: readonly string[]): readonly string[] =>
  interpreters.test(last(first)) ? (script(rest) ?? [first, ...rest]) : [first, ...rest];

/**
 * What a command line says that is being run, by the name a person calls it: `npm install` for
 * `node …/npm-cli.js install`, `pip install x` for `python -m pip install x`. Empty for an empty one.
 */
export const programWords = (argv: readonly string[]): readonly string[] => {
  const [program, ...words] = withoutInterpreter(argv);
  return program === undefined || program === '' ? [] : [programName(program), ...words];
};
