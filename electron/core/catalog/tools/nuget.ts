import { join } from 'node:path';
import type { Child, Reader } from '../../fs/reader.ts';
import { programWords } from '../command-line.ts';
import { nugetAnswers, nugetPackages } from '../decode/nuget-entries.ts';
import { childrenOf } from '../decode/walk.ts';
import { byPath } from '../parts/by-path.ts';
import { litter, stranger, unitPath, unknownNames, workingCopy } from '../shape.ts';
import type { Tool, UnitDefinition } from '../tool.ts';
import { nugetHttpRoot, nugetRoot } from './nuget-root.ts';

const isVersion = ({ kind, name }: Child): boolean => kind === 'directory' && /^\d+(?:\.\d+)+(?:[-+].*)?$/.test(name);
const isId = ({ kind, name }: Child): boolean =>
  kind === 'directory' && /^[a-z0-9_][a-z0-9_.-]*$/.test(name) && !/\.(?:stale|deleting)-\d/.test(name);

/** A folder for each package, named in small letters, with its versions in it (VersionFolderPathResolver). */
const isPackage = (child: Child, read: Reader): boolean => isId(child) && childrenOf(read, child.path).some(isVersion);

const units = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter((child) => isPackage(child, read))
    .map(({ name }) => ({ name, kind: 'directory', rewritten: 'nothing' }));

/** `dotnet run` and `dotnet watch` restore first, and then are the parent of what a person works with. */
const works: Tool['works'] = (argv) => {
  const [program, ...words] = programWords(argv);
  const name = program?.replace(/\.exe$/i, '').toLowerCase();
  const command = words.find((word) => !word.startsWith('-')) ?? '';
  if (name === 'nuget') return /^(?:restore|install|update|locals|push)$/.test(command);
  if (name === 'msbuild') return true;
  if (name !== 'dotnet') return false;
  if (/^(?:run|watch)$/.test(command)) return 'while-alone';
  return /^(?:restore|build|publish|pack|test|add|package|nuget|tool|workload|new|msbuild|clean)$|[/\\]MSBuild\.dll$/.test(
    command,
  );
};

/** NuGet's packages, unpacked. Layout: learn.microsoft.com/nuget, managing the global packages folder; VersionFolderPathResolver. */
export const nuget: Tool = {
  id: 'nuget',
  name: 'NuGet',
  sources: ['learn.microsoft.com/nuget, managing the global packages folder', 'NuGet, VersionFolderPathResolver'],
  what: 'Packages of .NET that NuGet has downloaded and unpacked, a folder for each with its versions in it.',
  cost: 'Projects use these folders as they are: until dotnet restore has run again, none of them builds. Without a network it cannot.',
  command: 'dotnet nuget locals global-packages --clear',
  own: {
    argv: ['dotnet', 'nuget', 'locals', 'global-packages', '--clear'],
    does: 'It deletes the whole folder, with copies set aside in it that could still be undone.',
    better: null,
  },
  links:
    'Projects lead here (obj/project.assets.json) and hold no copies: a clear breaks their builds until the next dotnet restore.',
  root: nugetRoot,
  units,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      units(root, read).map(({ name }) => name),
      (name) => (name === '.tools' ? 'Programs that your projects run.' : 'Not a package of NuGet’s.'),
    ),
  recognise: (root, read) => {
    const found = childrenOf(read, root)
      .filter(isId)
      .find(({ path }) =>
        childrenOf(read, path).some(
          (child) => isVersion(child) && read.facts(join(child.path, '.nupkg.metadata')) !== null,
        ),
      );
    return found === undefined ? null : `It holds ${found.name} with .nupkg.metadata in it, as NuGet unpacks packages.`;
  },
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    return (
      workingCopy(children) ??
      stranger(children, (child) => isVersion(child) || litter(child), 'a version of a package')
    );
  },
  works,
  parts: byPath(),
  entries: (root, unit, read) => nugetPackages(unitPath(root, unit), unit.name, read),
};

/** `670c1461c29885f9aa22c281d8b7da90845b38e4$ps:_api.nuget.org_v3_index.json` */
const isSource = ({ kind, name }: Child): boolean => kind === 'directory' && /^[0-9a-f]{40}\$/.test(name);
const isFolder = ({ kind, name }: Child): boolean => kind === 'directory' && /^(?:http|v3|plugins)-cache$/.test(name);

const httpUnits = (root: string, read: Reader): readonly UnitDefinition[] =>
  childrenOf(read, root)
    .filter((child) => isFolder(child) || isSource(child))
    .map(({ name }) => ({ name, kind: 'directory', rewritten: 'anything' }));

/** What NuGet has downloaded, packed, and answers of its sources (Protocol/HttpSource/HttpCacheUtility). */
export const nugetHttp: Tool = {
  id: 'nuget-http',
  name: 'NuGet downloads',
  sources: ['NuGet, Protocol/HttpSource/HttpCacheUtility'],
  what: 'Answers of package sources and packages as NuGet has downloaded them. They count as fresh for half an hour.',
  cost: 'NuGet asks its sources again, and downloads again what is not unpacked yet.',
  command: 'dotnet nuget locals http-cache --clear',
  own: {
    argv: ['dotnet', 'nuget', 'locals', 'http-cache', '--clear'],
    does: 'It deletes all answers and downloads, and leaves what plugins keep.',
    better: null,
  },
  root: nugetHttpRoot,
  units: httpUnits,
  keeps: (root, read) =>
    unknownNames(
      root,
      read,
      httpUnits(root, read).map(({ name }) => name),
      (name) =>
        /^nuget\.config$/i.test(name)
          ? 'Your settings of NuGet, often with passwords.'
          : 'Not one of the folders that NuGet downloads to.',
    ),
  recognise: (root, read) => {
    const found = [root, join(root, 'http-cache'), join(root, 'v3-cache')]
      .flatMap((dir) => childrenOf(read, dir))
      .find(isSource);
    return found === undefined ? null : `It holds ${found.name}, as NuGet names the answers of a source.`;
  },
  contradiction: (root, unit, read) => {
    const children = childrenOf(read, unitPath(root, unit));
    const fits = ({ kind, name }: Child): boolean => kind === 'file' && /\.dat(?:-new)?$/.test(name);
    const belongs = (child: Child): boolean =>
      litter(child) ||
      isSource(child) ||
      (isSource({ ...child, name: unit.name, kind: 'directory' }) && fits(child)) ||
      (unit.name === 'plugins-cache' && child.kind === 'directory');
    return workingCopy(children) ?? stranger(children, belongs, 'a name that NuGet gives there');
  },
  works,
  parts: byPath(),
  entries: (root, unit, read) => nugetAnswers(unitPath(root, unit), read),
};
