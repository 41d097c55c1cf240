import { describe, expect, it } from 'vitest';
import { answerPage } from './page-answer.ts';

const files = new Map([
  ['/index.html', Buffer.from('<!doctype html>')],
  ['/assets/a.js', Buffer.from('1')],
  ['/assets/a.js.map', Buffer.from('{}')],
]);
const get = (url: string, method = 'GET'): Response => answerPage(files, { method, url });

describe('the answer to a request for the page', () => {
  it('is the file, with its type and a policy', async () => {
    const answer = get('app://cache-inspector/index.html');
    expect([answer.status, await answer.text()]).toEqual([200, '<!doctype html>']);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    expect(get('app://cache-inspector/assets/a.js?v=1#x').headers.get('content-type')).toContain('text/javascript');
  });

  it('does not let in code that stands in the page, or data that becomes code', () => {
    const policy = get('app://cache-inspector/index.html').headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*|https?:|blob:/);
    expect(policy).toContain("img-src 'self' data:");
    expect(policy).toContain("base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  });

  it.each([
    'app://cache-inspector/',
    'app://cache-inspector/../index.html/..',
    'app://cache-inspector/assets/%61.js',
    'app://cache-inspector//index.html',
    'app://cache-inspector/assets/..%2findex.html',
    'app://cache-inspector/assets/a.js.map',
    'app://cache-inspector.example.com/index.html',
    'app://x@cache-inspector/index.html',
    'https://cache-inspector/index.html',
    'file:///index.html',
    'nonsense',
  ])('is 404 for %s', (url) => {
    expect(get(url).status).toBe(404);
  });

  it('is 404 for whoever wants to do anything but read', () => {
    expect(get('app://cache-inspector/index.html', 'POST').status).toBe(404);
  });
});
