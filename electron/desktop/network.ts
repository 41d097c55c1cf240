import type { Session } from 'electron';
import { host, isOwn, scheme } from './origin.ts';

/** Exported for whoever checks it: the page's own files, its own memory (an export that is saved), developer tools. */
export const isAllowed = (address: string): boolean =>
  isOwn(address) || address.startsWith(`blob:${scheme}://${host}/`) || URL.parse(address)?.protocol === 'devtools:';

/**
 * This program needs no network, so it has none: what the page or Chromium itself would load is cancelled.
 * The spell checker would fetch dictionaries (electron#22995).
 */
export const setupNetwork = (session: Session): void => {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowed(url) }));
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerDictionaryDownloadURL('https://dictionaries.invalid/');
};
