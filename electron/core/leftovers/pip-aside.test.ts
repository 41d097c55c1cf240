import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { have } from '../../../e2e/support/have.ts';
import { folderForTest } from '../../../e2e/support/temporary.ts';
import { has, python } from '../usage/test-outsiders.ts';
import { couldBeAside } from './grammars/pip.ts';
import { hours } from './grammars/tool-grammar.ts';
import { findToolLeftovers } from './tool-leftovers.ts';

const pip = have('pip', python !== null && has(python, '-c', 'import pip._internal.utils.temp_dir'));

/** pip's own class moves each package aside, as an upgrade does, and the new version is put in its place. */
const moveAside = `
import json, os, sys
from pip._internal.utils.temp_dir import AdjacentTempDirectory
site, moved = sys.argv[1], []
def put(path):
    os.mkdir(path)
    if path.endswith('.dist-info'):
        with open(os.path.join(path, 'METADATA'), 'w') as file: file.write('Metadata-Version: 2.1\\nName: Requests\\n')
        open(os.path.join(path, 'INSTALLER'), 'w').close()
    else:
        for name in ('__init__.py', 'api.py', os.path.basename(path) + '_core.py'): open(os.path.join(path, name), 'w').close()
os.mkdir(os.path.join(site, 'all-1.dist-info'))
open(os.path.join(site, 'all-1.dist-info', 'INSTALLER'), 'w').close()
with open(os.path.join(site, 'all-1.dist-info', 'RECORD'), 'w') as file:
    for name in sys.argv[2:]: file.write(name + '/api.py,,\\n')
for name in sys.argv[2:]:
    path = os.path.join(site, name)
    if not os.path.exists(path): put(path)
    aside = AdjacentTempDirectory(path).path
    os.rmdir(aside)
    os.rename(path, aside)
    put(path)
    moved.append([os.path.basename(aside), name])
print(json.dumps(moved))
`;

describe.skipIf(pip.skip)(`what pip moves aside${pip.note}`, () => {
  test('is known again, however often the same package was', async () => {
    const site = join(folderForTest(), 'lib', 'python3.12', 'site-packages');
    mkdirSync(site, { recursive: true });
    const names = ['requests', 'requests', 'requests', 'requests-2.0.dist-info', 'six', 'a1', '_cffi'];
    const said = execFileSync(String(python), ['-c', moveAside, site, ...names]).toString();
    const moved = JSON.parse(said) as readonly (readonly [string, string])[];
    for (const [aside, name] of moved) {
      expect({ aside, could: couldBeAside(aside, name) }).toEqual({ aside, could: true });
      expect(couldBeAside(aside, `${name}x`)).toBe(false);
      expect(couldBeAside(name, name)).toBe(false);
    }
    const { findings } = await findToolLeftovers({
      places: [],
      projects: [join(site, '..', '..', '..')],
      temporary: null,
      sampleGapMs: 20,
      now: () => Date.now() + hours(1),
      processes: () => [],
    });
    const expected = moved.map(([aside, name]) => [join(site, aside), 'safe', join(site, name)]);
    expect(findings.map(({ path, cleaning, original }) => [path, cleaning, original])).toEqual(expected.sort());
  });
});
