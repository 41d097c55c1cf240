import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entriesIn } from '../../../../e2e/support/cache-layout.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import type { Tool } from '../tool.ts';
import { bazel } from './bazel.ts';
import { composer } from './composer.ts';
import { maven } from './maven.ts';
import { nuget } from './nuget.ts';

const base = '0123456789abcdef0123456789abcdef';

/** Each file that a decoder reads, with what a tool writes there. */
const read: readonly (readonly [tool: Tool, path: string, good: string])[] = [
  [
    nuget,
    'a/1.0.0/.nupkg.metadata',
    '{"version":2,"contentHash":"AAAA","source":"https://registry.example/v3/index.json"}',
  ],
  [
    composer,
    'vcs/https---h.example-a.git/config',
    '[core]\n\tbare = true\n[remote "origin"]\n\turl = https://h.example/a.git\n',
  ],
  [bazel, `${base}/DO_NOT_BUILD_HERE`, '/home/ada/project'],
  [maven, 'g/a/1/_remote.repositories', '#NOTE\na-1.pom>central=\n'],
];

test.each(read)(
  '$id: mutated files never throw, end soon, and what they say can be shown',
  async (tool, path, good) => {
    const root = folderForTest();
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.nat(good.length), fc.nat(good.length), fc.string({ unit: 'binary', maxLength: 20 }))
        .map(([at, cut, put]) => Buffer.from(good.slice(0, at) + put + good.slice(at + cut))),
      fc.nat(50_000).map((depth) => Buffer.from('['.repeat(depth))),
      fc
        .constantFrom('[__proto__]\nx=1', '{"__proto__":{"source":1}}', '[remote "origin"]\nurl[]=1')
        .map((it) => Buffer.from(it)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        writeFileSync(join(root, path), content);
        const began = performance.now();
        const entries = await entriesIn(tool, root);
        expect(performance.now() - began).toBeLessThan(2000);
        for (const { url, usedBy, damaged } of entries)
          for (const text of [url, damaged, ...(usedBy ?? [])]) expect(text ?? '').not.toMatch(/[\p{Cc}\u202e]/u);
      }),
      { numRuns: 300 },
    );
  },
);
