import { join } from 'node:path';
import { app, crashReporter } from 'electron';
import { type OwnLog, openLog } from '../core/inspector.ts';
import { ask } from './shell.ts';
import type { MainWindow } from './window.ts';

const words = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);

/** Keeps dumps and a log on this machine, and sends nothing anywhere. Before the program is ready. */
export const setupCrashLog = (): OwnLog => {
  crashReporter.start({ uploadToServer: false });
  const log = openLog(join(app.getPath('logs'), 'main.log'));
  process.on('unhandledRejection', (reason) => log.write(`unhandled rejection: ${words(reason)}`));
  process.on('uncaughtExceptionMonitor', (error) => log.write(`uncaught exception: ${words(error)}`));
  app.on('child-process-gone', (_, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') log.write(`${name ?? type} has gone: ${reason} (${exitCode})`);
  });
  return log;
};

/** Offers to begin anew when the page has broken. One question at a time, however often it breaks meanwhile. */
export class ReloadOffer {
  readonly #window: MainWindow;
  readonly #log: OwnLog;
  #asking = false;

  constructor(window: MainWindow, log: OwnLog) {
    this.#window = window;
    this.#log = log;
  }

  async make(why: string): Promise<void> {
    this.#log.write(`the page has broken: ${why}`);
    if (this.#asking) return;
    this.#asking = true;
    try {
      const answer = await ask(this.#window.current, {
        type: 'error',
        message: 'The window of Cache Inspector has stopped working.',
        detail: `What is being deleted goes on meanwhile, and nothing else was done.\n\n${why}\nLog: ${this.#log.path}`,
        buttons: ['Reload', 'Close'],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      });
      if (answer === 0) this.#window.reload();
      else this.#window.current?.close();
    } finally {
      this.#asking = false;
    }
  }
}

/** Watches the page's process. Before the first window. */
export const setupReloadOffer = (window: MainWindow, log: OwnLog): ReloadOffer => {
  const offer = new ReloadOffer(window, log);
  app.on('render-process-gone', (_, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit' || contents !== window.contents) return;
    void offer.make(`Its process has gone: ${reason} (${exitCode}).`);
  });
  return offer;
};
