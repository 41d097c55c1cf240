/**
 * One text setting out of files whose formats are larger than what is asked of them here: a whole parser of TOML or
 * YAML for the one line that names a folder would be a dependency each. What is written in any other way than those
 * read here counts as not set.
 */

const quoted = (text: string): string | null => {
  const basic = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text)?.[1];
  if (basic !== undefined) {
    try {
      const value: unknown = JSON.parse(`"${basic}"`);
      return typeof value === 'string' ? value : null;
    } catch {
      return null;
    }
  }
  return /^'([^']*)'\s*(?:#.*)?$/.exec(text)?.[1] ?? null;
};

/** A text above the first table of a TOML file; null when it is not there. */
export const tomlText = (text: string, key: string): string | null => {
  for (const line of text.split(/\r\n|\n/)) {
    if (/^\s*\[/.test(line)) return null;
    const found = /^\s*(?:"([\w-]+)"|([\w-]+))\s*=\s*(.*)$/.exec(line);
    if (found !== null && (found[1] ?? found[2]) === key) return quoted((found[3] ?? '').trim());
  }
  return null;
};

/** A text on the top level of a YAML file; null when it is not there. */
export const yamlText = (text: string, key: string): string | null => {
  for (const line of text.split(/\r\n|\n/)) {
    const found = /^(["']?)([\w-]+)\1:(?:\s+(.*))?$/.exec(line);
    if (found?.[2] !== key) continue;
    const value = (found[3] ?? '').trim();
    if (/^["']/.test(value)) return quoted(value);
    const plain = value.replace(/(?:^|\s+)#.*$/, '');
    return plain === '' || /^[&*!|>{[%@`]/.test(plain) ? null : plain;
  }
  return null;
};

/** A setting of a `.yarnrc` of Yarn 1, which is written as its lock file is: `cache-folder "/there"`. */
export const yarnrcText = (text: string, key: string): string | null => {
  for (const line of text.split(/\r\n|\n/)) {
    const found = /^(?:"([^"]+)"|([\w.-]+))[ :]+(.+)$/.exec(line);
    if (found === null || (found[1] ?? found[2]) !== key) continue;
    const value = (found[3] ?? '').trim();
    return value.startsWith('"') ? quoted(value) : (/^[a-zA-Z/.\\~-][^\s,]*/.exec(value)?.[0] ?? null);
  }
  return null;
};
