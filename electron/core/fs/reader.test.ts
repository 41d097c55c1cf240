import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sandbox, write } from '../../../e2e/support/sandbox.ts';
import { glancing, reader } from './reader.ts';

describe('children one by one', () => {
  test('are those of the list, in its order', () => {
    const root = sandbox();
    write(root, { 'b/inside': '', c: '1', a: '2' });
    fs.symlinkSync('a', join(root, 'link'));
    expect([...reader.each(root)]).toEqual(reader.list(root));
    expect(reader.list(root).map(({ kind }) => kind)).toEqual(['file', 'directory', 'file', 'link']);
    expect([...reader.each(join(root, 'nothing')), ...reader.each(join(root, 'a'))]).toEqual([]);
  });

  test('are all told once, however many there are', () => {
    const root = sandbox();
    write(root, { 0: '' });
    for (let at = 1; at < 2_500; at += 1) fs.linkSync(join(root, '0'), join(root, String(at)));
    const names = [...reader.each(root, 1000)].map(({ name }) => name);
    expect(names.toSorted()).toEqual(reader.list(root).map(({ name }) => name));
    expect(names.slice(0, 1000)).toEqual(names.slice(0, 1000).toSorted());
    expect(glancing(reader, 1000).list(root)).toHaveLength(1000);
    expect(glancing(reader, 1000).facts(root)?.kind).toBe('directory');
  });
});
