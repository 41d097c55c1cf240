import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zip } from '../../../../e2e/support/archives.ts';
import { entriesIn } from '../../../../e2e/support/made-cache.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import type { Tool } from '../tool.ts';
import { bun } from '../tools/bun.ts';
import { corepack } from '../tools/corepack.ts';
import { deno } from '../tools/deno.ts';
import { electron } from '../tools/electron.ts';
import { electronBuilder } from '../tools/electron-builder.ts';
import { playwright } from '../tools/playwright.ts';
import { puppeteer } from '../tools/puppeteer.ts';
import { turbo } from '../tools/turbo.ts';
import { yarnBerry } from '../tools/yarn-berry.ts';

/** A good file with some bytes changed, something cut out or put in. */
const mutated = (good: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(good.length),
        cut: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(good.length)),
        put: fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.constant(Buffer.from('{"a":'.repeat(300)))),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((edits) =>
      edits.reduce(
        (bytes, { at, cut, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
        good,
      ),
    );

const hash = '0123456789abcdef';
const browsers =
  '{"browsers":[{"name":"chromium","revision":"1255","revisionOverrides":{"mac14":"1"},"browserVersion":"1.2"}]}';
const source =
  '// x\n// denoCacheMetadata={"headers":{},"url":"https://jsr.example/@std/path/1.0.8/mod.ts","time":1700000000}';

/** Where the file stands that is damaged, what it is when it is good, and what else is there. */
const cases: readonly (readonly [Tool, string, string | Buffer, (root: string) => Readonly<Record<string, string>>])[] =
  [
    [
      playwright,
      'wanted/browsers.json',
      browsers,
      (root) => ({ '.links/a': join(root, 'wanted'), 'chromium-1255/x': '' }),
    ],
    [playwright, '.links/a', '/nowhere/node_modules/playwright-core', () => ({ 'chromium-1255/x': '' })],
    [corepack, 'v1/pnpm/9.15.9/.corepack', '{"locator":{"name":"pnpm","reference":"9.15.9"},"hash":"x"}', () => ({})],
    [electron, `${'a1'.repeat(32)}/electron-v45.4.1-linux-x64.zip`, 'PK\x03\x04', () => ({})],
    [
      electronBuilder,
      'fpm@2.1.4/fpm-1-abcde.state',
      '{"version":1,"state":"complete"}',
      () => ({ 'fpm@2.1.4/fpm-1-abcde/x': '' }),
    ],
    [puppeteer, 'chrome/.metadata', '{"aliases":{}}', () => ({ 'chrome/linux-1/chrome-linux/x': '' })],
    [bun, 'a@1.2.3-0123456789abcdef@@@1/package.json', '{"name":"a","version":"1.2.3-beta.1"}', () => ({})],
    [deno, `remote/https/jsr.example/${'a'.repeat(64)}`, source, () => ({})],
    [
      turbo,
      `${hash}-manifest.json`,
      '{"files":{".turbo/turbo-build.log":{}},"order":[]}',
      () => ({ [`${hash}.tar.zst`]: '' }),
    ],
    [turbo, `${hash}-meta.json`, `{"hash":"${hash}","duration":1}`, () => ({ [`${hash}.tar.zst`]: '' })],
    [yarnBerry, 'cache/a-npm-1.0.0-0123456789-10c0.zip', zip([{ name: 'node_modules/a/x', data: '' }]), () => ({})],
    [
      yarnBerry,
      'metadata/npm/0a/registry.example/a.json',
      '{"metadata":{"versions":{"1.0.0":{"name":"a"}}}}',
      () => ({}),
    ],
  ];

test.each(cases)('$id: a damaged $1 is at most one entry, and never throws', async (tool, file, good, beside) => {
  const root = folderForTest();
  const put = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  put(file, good);
  for (const [name, content] of Object.entries(beside(root))) put(name, content);
  const before = (await entriesIn(tool, root)).length;
  expect(before).toBeGreaterThan(0);
  await fc.assert(
    fc.asyncProperty(mutated(Buffer.from(good)), async (bytes) => {
      put(file, bytes);
      const entries = await entriesIn(tool, root);
      expect(entries.length).toBe(before);
      for (const { name, version, usedBy } of entries)
        expect([name, version, ...(usedBy ?? [])].every((text) => text === null || text.length <= 2048)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
