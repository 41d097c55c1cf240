import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canUnshare, isRoot, onLinux, sandbox, write } from '../../../e2e/support/sandbox.ts';
import type { TreeNodes } from '../../../shared/model.ts';
import { type Node, unfold } from './testing/unfold.ts';

/** A script that prints the nodes of the tree of `$ROOT`, for processes with other rights than this one. */
const script = `
  const { ViewBook } = await import(${JSON.stringify(new URL('./view-book.ts', import.meta.url).href)});
  const { EventHub } = await import(${JSON.stringify(new URL('../events.ts', import.meta.url).href)});
  const root = process.env.ROOT;
  const units = [{ id: 'u_00000000000a', definition: { name: '_cacache' }, path: root + '/_cacache' }];
  const book = new ViewBook(new EventHub());
  const { view } = await book.openTree({ id: 'c_00000000000a', root, units }, 'folder');
  console.log(JSON.stringify(await book.nodes(view, 0, 1000)));
  await book.closeAll();
`;
const node = [process.execPath, '--input-type=module', '-e', script];
const parse = (output: string): ReadonlyMap<string, Node> => unfold(JSON.parse(output.trim()) as TreeNodes);

test.skipIf(!isRoot || !onLinux)('what may not be read is unreadable and not empty', () => {
  const root = sandbox();
  write(root, { '_cacache/closed/inner': 'x', '_cacache/listed/file': 'x', '_cacache/open/file': 'x' });
  execFileSync('chown', ['-R', '65534:65534', root]);
  fs.chmodSync(join(root, '_cacache/closed'), 0o000);
  fs.chmodSync(join(root, '_cacache/listed'), 0o444);
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', ...node];
  const tree = parse(execFileSync('setpriv', nobody, { encoding: 'utf8', env: { ...process.env, ROOT: root } }));
  expect(tree.get('_cacache/closed')).toMatchObject({ kind: 'unreadable', files: 0 });
  expect(tree.get('_cacache/listed')).toMatchObject({ kind: 'group', files: 0 });
  expect(tree.get('_cacache/listed/file')).toMatchObject({ kind: 'unreadable', files: 0 });
  expect(tree.get('_cacache/open/file')).toMatchObject({ kind: 'leaf', files: 1 });
});

test.skipIf(!canUnshare)('a mount inside is not entered, on the same file system either', () => {
  const root = sandbox();
  write(root, { '_cacache/plain/file': 'x', 'elsewhere/large': 'x'.repeat(300_000) });
  for (const dir of ['bind', 'tmpfs']) fs.mkdirSync(join(root, '_cacache', dir));
  const commands = [
    'set -e',
    'mount --make-rprivate /',
    'mount -t tmpfs none "$ROOT/_cacache/tmpfs"',
    'mount --bind "$ROOT/elsewhere" "$ROOT/_cacache/bind"',
    node.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' '),
  ];
  const env = { ...process.env, ROOT: root };
  const tree = parse(execFileSync('unshare', ['-m', 'bash', '-c', commands.join('\n')], { encoding: 'utf8', env }));
  for (const dir of ['bind', 'tmpfs'])
    expect(tree.get(`_cacache/${dir}`)).toMatchObject({ kind: 'unreadable', files: 0, bytes: 0 });
  expect(tree.get('_cacache')).toMatchObject({ files: 1 });
  expect(tree.get('_cacache')?.bytes).toBeLessThan(100_000);
});
