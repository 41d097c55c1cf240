import { fromVariable, literally } from '../named-setting.ts';
import type { Setting } from '../root.ts';
import { pathsOf, variable, withTilde } from '../surroundings.ts';
import type { Surroundings } from '../tool.ts';

/** The file that `go env -w` writes: `$GOENV`, or `go/env` where programs keep settings (cmd/go/internal/cfg, os.UserConfigDir). */
const settingsFile = (surroundings: Surroundings): string | null => {
  const { join } = pathsOf(surroundings);
  const { home } = surroundings;
  const named = variable(surroundings, 'GOENV');
  if (named !== undefined) return named === 'off' ? null : named;
  switch (surroundings.platform) {
    case 'win32':
      return join(variable(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'), 'go', 'env');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'go', 'env');
    default:
      return join(variable(surroundings, 'XDG_CONFIG_HOME') ?? join(home, '.config'), 'go', 'env');
  }
};

/** `NAME=value` from the first column on; go leaves out every line that begins otherwise. The last one counts. */
const written = (text: string, name: string): string | null => {
  const values = text
    .split(/\r?\n/)
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1).trim());
  return values.at(-1) || null;
};

/** A setting of go as `go env` finds it: the variable, then what `go env -w` wrote. Null when neither says it. Never throws. */
export const goSetting = (surroundings: Surroundings, name: string): Setting | null => {
  const set = fromVariable(surroundings, name);
  if (set !== null) return set;
  const file = settingsFile(surroundings);
  const text = file === null ? null : surroundings.readText(file);
  const value = file === null || text === null ? null : written(text, name);
  if (file === null || value === null) return null;
  const where = `${name} in ${withTilde(surroundings, file)}`;
  return { value: literally(value, surroundings), because: where, where };
};

/** `~` and `C:\…` aside, the programs that compile and link stand in a folder of their own (go env GOTOOLDIR). */
const toolchain = /[/\\]pkg[/\\]tool[/\\][\w.-]+[/\\](?:compile|link|asm|cgo|vet|cover|buildid)(?:\.exe)?$/;

/** Commands that fetch, read or build packages (cmd/go). */
const working = /^(?:build|clean|fix|generate|get|install|list|mod|test|vet|work|tool|download|doc)$/;

/**
 * Is this go, building or fetching? `go run` counts until it has built: it is the parent of what it runs, which may be
 * a server that runs all day. A language server counts where it is named in `others`.
 */
export const goWorks =
  (others: RegExp) =>
  (argv: readonly string[], words: readonly string[]): boolean | 'while-alone' => {
    if (toolchain.test(argv[0] ?? '')) return true;
    const [program = '', ...rest] = words;
    const name = program.replace(/\.exe$/, '');
    if (others.test(name)) return !rest.some((word) => /^(?:-v|--?version|version|--?help|help)$/.test(word));
    if (!/^go(?:\d+(?:\.\d+)*(?:rc\d+|beta\d+)?)?$/.test(name)) return false;
    const command = rest.find((word, at) => !word.startsWith('-') && rest[at - 1] !== '-C') ?? '';
    return command === 'run' ? 'while-alone' : working.test(command);
  };
