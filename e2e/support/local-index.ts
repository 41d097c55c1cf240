import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type ArchiveFile, tarGz, zip } from './archives.ts';
import { type Answer, startServer } from './http-server.ts';

export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  readonly kind: 'wheel' | 'sdist';
  readonly requires?: readonly string[];
}

/** `needs-all` pulls in the others; `built` has to be built from source. */
export const somePackages: readonly PythonPackage[] = [
  { name: 'plain', version: '1.2.3', kind: 'wheel' },
  { name: 'under_score', version: '0.4.0rc1', kind: 'wheel' },
  { name: 'built', version: '2.0.1', kind: 'sdist' },
  { name: 'needs_all', version: '5.0', kind: 'wheel', requires: ['plain', 'under-score', 'built'] },
];

/** How the index speaks: HTML as of old, JSON, or JSON packed with gzip as PyPI sends it. */
export type IndexStyle = 'html' | 'json' | 'json-gzip';

export interface PythonIndex {
  /** What `--index-url` wants. */
  readonly url: string;
  readonly packages: readonly PythonPackage[];
  close(): Promise<void>;
}

const metadata = ({ name, version, requires = [] }: PythonPackage): string =>
  [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...requires.map((it) => `Requires-Dist: ${it}`),
    '',
    '',
  ].join('\n');

const wheelFiles = (pack: PythonPackage): readonly ArchiveFile[] => {
  const info = `${pack.name}-${pack.version}.dist-info`;
  return [
    { name: `${pack.name}/__init__.py`, data: `# ${pack.name}\n`.repeat(200) },
    { name: `${info}/METADATA`, data: metadata(pack) },
    { name: `${info}/WHEEL`, data: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
    {
      name: `${info}/RECORD`,
      data: [`${pack.name}/__init__.py,,`, `${info}/METADATA,,`, `${info}/WHEEL,,`, `${info}/RECORD,,`, ''].join('\n'),
    },
  ];
};

/** A build backend that is part of the sdist itself (PEP 517), so that building needs nothing from anywhere. */
const backend = (pack: PythonPackage): string => `
import os, zipfile
FILES = ${JSON.stringify(wheelFiles(pack).map(({ name, data }) => [name, data]))}
NAME = ${JSON.stringify(`${pack.name}-${pack.version}-py3-none-any.whl`)}

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(os.path.join(wheel_directory, NAME), "w") as archive:
        for name, data in FILES:
            archive.writestr(name, data)
    return NAME
`;

const sdistFiles = (pack: PythonPackage): readonly ArchiveFile[] => {
  const top = `${pack.name}-${pack.version}`;
  const project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  return [
    { name: `${top}/PKG-INFO`, data: metadata(pack) },
    { name: `${top}/pyproject.toml`, data: project },
    { name: `${top}/backend.py`, data: backend(pack) },
  ];
};

/** A wheel as a test would get it from anywhere. */
export const wheelOf = (pack: PythonPackage): Buffer => zip(wheelFiles(pack));
export const sdistOf = (pack: PythonPackage): Buffer => tarGz(sdistFiles(pack));

interface Served {
  readonly pack: PythonPackage;
  readonly file: string;
  readonly data: Buffer;
  readonly sha256: string;
}

const serve = (pack: PythonPackage): Served => {
  const data = pack.kind === 'wheel' ? wheelOf(pack) : sdistOf(pack);
  const file = `${pack.name}-${pack.version}${pack.kind === 'wheel' ? '-py3-none-any.whl' : '.tar.gz'}`;
  return { pack, file, data, sha256: createHash('sha256').update(data).digest('hex') };
};

const project = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const page = (served: Served, self: string, style: IndexStyle): Answer => {
  const name = project(served.pack.name);
  const url = `${self}/files/${served.file}`;
  const headers = { 'cache-control': 'max-age=600, public', vary: 'Accept, Accept-Encoding' };
  if (style === 'html')
    return {
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
      body: `<!DOCTYPE html><html><head><title>Links for ${name}</title></head><body><a href="${url}#sha256=${served.sha256}">${served.file}</a></body></html>`,
    };
  const json = JSON.stringify({
    meta: { 'api-version': '1.0' },
    name,
    files: [{ filename: served.file, url, hashes: { sha256: served.sha256 } }],
  });
  const type = { ...headers, 'content-type': 'application/vnd.pypi.simple.v1+json' };
  return style === 'json'
    ? { headers: type, body: json }
    : { headers: { ...type, 'content-encoding': 'gzip' }, body: gzipSync(json) };
};

/**
 * A simple index (PEP 503, PEP 691) on the loopback address with generated wheels and an sdist. pip caches what it
 * gets from there only with `--trusted-host 127.0.0.1`. Pips that do not ask for JSON get HTML. `before` is waited for
 * by each answer.
 */
export const startIndex = async (
  style: IndexStyle = 'json',
  packages: readonly PythonPackage[] = somePackages,
  before: () => Promise<unknown> = async () => null,
): Promise<PythonIndex> => {
  const served = packages.map(serve);
  const server = await startServer(async ({ url = '', headers }, self) => {
    await before();
    const found = served.find((it) => url === `/files/${it.file}` || url === `/simple/${project(it.pack.name)}/`);
    if (found === undefined) return null;
    if (url.startsWith('/simple/')) {
      const json = (headers.accept ?? '').includes('application/vnd.pypi.simple.v1+json');
      return page(found, self, json ? style : 'html');
    }
    return {
      headers: { 'cache-control': 'max-age=365000000, immutable, public', 'content-type': 'application/octet-stream' },
      body: found.data,
    };
  });
  return { url: `${server.url}/simple/`, packages, close: server.close };
};
