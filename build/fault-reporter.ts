import type { TestCase, TestModule, TestProject, Vitest } from 'vitest/node';

/** How many rows the matrix has that Linux can show. */
const rows = 77;
/** On a build server no more of them may be impossible. */
const mostImpossible = 6;

type State = 'passed' | 'impossible here' | 'FAILED' | 'MISSING';

interface Row {
  readonly state: State;
  readonly what: string;
}

const nameOf = /^row (\d+): (.*)$/s;

const noteOf = (test: TestCase): string | undefined => {
  const result = test.result();
  return result.state === 'skipped' ? result.note : undefined;
};

const reasonOf = (test: TestCase): string => noteOf(test)?.replace(/^impossible here: /, '') ?? 'it was not run';

/** Not asked for by name: a test that is skipped says why. */
const wasLeftOut = (test: TestCase): boolean => test.result().state === 'skipped' && noteOf(test) === undefined;

/** A row with several tests has failed when one has, and is impossible when none could be run. */
const rowOf = (tests: readonly { readonly title: string; readonly test: TestCase }[]): Row => {
  const [first] = tests;
  if (first === undefined) return { state: 'MISSING', what: 'there is no test for it' };
  const of = (state: string) => tests.filter(({ test }) => test.result().state === state);
  const failed = of('failed');
  if (failed.length > 0) return { state: 'FAILED', what: failed.map(({ title }) => title).join('; ') };
  const skipped = of('skipped');
  const reasons = [...new Set(skipped.map(({ test }) => reasonOf(test)))].join('; ');
  if (of('passed').length === 0) return { state: 'impossible here', what: `${first.title}: ${reasons}` };
  const shown = of('passed').map(({ title }) => title);
  return {
    state: 'passed',
    what: shown.join('; ') + (skipped.length > 0 ? ` (in part impossible here: ${reasons})` : ''),
  };
};

/**
 * Ends a run of the fault suite with one line for each row of the matrix and their counts. When all of the suite was
 * asked for, a row without a test fails the run, and so do too many impossible ones on a build server.
 */
export default class FaultReporter {
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const own = modules.filter(({ project }) => isFaults(project));
    if (own.length === 0) return;
    const found = new Map<number, { title: string; test: TestCase }[]>();
    for (const module of own) {
      for (const test of module.children.allTests()) {
        const [, number, title = ''] = nameOf.exec(test.name) ?? [];
        if (number === undefined || wasLeftOut(test)) continue;
        found.set(Number(number), [...(found.get(Number(number)) ?? []), { title, test }]);
      }
    }
    const whole = await this.#isWhole(own);
    if (found.size === 0 && !whole) return;
    const counts: Record<State, number> = { passed: 0, 'impossible here': 0, FAILED: 0, MISSING: 0 };
    const lines: string[] = [];
    for (let number = 1; number <= Math.max(rows, ...found.keys()); number += 1) {
      const tests = found.get(number);
      if (tests === undefined && (!whole || number > rows)) continue;
      const { state, what } = rowOf(tests ?? []);
      if (number <= rows) counts[state] += 1;
      lines.push(`row ${String(number).padStart(2)}  ${state.padEnd(15)}  ${what}`);
    }
    const { passed, 'impossible here': impossible, FAILED: failed, MISSING: absent } = counts;
    const told = passed + impossible + failed + absent;
    lines.push(
      '',
      `${told} rows: ${passed} passed, ${impossible} impossible here, ${failed} failed${absent > 0 ? `, ${absent} missing` : ''}`,
    );
    const tooMany = Boolean(process.env['CI']) && impossible > mostImpossible;
    if (tooMany) lines.push(`FAILED: at most ${mostImpossible} rows may be impossible on a build server.`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
    if (absent > 0 || tooMany) process.exitCode = 1;
  }

  /** No test was named, and every file of the suite was run. */
  async #isWhole([first, ...more]: readonly TestModule[]): Promise<boolean> {
    if (first === undefined || this.#vitest?.config.testNamePattern !== undefined) return false;
    const { testFiles } = await first.project.globTestFiles();
    return testFiles.length === more.length + 1;
  }
}

const isFaults = ({ name }: TestProject): boolean => name === 'faults';
