import { ask, days, inside, type ToolGrammar } from './tool-grammar.ts';

const common = { kinds: ['directory'], spots: [{ from: 'temporary', steps: [] }], quietMs: days(1) } as const;

/** Playwright (server/registry, read in playwright-core 1.65.1): it unpacks the archive from there, and removes the folder. */
export const playwrightDownload: ToolGrammar = {
  ...common,
  id: 'playwright-download',
  tool: 'playwright',
  what: 'A download of a browser that Playwright had not finished with',
  pattern: /^playwright-download-[A-Za-z0-9]{6}$/,
  remedy: null,
  judge: ({ dir, name, eye }) =>
    eye.names(inside(dir, name)).every((child) => /^playwright-download-[\w.-]+\.zip$/.test(child))
      ? { cleaning: 'safe', why: ['Playwright makes it for one download, and never looks for it again'] }
      : null,
};

/** @electron/get (utils.js, withTempDirectoryIn): moved to the cache when whole, or handed to whoever wanted no cache. */
export const electronDownload: ToolGrammar = {
  ...common,
  id: 'electron-download',
  tool: 'electron',
  what: 'A download of Electron’s that was not moved to its cache',
  pattern: /^electron-download-[A-Za-z0-9]{6}$/,
  remedy: null,
  judge: ask('a program that works without the cache may have been given it for good'),
};
