import { fromVariable } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { xmlElements } from '../settings-xml.ts';
import { localAppData, pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** A person's own NuGet.Config. Those above a project move the folder for that project only (learn.microsoft.com/nuget). */
const files = (surroundings: Surroundings): readonly string[] => {
  const { join } = pathsOf(surroundings);
  const { home } = surroundings;
  if (surroundings.platform === 'win32')
    return [join(variable(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'), 'NuGet', 'NuGet.Config')];
  return [
    join(home, '.nuget', 'NuGet', 'NuGet.Config'),
    join(variable(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'NuGet', 'NuGet.Config'),
  ];
};

/** `%NAME%` is replaced on every system. */
const expanded = (value: string, surroundings: Surroundings): string =>
  value.replace(/%([^%]+)%/g, (whole: string, name: string) => variable(surroundings, name) ?? whole);

/** `globalPackagesFolder`; a relative one is below its file's own folder. `clear` takes back what stood before it. */
const fromFile = (surroundings: Surroundings, file: string): Setting | null => {
  const { resolve, dirname } = pathsOf(surroundings);
  let value: string | null = null;
  for (const { path, attributes } of xmlElements(surroundings.readText(file) ?? '')) {
    if (path === 'configuration/config/clear') value = null;
    if (path === 'configuration/config/add' && attributes['key']?.toLowerCase() === 'globalpackagesfolder')
      value = attributes['value'] ?? null;
  }
  if (value === null || value === '') return null;
  const where = `globalPackagesFolder in ${withTilde(surroundings, file)}`;
  return { value: resolve(dirname(file), expanded(value, surroundings)), because: where, where };
};

/** NUGET_PACKAGES, NuGet.Config, `~/.nuget/packages` (SettingsUtility, GetGlobalPackagesFolder). Never throws. */
export const nugetRoot = (surroundings: Surroundings): Root =>
  rootFrom(
    'NuGet',
    fromVariable(surroundings, 'NUGET_PACKAGES') ??
      files(surroundings).reduce<Setting | null>((found, file) => found ?? fromFile(surroundings, file), null),
    pathsOf(surroundings).join(surroundings.home, '.nuget', 'packages'),
    surroundings,
  );

/** Where the folders of downloads stand; NUGET_HTTP_CACHE_PATH names one of them itself (NuGetEnvironment). Never throws. */
export const nugetHttpRoot = (surroundings: Surroundings): Root => {
  const { join } = pathsOf(surroundings);
  const data =
    surroundings.platform === 'win32'
      ? localAppData(surroundings)
      : (variable(surroundings, 'XDG_DATA_HOME') ?? join(surroundings.home, '.local', 'share'));
  return rootFrom('NuGet', fromVariable(surroundings, 'NUGET_HTTP_CACHE_PATH'), join(data, 'NuGet'), surroundings);
};
