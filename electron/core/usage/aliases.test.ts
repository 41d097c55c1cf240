import { describe, expect, it } from 'vitest';
import { aliasesOf } from './aliases.ts';

const disk = { device: '8:1', root: '/', point: '/' };
const home = { device: '8:2', root: '/', point: '/home' };

describe('the names of one directory', () => {
  it.each([
    ['itself', [], ['/home/me/.npm']],
    ['another disk', [{ device: '8:3', root: '/me/.npm', point: '/x' }], ['/home/me/.npm']],
    ['a bind of it', [{ device: '8:2', root: '/me/.npm', point: '/x' }], ['/home/me/.npm', '/x']],
    ['a bind of what is above', [{ device: '8:2', root: '/me', point: '/x' }], ['/home/me/.npm', '/x/.npm']],
    ['a bind of what is inside', [{ device: '8:2', root: '/me/.npm/a', point: '/x' }], ['/home/me/.npm', '/x']],
    [
      'a bind that another mount covers',
      [
        { device: '8:2', root: '/me/.npm', point: '/x' },
        { device: '0:9', root: '/', point: '/x' },
      ],
      ['/home/me/.npm'],
    ],
    ['a bind of what is beside', [{ device: '8:2', root: '/me/.npm2', point: '/x' }], ['/home/me/.npm']],
  ])('with %s', (_, more, expected) => {
    const all = [disk, home, ...more];
    expect(aliasesOf('/home/me/.npm', all, all)).toEqual(expected);
  });

  it('in a container are those of its mounts only', () => {
    const container = [
      { device: '0:50', root: '/', point: '/' },
      { device: '8:2', root: '/me/.npm', point: '/root/.npm' },
    ];
    expect(aliasesOf('/home/me/.npm', [disk, home], container)).toEqual(['/root/.npm']);
    expect(aliasesOf('/root/.npm', [disk, home], container)).toEqual([]);
  });
});
