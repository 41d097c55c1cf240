import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tools } from '../../electron/core/catalog/index.ts';
import { run } from '../support/run.ts';
import { sandbox } from '../support/sandbox.ts';

const core = pathToFileURL(join(import.meta.dirname, '..', '..', 'electron', 'core', 'inspector.ts')).href;

const script = `
import { openInspector } from '${core}';
const inspector = await openInspector({ door: 'script', stateDir: process.argv[2] });
const listed = await inspector.call('list', { measure: true });
console.log(JSON.stringify(listed));
const wrong = await inspector.call('list', { measure: 'yes' });
console.log(JSON.stringify(wrong));
await inspector.close();
`;

test('core is used from ten lines of plain Node, which end by themselves', async () => {
  const dir = sandbox();
  mkdirSync(join(dir, 'home'));
  writeFileSync(join(dir, 'script.mjs'), script);
  const started = performance.now();
  const env = { ...process.env, HOME: join(dir, 'home'), USERPROFILE: join(dir, 'home') } as Record<string, string>;
  const ran = await run(process.execPath, [join(dir, 'script.mjs'), join(dir, 'state')], { cwd: dir, env });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(performance.now() - started).toBeLessThan(20_000);
  const [listed = '', wrong = ''] = ran.stdout.split('\n');
  expect(JSON.parse(listed)).toMatchObject({
    ok: true,
    // Other caches are at places of their own, and there is none here.
    value: { caches: tools.filter(({ id }) => id !== 'other').map(({ id }) => ({ tool: id })) },
  });
  expect(JSON.parse(wrong)).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
});
