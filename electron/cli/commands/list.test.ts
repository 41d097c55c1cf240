import { describe, expect, it } from 'vitest';
import { CacheId } from '../../../shared/ids.ts';
import { textOf } from '../output/lines.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { cache, unit } from '../testing/samples.ts';
import { listLines } from './list.ts';

const shown = (...caches: Parameters<typeof listLines>[0]) => listLines(caches, fakeTerminal()).map(textOf);

describe('list', () => {
  it('has a line for each unit, aligned, and a total', () => {
    const logs = unit({
      name: '_logs',
      path: '/home/ada/.npm/_logs',
      files: 9,
      bytes: { apparent: 1, allocated: 40_000, reclaimable: 20_000 },
    });
    const absent = cache({ tool: 'pip', root: '/home/ada/.cache/pip', present: false, units: [] });
    expect(shown(cache({ units: [unit(), logs] }), absent)).toEqual([
      'Cache         Place               Size  Comes back   Files  Last used',
      'npm/_cacache  ~/.npm/_cacache  1.24 GB              34,120  3 days ago',
      'npm/_logs     ~/.npm/_logs     40.0 kB     20.0 kB       9  3 days ago',
      'Total 1.24 GB in 2 units.',
      'Not on this machine: pip.',
    ]);
    expect(listLines([absent], fakeTerminal(), true).map(textOf)[1]).toMatch(/^pip .*not there$/);
  });

  it('says what is not measured, not readable, not clearable', () => {
    const problem = { code: 'protected-place', message: 'it is your home' } as const;
    const unreadable = [{ path: '/home/ada/.npm/_cacache/x', errno: 13, message: 'permission denied' }];
    const lines = shown(cache({ problem, units: [unit({ bytes: null, files: null, unreadable })] }));
    expect(lines[1]).toContain('1 part cannot be read, cannot be cleared: it is your home');
    expect(lines[2]).toContain('1 unit not measured yet, without 1 part that cannot be read.');
    expect(lines.at(-1)).toBe('  ~/.npm/_cacache/x: permission denied');
  });

  it('gives the id where the name alone means nothing', () => {
    const second = CacheId.parse('c_ba9876543210');
    const lines = shown(cache({ tool: 'folder' }), cache({ tool: 'folder', id: second, root: '/srv' }));
    expect(lines[2]).toContain('id c_ba9876543210');
  });

  it('has a sentence for an empty list', () => {
    expect(shown()).toEqual(['There is no cache of a known tool here.']);
  });
});
