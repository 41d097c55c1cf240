import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  toldIn,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { nuget, nugetHttp } from './nuget.ts';

const metadata = JSON.stringify({
  version: 2,
  contentHash: 'AAAA',
  source: 'https://ada:secret@registry.example/v3/index.json',
});
/** By the documentation of the global packages folder, and VersionFolderPathResolver. */
const packages = {
  'newtonsoft.json/13.0.3/.nupkg.metadata': metadata,
  'newtonsoft.json/13.0.3/newtonsoft.json.13.0.3.nupkg': 'zip',
  'newtonsoft.json/13.0.3/lib/net6.0/Newtonsoft.Json.dll': 'dll',
  'newtonsoft.json/12.0.1-beta2/newtonsoft.json.nuspec': 'xml',
  'serilog/3.1.1/.nupkg.metadata': '{',
  '.tools/dotnet-ef/8.0.0/x': '',
  'Mine/1.0.0/thesis.doc': '',
  'notes/thesis.doc': '',
};

test('a package is a unit with its versions in it; what has no versions stays', async () => {
  const root = layout(packages);
  expect(unitNames(nuget, root)).toEqual(['newtonsoft.json', 'serilog']);
  expect(contradictions(nuget, root)).toEqual({ 'newtonsoft.json': null, serilog: null });
  expect(Object.keys(keptBelow(nuget, root)).sort()).toEqual(['.tools', 'Mine', 'notes']);
  expect(nuget.recognise(root, reader)).toContain('newtonsoft.json');
  const entries = await entriesIn(nuget, root);
  expect(entries.map(({ name, version, url, damaged }) => [name, version, url, damaged])).toEqual([
    ['newtonsoft.json', '12.0.1-beta2', null, expect.stringContaining('no .nupkg.metadata')],
    ['newtonsoft.json', '13.0.3', 'https://registry.example/v3/index.json', null],
    ['serilog', '3.1.1', null, expect.stringContaining('no JSON')],
  ]);
});

test('a package with a folder of a person in it contradicts', () => {
  const root = layout([...Object.keys(packages), 'serilog/mine/thesis.doc']);
  expect(contradictions(nuget, root)['serilog']).toContain('“mine”');
});

const source = `${'a1'.repeat(20)}$ps:_registry.example_v3_index.json`;

test('downloads and answers, by their source', async () => {
  const files = [
    `${source}/list_serilog_index.dat`,
    `${source}/nupkg_serilog.3.1.1.dat`,
    `${source}/service_index.dat`,
  ];
  const root = layout([...files.map((it) => `http-cache/${it}`), 'NuGet.Config', 'Migrations/1']);
  expect(unitNames(nugetHttp, root)).toEqual(['http-cache']);
  expect(contradictions(nugetHttp, root)).toEqual({ 'http-cache': null });
  expect(keptBelow(nugetHttp, root)['NuGet.Config']).toContain('settings');
  expect(nugetHttp.recognise(root, reader)).toContain(source);
  expect(await toldIn(nugetHttp, root)).toEqual([
    'http-cache: list, serilog null',
    'http-cache: download, serilog 3.1.1',
    'http-cache: answer, service_index.dat null',
  ]);
  const named = layout([...files, `${source}/../mine/thesis.doc`]);
  expect(unitNames(nugetHttp, named)).toEqual([source]);
  expect(contradictions(nugetHttp, named)).toEqual({ [source]: null });
  expect(contradictions(nugetHttp, layout([...files, `${source}/thesis.doc`]))[source]).toContain('thesis.doc');
});

const config = (body: string): string =>
  `\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<configuration><config>${body}</config></configuration>`;
const own = '/home/ada/.nuget/NuGet/NuGet.Config';
test.each<[string, Parameters<typeof placeOf>[1], string, string]>([
  ['nothing said', {}, '/home/ada/.nuget/packages', "NuGet's default place"],
  [
    'the environment',
    { env: { NUGET_PACKAGES: '/n' }, files: { [own]: config('<add key="globalPackagesFolder" value="/f"/>') } },
    '/n',
    'NUGET_PACKAGES is set',
  ],
  [
    'its file',
    { files: { [own]: config('<add key="GlobalPackagesFolder" value="/f" />') } },
    '/f',
    'globalPackagesFolder in ~/.nuget/NuGet/NuGet.Config',
  ],
  [
    'a relative folder',
    { files: { [own]: config('<add key="globalPackagesFolder" value="../p" />') } },
    '/home/ada/.nuget/p',
    'globalPackagesFolder in ~/.nuget/NuGet/NuGet.Config',
  ],
  [
    'a variable',
    { env: { BIG: '/b' }, files: { [own]: config('<add key="globalPackagesFolder" value="%BIG%/p" />') } },
    '/b/p',
    'globalPackagesFolder in ~/.nuget/NuGet/NuGet.Config',
  ],
  [
    'one that is taken back',
    { files: { [own]: config('<add key="globalPackagesFolder" value="/f" /><clear />') } },
    '/home/ada/.nuget/packages',
    "NuGet's default place",
  ],
  [
    'Windows',
    {
      platform: 'win32',
      env: { APPDATA: 'D:\\r' },
      files: { 'D:\\r\\NuGet\\NuGet.Config': config('<add key="globalPackagesFolder" value="E:\\p" />') },
    },
    'E:\\p',
    'globalPackagesFolder in D:\\r\\NuGet\\NuGet.Config',
  ],
  [
    'a broken file',
    { files: { [own]: '<configuration><config><add key="globalPackagesFolder"' } },
    '/home/ada/.nuget/packages',
    "NuGet's default place",
  ],
])('its place by %s', (_, given, path, because) => {
  expect(placeOf(nuget, given)).toMatchObject({ path, because });
});

test.each<[Parameters<typeof placeOf>[1], string]>([
  [{}, '/home/ada/.local/share/NuGet'],
  [{ env: { XDG_DATA_HOME: '/d' } }, '/d/NuGet'],
  [{ env: { NUGET_HTTP_CACHE_PATH: '/h' } }, '/h'],
  [{ platform: 'win32', env: { LOCALAPPDATA: 'D:\\l' } }, 'D:\\l\\NuGet'],
])('the place of downloads: %j', (given, path) => {
  expect(placeOf(nugetHttp, given).path).toBe(path);
});

test.each<[string, boolean | 'while-alone']>([
  ['/usr/bin/dotnet restore', true],
  ['dotnet build -c Release', true],
  ['dotnet exec /usr/share/dotnet/sdk/8.0.100/MSBuild.dll /nodemode:1', false],
  ['dotnet /usr/share/dotnet/sdk/8.0.100/MSBuild.dll /nodemode:1', true],
  ['dotnet run', 'while-alone'],
  ['dotnet server.dll', false],
  ['nuget restore', true],
])('%s works with it: %s', (line, expected) => {
  expect(nuget.works?.(line.split(' '))).toBe(expected);
});

test('a link in the place of a package is not looked into', () => {
  const elsewhere = layout(packages);
  const root = layout([`x -> ${join(elsewhere, 'serilog')}`]);
  expect(unitNames(nuget, root)).toEqual([]);
});
