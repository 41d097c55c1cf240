import ini from 'ini';

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The top-level settings of an `.npmrc`. Bare words (no `=`) and sections are left out: they hold no path.
 * npm reads these files with the same package, so quotes, comments and escapes mean what npm takes them to mean.
 */
export const parseNpmrc = (text: string): ReadonlyMap<string, string> => {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(ini.parse(text))) if (typeof value === 'string') settings.set(key, value);
  return settings;
};

/**
 * Python's configparser differs from `ini`: `key: value` too, nothing is unescaped, `;` and `#` begin a comment only
 * at the start of a line, a line indented deeper continues the value above. So each setting is handed on as `key="value"`
 * with the value as a JSON string, which `ini` gives back as it was.
 */
const fromPython = (text: string): string => {
  const lines: string[] = [];
  let key: string | null = null;
  let value: string[] = [];
  let indent = 0;
  const flush = (): void => {
    if (key !== null) lines.push(`${key}=${JSON.stringify(value.join('\n').trim())}`);
    key = null;
    value = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const spaces = line.length - line.trimStart().length;
    if (key !== null && spaces > indent) {
      value.push(line.trim());
      continue;
    }
    flush();
    const section = /^\s*\[([^\]]+)\]/.exec(line);
    if (section) {
      lines.push(`[${section[1]}]`);
      continue;
    }
    const setting = /^\s*([^=:]+)[=:](.*)$/.exec(line);
    // The brackets would make `ini` start a list; pip has no such keys.
    if (setting?.[1] === undefined || /[[\]"';#\\]/.test(setting[1])) continue;
    key = setting[1].trim();
    indent = spaces;
    value = [(setting[2] ?? '').trim()];
  }
  flush();
  return lines.join('\n');
};

/** As pip does with names of options: `Cache_Dir` and `--cache-dir` are `cache-dir` (pip/_internal/configuration.py). */
export const pipOptionName = (name: string): string => name.toLowerCase().replaceAll('_', '-').replace(/^--/, '');

/** One section of a pip configuration file: option names as pip normalises them, values as written. */
export const parsePipSection = (text: string, section: string): ReadonlyMap<string, string> => {
  const table: unknown = ini.parse(fromPython(text))[section];
  const settings = new Map<string, string>();
  if (isTable(table))
    for (const [key, value] of Object.entries(table))
      if (typeof value === 'string') settings.set(pipOptionName(key), value);
  return settings;
};
