import { expect, test } from 'vitest';
import { contradictions, keptBelow, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { androidStudio, jetbrains } from './jetbrains.ts';

/** By the pages of help on the directories used by the IDE, and PathManager. */
const precious = [
  ...[
    'LocalHistory/changes.storageData',
    'LocalHistory/changes.storageRecordIndex',
    'caches/content.dat.storageData',
    'caches/records.dat',
  ],
  ...[
    'tasks/x.tasks.zip',
    'workspace/x.xml',
    'projects/a/x',
    'testHistory/x',
    '.port',
    '.pid',
    'Maven/Indices/x',
    'settingsSync/.git/HEAD',
  ],
];
const cached = ['index/stubs/x', 'log/idea.log', 'tmp/x', 'jcef_cache/x', 'compile-server/x'];

const versions = (...names: readonly string[]): string =>
  layout(names.flatMap((name) => [...precious, ...cached].map((path) => `${name}/${path}`)));

test('Local History never is in a unit, nor what it rests on', async () => {
  const root = versions('IntelliJIdea2024.1', 'PyCharmCE2023.3');
  const units = unitNames(jetbrains, root);
  expect(units).toEqual(
    ['IntelliJIdea2024.1', 'PyCharmCE2023.3'].flatMap((it) =>
      ['index', 'compile-server', 'jcef_cache', 'tmp', 'log'].map((name) => `${it}/${name}`),
    ),
  );
  const kept = keptBelow(jetbrains, root);
  for (const path of precious.map((it) => `PyCharmCE2023.3/${it}`)) {
    expect([path, units.filter((unit) => path.startsWith(`${unit}/`))]).toEqual([path, []]);
    expect([path, Object.keys(kept).some((it) => path === it || path.startsWith(`${it}/`))]).toEqual([path, true]);
  }
  expect(kept['IntelliJIdea2024.1/LocalHistory']).toContain('what your files were like before');
  expect(kept['IntelliJIdea2024.1/caches']).toContain('throws your Local History away');
  expect(Object.values(contradictions(jetbrains, root)).every((it) => it === null)).toBe(true);
  expect(jetbrains.recognise(root, reader)).toContain('IntelliJIdea2024.1');
  expect((await toldIn(jetbrains, root)).filter((it) => it.includes('/log:'))).toEqual([
    'IntelliJIdea2024.1/log: file, idea.log null',
    'PyCharmCE2023.3/log: file, idea.log null',
  ]);
});

test('other programs of the vendor, and folders of a person, are left alone', () => {
  const root = layout([
    'Toolbox/apps/idea/bin/idea',
    'Chrome/Default/History',
    'Thesis2024.1/index/thesis.doc',
    'acp/log/x',
    'x2024.1/log/y',
  ]);
  expect(unitNames(jetbrains, root)).toEqual(['Thesis2024.1/index']);
  expect(Object.keys(keptBelow(jetbrains, root))).toEqual([]);
  expect(unitNames(jetbrains, layout(['Toolbox/log/x']))).toEqual([]);
});

test('logs alone are no IDE', () => {
  const root = layout(['Thesis2024.1/log/thesis.doc']);
  expect(jetbrains.recognise(root, reader)).toBeNull();
  expect(contradictions(jetbrains, root)['Thesis2024.1/log']).toContain('LocalHistory');
});

test('Android Studio is told by its name', () => {
  expect(androidStudio.recognise(versions('AndroidStudio2024.2'), reader)).not.toBeNull();
  expect(androidStudio.recognise(versions('GoLand2024.2'), reader)).toBeNull();
});

test.each<[string, Parameters<typeof placeOf>[1], string]>([
  ['Linux', { env: { XDG_CACHE_HOME: '/x' } }, '/x/JetBrains'],
  ['macOS', { platform: 'darwin' }, '/Users/ada/Library/Caches/JetBrains'],
  ['Windows', { platform: 'win32', env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\JetBrains'],
])('its place on %s', (_, given, path) => {
  expect(placeOf(jetbrains, given).path).toBe(path);
});

test.each<[string, boolean]>([
  ['/opt/idea/jbr/bin/java -Didea.paths.selector=IntelliJIdea2024.1 com.intellij.idea.Main', true],
  ['/opt/pycharm/bin/pycharm', true],
  ['C:\\idea\\bin\\idea64.exe', true],
  ['java -jar idea.jar', false],
  ['vim idea', false],
])('%s works with it: %s', (line, expected) => {
  expect(jetbrains.works?.(line.split(' '))).toBe(expected);
});
