import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, type TestContext, test } from 'vitest';
import { makerOf } from '../../../e2e/fixtures/makers.ts';
import { unpackFixture } from '../../../e2e/fixtures/store.ts';
import { entriesIn } from '../../../e2e/support/made-cache.ts';
import { npmTool } from '../../../e2e/support/npm-tools.ts';
import { pythonTool } from '../../../e2e/support/python-tools.ts';
import { hubEnv } from '../../../e2e/support/real-hub.ts';
import { nodeToolEnv } from '../../../e2e/support/real-node-tools.ts';
import { npmVersion, runNpm } from '../../../e2e/support/real-npm.ts';
import { findPips } from '../../../e2e/support/real-pip.ts';
import { environmentWithout, type Ran, run } from '../../../e2e/support/run.ts';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { tools } from './index.ts';
import type { Tool } from './tool.ts';

/*
 * What a tool itself lists of its cache, and what is listed here, count for count and byte for byte: of the committed
 * caches, by the tools that are on this machine. Go's is in tools/go-mod.test.ts.
 */

const nowhere = 'http://127.0.0.1:9/';

const said = (ran: Ran): string => {
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  return ran.stdout;
};

const toolOf = (id: string): Tool => {
  const tool = tools.find((it) => it.id === id);
  if (tool === undefined) throw new Error(`no tool ${id}`);
  return tool;
};

/** A new home with the committed cache at the tool's default place, and its entries. */
const unpacked = async (id: string) => {
  const home = folderForTest();
  const tool = toolOf(id);
  const root = tool.root({ platform: 'linux', env: {}, home, cwd: home, readText: () => null }).path;
  unpackFixture(id, dirname(root));
  return { home, root, entries: await entriesIn(tool, root) };
};

/** Skips the test, and says why. */
const without = ({ skip }: TestContext, program: string): never => {
  process.stderr.write(`SKIPPED agreement: there is no ${program} here\n`);
  return skip(`there is no ${program} here`);
};

const limits = { timeout: 180_000 };

test.skipIf(process.platform === 'win32')('npm cache ls, npm cache verify', limits, async (context) => {
  if ((await npmVersion()) === null) return without(context, 'npm');
  const { home, entries } = await unpacked('npm');
  const npm = async (...args: readonly string[]) =>
    said(await runNpm(['cache', ...args], { cwd: home, home, cache: null, registry: nowhere }));
  const cached = entries.filter((entry) => entry.in === '_cacache');
  const keys = (await npm('ls')).trim().split('\n');
  expect(cached.map(({ url }) => `make-fetch-happen:request-cache:${url}`).toSorted()).toEqual(keys.toSorted());
  const verified = await npm('verify');
  const [, contents, bytes] = /Content verified: (\d+) \((\d+) bytes\)/.exec(verified) ?? [];
  expect([contents, bytes]).toEqual([
    String(cached.length),
    String(cached.reduce((sum, it) => sum + (it.bytes ?? 0), 0)),
  ]);
  expect(verified).toContain(`Index entries: ${cached.length}\n`);
});

test.skipIf(process.platform === 'win32')('pip cache list, pip cache info', limits, async (context) => {
  const pip = (await findPips()).find(({ format }) => format === 'http-v2');
  if (pip === undefined) return without(context, 'pip of 23.3 or later');
  const { home, root, entries } = await unpacked('pip');
  const ask = async (...args: readonly string[]) =>
    said(await run(pip.python, ['-m', 'pip', 'cache', ...args, '--cache-dir', root], { cwd: home }));
  const wheels = entries.filter(({ kind, in: unit }) => unit === 'wheels' && kind === 'wheel');
  const listed = (await ask('list', '--format=abspath')).trim().split('\n');
  expect(wheels.map(({ key }) => join(root, 'wheels', key)).toSorted()).toEqual(listed.toSorted());
  const info = await ask('info');
  const bytes = entries.filter(({ in: unit }) => unit === 'http-v2').reduce((sum, it) => sum + (it.bytes ?? 0), 0);
  const [, size] = /Package index page cache size: ([\d.]+) kB/.exec(info) ?? [];
  expect((bytes / 1000).toFixed(1)).toBe(size);
  // pip counts heads and bodies, we what they are of.
  expect(info).toContain(`Number of HTTP files: ${2 * entries.filter(({ in: unit }) => unit === 'http-v2').length}\n`);
});

test.skipIf(process.platform === 'win32')('yarn cache list', limits, async (context) => {
  const command = await npmTool('yarn');
  if (command === null) return without(context, 'Yarn 1');
  const { home, entries } = await unpacked('yarn');
  const ran = await run(command, ['cache', 'list', '--json'], { cwd: home, env: nodeToolEnv(home, nowhere) });
  const table = said(ran)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: { body: readonly (readonly string[])[] } })
    .find(({ type }) => type === 'table');
  const packages = entries.filter(({ kind }) => kind === 'package');
  expect(packages.map(({ name, version }) => `${name} ${version}`).toSorted()).toEqual(
    (table?.data.body ?? []).map(([name, version]) => `${name} ${version}`).toSorted(),
  );
});

test.skipIf(process.platform === 'win32')('ccache --print-stats', limits, async (context) => {
  // Made anew: it counts what files take on this very disk.
  const home = folderForTest();
  if (typeof (await makerOf('ccache').make(home)) !== 'string') return without(context, 'ccache');
  const root = join(home, '.cache', 'ccache');
  const entries = await entriesIn(toolOf('ccache'), root);
  const env = environmentWithout(/^(CCACHE|XDG_)/, { HOME: home });
  const stats = said(await run('ccache', ['--print-stats'], { env }));
  const files = entries.filter(({ kind }) => kind === 'result' || kind === 'manifest');
  expect(stats).toContain(`files_in_cache\t${files.length}\n`);
  const blocks = files.reduce((sum, { key }) => sum + lstatSync(join(root, key)).blocks, 0);
  expect(stats).toContain(`cache_size_kibibyte\t${blocks / 2}\n`);
  for (const { key, bytes } of files) expect(bytes).toBe(lstatSync(join(root, key)).size);
});

test.skipIf(process.platform === 'win32')('the database of cargo', limits, async () => {
  const { root, entries } = await unpacked('cargo');
  const book = new DatabaseSync(join(root, '.global-cache'), { readOnly: true });
  const crates = book
    .prepare(
      'SELECT c.name, i.name AS source, c.size FROM registry_crate c JOIN registry_index i ON i.id = c.registry_id',
    )
    .all();
  const ours = entries.filter(({ in: unit }) => unit === 'registry/cache');
  expect(ours.map(({ key, bytes }) => [key, bytes])).toEqual(
    crates.map(({ source, name, size }) => [`${source}/${name}`, size]),
  );
  for (const [unit, table] of [
    ['registry/index', 'registry_index'],
    ['registry/src', 'registry_src'],
    ['git/db', 'git_db'],
    ['git/checkouts', 'git_checkout'],
  ] as const) {
    const [row] = book.prepare(`SELECT count(*) AS rows FROM ${table}`).all();
    expect([unit, row?.['rows']]).toEqual([unit, entries.filter((entry) => entry.in === unit).length]);
  }
  book.close();
});

const scan = `
import json
from huggingface_hub import scan_cache_dir
info = scan_cache_dir()
print(json.dumps([info.size_on_disk, sorted(["%s %s" % (r.repo_id, v.commit_hash) for r in info.repos for v in r.revisions])]))
`;

test.skipIf(process.platform === 'win32')('scan_cache_dir of huggingface_hub', limits, async (context) => {
  const library = await pythonTool('huggingface-hub', process.env['LONG'] !== undefined);
  if (library === null) return without(context, 'huggingface_hub (LONG=1 fetches it)');
  const { home, root, entries } = await unpacked('huggingface');
  const ran = await run('python3', ['-c', scan], { cwd: home, env: hubEnv(home, library, nowhere) });
  const revisions = entries.filter(({ version }) => version !== null);
  // It counts neither links nor notes.
  const links = readdirSync(root, { recursive: true, withFileTypes: true }).filter((it) => it.isSymbolicLink());
  const ours = entries.filter(({ kind }) => kind !== 'notes').reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  expect(JSON.parse(said(ran))).toEqual([
    ours - links.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0),
    revisions.map(({ name, version }) => `${name} ${version}`).toSorted(),
  ]);
});
