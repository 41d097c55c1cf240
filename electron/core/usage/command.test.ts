import { describe, expect, it } from 'vitest';
import { shortCommand } from './command.ts';

const line = (...words: readonly string[]) => Buffer.from(`${words.join('\0')}\0`, 'utf8');

describe('a command line for a person', () => {
  it.each([
    [['/usr/bin/node', '/usr/lib/node_modules/npm/bin/npm-cli.js', 'install'], 'npm install'],
    [['node', '--max-old-space-size=4096', '/x/npx-cli.js', 'eslint', '.'], 'npx eslint .'],
    [['npm install react', '', ''], 'npm install react'],
    [['/usr/bin/python3.11', '-m', 'pip', 'download', 'requests'], 'pip download requests'],
    [['/venv/bin/python', '/venv/bin/pip3.12', 'install', '-r', 'x.txt'], 'pip install -r x.txt'],
    [['/venv/bin/python', '-I', '/venv/bin/pip-compile'], 'pip-compile'],
    [['python3', '-c', 'print(1)'], 'python3 -c print(1)'],
    [['/usr/bin/env', 'A=1', 'uv', 'sync'], 'uv sync'],
    [['-bash'], 'bash'],
    [['/usr/bin/sleep', '60'], 'sleep 60'],
  ])('%j is %s', (words, expected) => {
    expect(shortCommand(line(...words), 'name')).toBe(expected);
  });

  it('keeps no secrets', () => {
    const words = [
      'pip',
      'install',
      '--index-url',
      'https://me:hunter2@host/simple',
      '--token=hunter2',
      '--otp',
      'hunter2',
    ];
    expect(shortCommand(line(...words), 'pip')).toBe('pip install --index-url https://…@host/simple --token=… --otp …');
  });

  it('is at most 80 characters, without control characters, and the short name when there is nothing', () => {
    const long = shortCommand(line('x', ...Array.from({ length: 90 }, () => '😀')), 'x');
    expect([...long]).toHaveLength(80);
    expect(shortCommand(line('x', 'a\u001b[31mb'), 'x')).toBe('x a\\u{1b}[31mb');
    expect(shortCommand(Buffer.alloc(0), 'kworker')).toBe('kworker');
    expect(shortCommand(line('/proc/self/fd/3', 'x'), 'runner')).toBe('runner x');
  });
});
