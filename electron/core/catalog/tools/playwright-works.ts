import { programWords, withoutInterpreter } from '../command-line.ts';

/** Commands that install or remove browsers, or start them one after the other. Others are seen by the browser they have open. */
const working = /^(?:install|uninstall|test)$/;

/** `…/playwright/cli.js`, and the copy that Python, Java and .NET bring along. */
const script = /[/\\](?:@playwright[/\\]test|playwright(?:-core)?)[/\\](?:driver[/\\]package[/\\])?cli\.js$/;

/** Is this Playwright at work with its browsers? `playwright install`, `python -m playwright test`, `node …/cli.js install`. */
export const playwrightWorks = (argv: readonly string[]): boolean => {
  const [program = '', ...words] = programWords(argv);
  const isPlaywright =
    /^playwright(?:-core)?(?:\.cmd)?$/.test(program) || script.test(withoutInterpreter(argv)[0] ?? '');
  return isPlaywright && working.test(words.find((word) => !word.startsWith('-')) ?? '');
};
