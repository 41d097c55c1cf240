import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { reader } from '../fs/reader.ts';
import { readCcacheHead } from './decode/ccache-entries.ts';
import type { Tool } from './tool.ts';
import { ccache } from './tools/ccache.ts';
import { conda } from './tools/conda.ts';
import { goBuild } from './tools/go-build.ts';
import { goMod } from './tools/go-mod.ts';
import { huggingface } from './tools/huggingface.ts';
import { poetry } from './tools/poetry.ts';
import { sccache } from './tools/sccache.ts';

/** A good file with some bytes changed, something cut out or put in. */
const mutated = (good: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(good.length),
        cut: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(good.length)),
        put: fc.uint8Array({ maxLength: 9 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((edits) =>
      edits.reduce(
        (bytes, { at, cut, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
        good,
      ),
    );

const key = 'ab'.repeat(32);
const commit = '1'.repeat(40);
const ccacheHead = Buffer.concat([
  Buffer.from([0xcc, 0xac, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0x65, 0x53, 0xf1, 0, 5]),
  Buffer.from('4.7.5\0'),
  Buffer.alloc(40),
]);

/** A tool, a file of it below its root, what is good in it, and what else must stand there. */
const files: readonly (readonly [tool: Tool, path: string, good: Buffer, beside?: readonly string[]])[] = [
  [
    goBuild,
    `ab/${key}-a`,
    Buffer.from(`v1 ${key} ${key} ${'10'.padStart(20)} ${'1700000000000000000'.padStart(20)}\n`),
  ],
  [goBuild, `ab/${key}-d`, Buffer.from('!<arch>\n__.PKGDEF       0\ngo object linux amd64 go1.22.1 X:none\n')],
  [
    goMod,
    'cache/download/github.com/a/b/@v/v1.0.0.info',
    Buffer.from(
      '{"Version":"v1.0.0","Time":"2024-01-02T03:04:05Z","Origin":{"VCS":"git","URL":"https://git.example/a"}}',
    ),
  ],
  [goMod, `cache/vcs/${key}.info`, Buffer.from('git3:https://git.example/a'), [`cache/vcs/${key}/HEAD`]],
  [ccache, `a/b/${'0'.repeat(30)}R`, ccacheHead],
  [sccache, `a/b/${key}`, Buffer.from('PK\x03\x04 not much of a zip PK\x01\x02 PK\x05\x06'.padEnd(80, '\0'), 'latin1')],
  [
    poetry,
    `cache/repositories/PyPI/ab/ab/ab/ab/ab/ab/ab/ab/${key}`,
    Buffer.from('9999999999{"name":"a","version":"1"}'),
  ],
  [conda, 'urls.txt', Buffer.from('https://channel.example/linux-64/a-1-0.conda\n'), ['a-1-0.conda']],
  [huggingface, 'models--a--b/refs/main', Buffer.from(commit), [`models--a--b/snapshots/${commit}/x`]],
];

test.each(
  files.map(([tool, path, good, beside]) => ({ name: `${tool.id}: ${path.slice(0, 40)}`, tool, path, good, beside })),
)('mutated files never throw and end at once: $name', async ({ tool, path, good, beside = [] }) => {
  const root = folderForTest();
  for (const name of [path, ...beside]) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), good);
  }
  const units = tool.units(root, reader);
  expect(units.length).toBeGreaterThan(0);
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(mutated(good), async (bytes) => {
      writeFileSync(join(root, path), bytes);
      const start = performance.now();
      let count = 0;
      for (const unit of units)
        for await (const entry of tool.entries(root, unit, reader)) {
          count += 1;
          expect(entry.bytes === null || entry.bytes >= 0).toBe(true);
        }
      longest = Math.max(longest, performance.now() - start);
      expect(count).toBeGreaterThan(0);
    }),
    { numRuns: Number(process.env['HOSTILE_RUNS'] ?? 300) },
  );
  // A machine under load is slower; what blows up takes minutes.
  expect(longest).toBeLessThan(5000);
});

test('any bytes are a head of ccache or a sentence', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, begun) => {
      const head = readCcacheHead(Buffer.concat([begun ? ccacheHead.subarray(0, 4) : Buffer.alloc(0), bytes]));
      expect(typeof head === 'string' ? head : head.kind).toMatch(/\.$|^result$|^manifest$/);
    }),
    { numRuns: 2000 },
  );
});
