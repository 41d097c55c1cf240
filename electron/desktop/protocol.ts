import { protocol } from 'electron';
import { readPageFiles } from '../core/inspector.ts';
import { scheme } from './origin.ts';
import { answerPage } from './page-answer.ts';

/**
 * Tells Chromium that `app:` is a scheme like https: an origin of its own, a secure place. Once, before it is ready.
 * @see https://www.electronjs.org/docs/latest/tutorial/security#18-avoid-usage-of-the-file-protocol-and-prefer-usage-of-custom-protocols
 */
export const setupScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);

/**
 * Serves the built page at its own scheme. When the program is ready, before the first window.
 * @param root the folder of the built page
 */
export const setupProtocol = (root: string): void => {
  const files = readPageFiles(root);
  protocol.handle(scheme, async (request) => answerPage(await files, request));
};
