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

/**
 * A setting of a `.yarnrc` of Yarn 1: `cache-folder "/there"`. It is written as Yarn's lock files are, a format of its
 * own: what is written in any other way than this counts as not set.
 */
export const yarnrcText = (text: string, key: string): string | null => {
  for (const line of text.split(/\r\n|\n/)) {
    const found = /^(?:"([^"]+)"|([\w.-]+))[ :]+(.+)$/.exec(line);
    if (found === null || (found[1] ?? found[2]) !== key) continue;
    const value = (found[3] ?? '').trim();
    return value.startsWith('"') ? quoted(value) : (/^[a-zA-Z/.\\~-][^\s,]*/.exec(value)?.[0] ?? null);
  }
  return null;
};
