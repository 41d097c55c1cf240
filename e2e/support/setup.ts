import type { TestProject } from 'vitest/node';
import { type Found, findBrowser } from './browser.ts';
import { builtPage } from './built.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly browser: Found | null;
  }
}

/** Once a run, before the end-to-end tests: the page is built and a browser looked for. */
export default async (project: TestProject): Promise<void> => {
  await builtPage();
  const browser = await findBrowser();
  process.stdout.write(
    browser ? `Browser: ${browser.name}\n` : 'SKIPPED: the tests of the page, there is no browser.\n',
  );
  if (browser === null && process.env['CI']) throw new Error('There is no browser on this build server.');
  project.provide('browser', browser);
};
