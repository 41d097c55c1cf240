import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page, expect as patient } from '@playwright/test';
import { afterAll, inject, onTestFinished, type TestContext } from 'vitest';
import { launch } from './browser.ts';
import { killGroup } from './processes.ts';
import { type RunOptions, startProgram } from './program.ts';

const failures = fileURLToPath(new URL('../../out/failures', import.meta.url));

const found = inject('browser');
/** Tests of the page need the guarantees of Linux and a browser. A build server without one fails before. */
export const noBrowser = { skip: found === null || process.platform !== 'linux' };

/** Playwright's: what is said of a page is tried again until it holds. */
export const expect = patient.configure({ timeout: 15_000 });

let launched: Promise<Browser> | null = null;
const browser = (): Promise<Browser> => {
  if (found === null) throw new Error('there is no browser');
  launched ??= launch(found);
  return launched;
};
afterAll(async () => {
  await (await launched)?.close();
});

export interface Serving {
  readonly child: ChildProcess;
  /** With the one-time token in it. */
  readonly url: URL;
  /** What it wrote to stderr so far. */
  said(): string;
  /** Ctrl-C, and its end. */
  stop(): Promise<void>;
}

/** Starts the browser door on a home, and leaves it running until the test ends. */
export const serve = async (home: string, words: readonly string[] = [], options?: RunOptions): Promise<Serving> => {
  const child = startProgram(home, ['serve', '--no-open', ...words], options);
  onTestFinished(() => killGroup(child));
  let [out, err] = ['', ''];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${err}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve();
    });
  });
  return {
    child,
    url: new URL(out.split('\n')[0] ?? ''),
    said: () => err,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    },
  };
};

/** What a page complained of: errors and warnings on its console, exceptions, requests that failed or were refused. */
export const complaintsOf = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
};

export interface Visit extends BrowserContextOptions {
  /** Complaints that belong to what is tested: a connection that is cut, say. */
  readonly expected?: RegExp;
}

/** A browser of its own with an empty page. It is looked at when the test fails, and one that complained fails it. */
export const newPage = async ({ expected, ...options }: Visit = {}): Promise<Page> => {
  const context = await (await browser()).newContext({ viewport: { width: 1200, height: 760 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  onTestFinished(async ({ task }: TestContext) => {
    if (task.result?.state === 'fail') {
      mkdirSync(failures, { recursive: true });
      const name = `${task.file.name} ${task.name}`.replaceAll(/[^\w-]+/g, '-').slice(-120);
      await page.screenshot({ path: join(failures, `${name}.png`) }).catch(() => undefined);
    }
    await context.close();
    const unexpected = complaints.filter((complaint) => !expected?.test(complaint));
    if (unexpected.length > 0) throw new Error(`The page complained:\n${unexpected.join('\n')}`);
  });
  return page;
};

export interface Open extends Serving {
  readonly page: Page;
}

/** The program on a home, and its page in a browser. */
export const open = async (home: string, visit: Visit = {}, options?: RunOptions): Promise<Open> => {
  const serving = await serve(home, [], options);
  const page = await newPage(visit);
  await page.goto(serving.url.href);
  return { ...serving, page };
};
