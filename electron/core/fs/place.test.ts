import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot, missing, onLinux, sandbox } from '../../../e2e/support/sandbox.ts';
import { CodedError } from '../../../shared/errors.ts';
import { locate } from './place.ts';

const codeOf = (text: string): string => {
  try {
    return `a place: ${locate(text).path}`;
  } catch (thrown) {
    return thrown instanceof CodedError ? thrown.code : String(thrown);
  }
};

describe('what a path means', () => {
  it.each(['', '.', 'relative', './x', '../x', '~/x', 'a\0b', '/a\0b'])('is nothing for %j', (text) => {
    expect(codeOf(text)).toBe('unusable-path');
  });

  it
    .runIf(onLinux)
    .each([
      '/proc',
      '/proc/self/root/tmp',
      '/proc/1/cwd',
      '/sys/x',
      '/dev/shm/x',
      '//proc/self/cwd',
      '/tmp/../proc/self/root',
      '/dev/fd/3/x',
    ])('never leads through %s', (text) => {
    expect(codeOf(text)).toBe('protected-place');
  });

  it.runIf(onLinux)('never leads into /proc by a link either', () => {
    const box = sandbox();
    fs.symlinkSync('/proc/self', path.join(box, 'link'));
    expect(codeOf(path.join(box, 'link/root'))).toBe('protected-place');
  });

  it('is the same with slashes and dots too many', () => {
    const box = sandbox();
    fs.mkdirSync(path.join(box, 'D'));
    const { ino } = fs.lstatSync(path.join(box, 'D'), { bigint: true });
    for (const text of [`${box}/D`, `${box}/D/`, `${box}//D///`, `${box}/D/.`, `${box}/x/../D`, `${box}/./D/./`]) {
      expect(locate(text)).toMatchObject({
        path: path.join(box, 'D'),
        facts: { kind: 'directory', identity: { ino: Number(ino) } },
      });
    }
  });

  it('resolves links above, and never follows the last name, with or without a slash behind', () => {
    const box = sandbox();
    fs.mkdirSync(path.join(box, 'real/D'), { recursive: true });
    fs.symlinkSync('real', path.join(box, 'way'));
    fs.symlinkSync('real/D', path.join(box, 'last'));
    expect(locate(path.join(box, 'way/D')).path).toBe(path.join(box, 'real/D'));
    for (const slash of ['', '/', '/.']) {
      expect(locate(path.join(box, 'last') + slash)).toMatchObject({
        path: path.join(box, 'last'),
        facts: { kind: 'link' },
      });
    }
  });

  it('has no facts when nothing is there, at the end or on the way', () => {
    const box = sandbox();
    fs.writeFileSync(path.join(box, 'file'), '');
    for (const name of ['nothing', 'no/such/way', 'file/below']) {
      expect(locate(path.join(box, name))).toEqual({ path: path.join(box, name), facts: null });
    }
    expect(locate('/')).toMatchObject({ path: '/', facts: { kind: 'directory' } });
  });

  it.skipIf(missing(!isRoot))(
    `does not go through a link that belongs to another user${isRoot ? '' : ' (SKIPPED: only root can make one)'}`,
    () => {
      const box = sandbox();
      fs.mkdirSync(path.join(box, 'real/D'), { recursive: true });
      fs.symlinkSync('real', path.join(box, 'theirs'));
      fs.lchownSync(path.join(box, 'theirs'), 65_534, 65_534);
      expect(codeOf(path.join(box, 'theirs/D'))).toBe('symbolic-link');
      // The last name is only looked at, never followed: whose it is does not matter here.
      expect(locate(path.join(box, 'theirs')).facts?.kind).toBe('link');
    },
  );
});
