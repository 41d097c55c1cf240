import { extname } from 'node:path';
import { isOwn } from './origin.ts';

/** @see https://www.electronjs.org/docs/latest/tutorial/security#7-define-a-content-security-policy */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
} as const;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

const nothing = (): Response => new Response('There is nothing here.', { status: 404, headers });

/**
 * Answers with the page's files by their paths, letter for letter: nothing is decoded or put together, so no spelling
 * leads anywhere else. All that is not one of them is 404.
 */
export const answerPage = (
  files: ReadonlyMap<string, Buffer>,
  { method, url }: Pick<Request, 'method' | 'url'>,
): Response => {
  const path = method === 'GET' && isOwn(url) ? new URL(url).pathname : '';
  const content = files.get(path);
  const type = types[extname(path)];
  if (content === undefined || type === undefined) return nothing();
  return new Response(new Uint8Array(content), { headers: { ...headers, 'content-type': type } });
};
