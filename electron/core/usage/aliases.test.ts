import { describe, expect, it } from 'vitest';
import { aliasesOf, bindsOf, coversOf } from './aliases.ts';

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

describe('where a container shows a cache', () => {
  const place = '/home/me/.npm/_cacache';
  const root = '/home/me/.npm';
  const mine = [disk, home];
  it.each([
    ['nowhere: it only inherited the mounts', mine, []],
    ['nowhere: another disk', [...mine, { device: '8:3', root: '/me/.npm', point: '/x' }], []],
    ['nowhere: what is beside it', [...mine, { device: '8:2', root: '/me/.npm/_logs', point: '/x' }], []],
    ['the place', [{ device: '8:2', root: '/me/.npm/_cacache', point: '/x' }], [{ point: '/x', isChosen: true }]],
    [
      'a part of it',
      [{ device: '8:2', root: '/me/.npm/_cacache/tmp', point: '/x' }],
      [{ point: '/x', isChosen: true }],
    ],
    [
      'its cache',
      [{ device: '8:2', root: '/me/.npm', point: '/root/.npm' }],
      [{ point: '/root/.npm', isChosen: true }],
    ],
    ['all of the home', [{ device: '8:2', root: '/me', point: '/home/me' }], [{ point: '/home/me', isChosen: false }]],
    [
      'nowhere: another mount covers it',
      [
        { device: '8:2', root: '/me/.npm', point: '/x' },
        { device: '0:9', root: '/', point: '/x' },
      ],
      [],
    ],
  ])('%s', (_, theirs, expected) => {
    expect(bindsOf(place, root, mine, theirs)).toEqual(expected);
  });
});

describe('what a container has mounted on a cache', () => {
  const mine = [disk, home];
  const other = { device: '0:9', root: '/' };
  it.each([
    ['nothing', mine, []],
    ['something beside it', [...mine, { ...other, point: '/home/me/.npm2' }], []],
    ['something on it', [...mine, { ...other, point: '/home/me/.npm' }], ['/home/me/.npm']],
    ['something in it', [...mine, { ...other, point: '/home/me/.npm/a/b' }], ['/home/me/.npm/a/b']],
    ['something above it, which hides it', [...mine, { ...other, point: '/home/me' }], []],
    [
      'something in a bind of it',
      [
        { device: '8:2', root: '/me', point: '/x' },
        { ...other, point: '/x/.npm/a' },
      ],
      ['/x/.npm/a'],
    ],
    [
      'two things, one upon the other',
      [...mine, { ...other, point: '/home/me/.npm' }, { device: '0:10', root: '/', point: '/home/me/.npm' }],
      ['/home/me/.npm'],
    ],
    ['something on the same path of another disk', [disk, { ...other, point: '/home/me/.npm' }], []],
  ])('%s', (_, theirs, expected) => {
    expect(coversOf('/home/me/.npm', mine, theirs)).toEqual(expected);
  });

  it('is nothing of what we have mounted ourselves as well', () => {
    const all = [...mine, { ...other, point: '/home/me/.npm/a' }];
    expect(coversOf('/home/me/.npm', all, all)).toEqual([]);
  });
});
