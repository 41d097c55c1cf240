import { fromVariable, literally } from '../named-setting.ts';
import { rootFrom, type Setting } from '../root.ts';
import { xmlElements } from '../settings-xml.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Root, Surroundings } from '../tool.ts';

/** `-Dmaven.repo.local=…` among a variable's words; the last one counts. MAVEN_ARGS are those of Maven 3.9 and later. */
const fromOptions = (surroundings: Surroundings, name: string): Setting | null => {
  const words = fromVariable(surroundings, name);
  const found = [...(words?.value ?? '').matchAll(/(?:^|\s)-Dmaven\.repo\.local=(?:"([^"]*)"|'([^']*)'|(\S+))/g)].at(
    -1,
  );
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  if (value === undefined || value === '') return null;
  const where = `maven.repo.local in ${name}`;
  return { value: literally(value, surroundings), because: where, where };
};

/** The global file stands beside the mvn that is run: `<home of Maven>/conf/settings.xml`, `bin/mvn`. */
const homesOfMaven = (surroundings: Surroundings): readonly string[] => {
  const { join, dirname, delimiter } = pathsOf(surroundings);
  const program = surroundings.platform === 'win32' ? 'mvn.cmd' : 'mvn';
  const named = ['MAVEN_HOME', 'M2_HOME'].map((name) => variable(surroundings, name));
  const found = (variable(surroundings, 'PATH') ?? '')
    .split(delimiter)
    .find((dir) => dir !== '' && surroundings.readText(join(dir, program)) !== null);
  const linked = surroundings.platform === 'linux' ? ['/usr/share/maven'] : [];
  return [...named, found && dirname(found), ...linked].filter((it): it is string => it !== undefined && it !== '');
};

/** Maven replaces these two in its settings; what is not set stays as it is written. */
const interpolated = (text: string, surroundings: Surroundings): string =>
  text.replace(/\$\{(?:(user\.home)|env\.([^}]+))\}/g, (whole: string, home?: string, name = '') =>
    home === undefined ? (variable(surroundings, name) ?? whole) : surroundings.home,
  );

const fromFile = (surroundings: Surroundings, file: string): Setting | null => {
  const text = surroundings.readText(file);
  const found = text === null ? [] : xmlElements(text).filter(({ path }) => path === 'settings/localRepository');
  const value = found.map((element) => element.text).find((it) => it !== '');
  if (value === undefined) return null;
  const where = `localRepository in ${withTilde(surroundings, file)}`;
  return { value: literally(interpolated(value, surroundings), surroundings), because: where, where };
};

/**
 * Where Maven's local repository is: `maven.repo.local` of MAVEN_ARGS and MAVEN_OPTS, a person's settings.xml, the
 * installation's, `~/.m2/repository` (maven-embedder MavenCli, maven.apache.org/settings). What a project says
 * (`.mvn/`) moves it for that project only. Never throws.
 */
export const mavenRoot = (surroundings: Surroundings): Root => {
  const { join } = pathsOf(surroundings);
  const own = join(surroundings.home, '.m2');
  const files = [
    join(own, 'settings.xml'),
    ...homesOfMaven(surroundings).map((dir) => join(dir, 'conf', 'settings.xml')),
  ];
  const setting =
    fromOptions(surroundings, 'MAVEN_ARGS') ??
    fromOptions(surroundings, 'MAVEN_OPTS') ??
    files.reduce<Setting | null>((found, file) => found ?? fromFile(surroundings, file), null);
  return rootFrom('Maven', setting, join(own, 'repository'), surroundings);
};
