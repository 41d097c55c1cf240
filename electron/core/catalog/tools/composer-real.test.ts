import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { zip } from '../../../../e2e/support/archives.ts';
import { contradictions, keptBelow, toldIn } from '../../../../e2e/support/cache-layout.ts';
import { cleared } from '../../../../e2e/support/cleared-parts.ts';
import { startServer } from '../../../../e2e/support/http-server.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { composer } from './composer.ts';

const run = promisify(execFile);

const isHere = ((): boolean => {
  try {
    execFileSync('composer', ['--version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
})();
// PHP and forty packages: not installed on the build server, so these tests run where it is there.
const note = isHere ? '' : ' (SKIPPED: there is no composer here)';

const release = (url: string): string =>
  JSON.stringify({
    packages: {
      'acme/lib': [
        {
          name: 'acme/lib',
          version: '1.2.3',
          version_normalized: '1.2.3.0',
          dist: { type: 'zip', url: `${url}/lib.zip`, reference: 'abc' },
        },
      ],
    },
  });

describe.skipIf(!isHere)(`what the real Composer caches${note}`, () => {
  test('a package and its repository’s answers, which it downloads again after a clear', {
    timeout: 180_000,
  }, async () => {
    const archive = zip([{ name: 'acme-lib/composer.json', data: '{"name":"acme/lib","version":"1.2.3"}' }]);
    const server = await startServer(({ url }, self) => {
      if (url === '/packages.json')
        return { body: JSON.stringify({ 'metadata-url': '/p2/%package%.json', 'available-packages': ['acme/lib'] }) };
      if (url === '/lib.zip') return { body: archive };
      return /^\/p2\/acme\/lib(?:~dev)?\.json$/.test(url ?? '') ? { body: release(self) } : null;
    });
    onTestFinished(() => server.close());
    const home = folderForTest();
    const project = join(home, 'project');
    mkdirSync(project);
    writeFileSync(
      join(project, 'composer.json'),
      JSON.stringify({
        repositories: [{ type: 'composer', url: server.url }, { 'packagist.org': false }],
        config: { 'secure-http': false },
        require: { 'acme/lib': '^1.0' },
      }),
    );
    const root = join(home, 'own', 'cache');
    const install = async () => {
      rmSync(join(project, 'vendor'), { recursive: true, force: true });
      await run('composer', ['install', '-n', '--no-plugins'], {
        cwd: project,
        timeout: 60_000,
        env: {
          ...process.env,
          HOME: home,
          COMPOSER_HOME: join(home, 'own'),
          COMPOSER_CACHE_DIR: root,
          COMPOSER_ALLOW_SUPERUSER: '1',
        },
      });
      expect(existsSync(join(project, 'vendor', 'acme', 'lib', 'composer.json'))).toBe(true);
    };
    await install();
    expect(composer.recognise(root, reader)).toMatch(/^Its folder repo holds http---127\.0\.0\.1-/);
    expect(Object.values(contradictions(composer, root))).toEqual([null, null, null]);
    expect(Object.keys(keptBelow(composer, root))).toContain('.htaccess');
    const told = await toldIn(composer, root);
    expect(told).toContain('files: package, acme/lib null');
    expect(told).toContain('repo: metadata, acme/lib null');
    for (const kind of ['package', 'metadata']) {
      const { gone } = await cleared(composer, root, (entry) => entry.kind === kind);
      expect(gone.length).toBeGreaterThan(0);
      await install();
      rmSync(`${root}.stale-1`, { recursive: true });
    }
    for (const unit of composer.units(root, reader)) rmSync(join(root, unit.name), { recursive: true, force: true });
    await install();
    expect(readdirSync(join(root, 'files', 'acme', 'lib')).length).toBe(1);
    expect(await toldIn(composer, root)).toContain('files: package, acme/lib null');
  });
});
