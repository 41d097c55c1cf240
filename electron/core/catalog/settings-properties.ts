/**
 * Java's `.properties` (java.util.Properties, load): `=`, `:` or a blank ends a key, `#` and `!` begin a comment, a
 * backslash escapes what follows or joins a line with the next. Never throws; of keys that stand twice the last counts.
 */
export const parseProperties = (text: string): ReadonlyMap<string, string> => {
  const settings = new Map<string, string>();
  const lines = text.split(/\r\n|\r|\n/);
  for (let at = 0; at < lines.length; at += 1) {
    let line = (lines[at] ?? '').trimStart();
    if (line === '' || /^[#!]/.test(line)) continue;
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
      at += 1;
      line = line.slice(0, -1) + (lines[at] ?? '').trimStart();
    }
    const [whole = '', key = ''] = /^((?:\\.|[^\\=:\s])*)\s*[=:]?\s*/s.exec(line) ?? [];
    settings.set(unescaped(key), unescaped(line.slice(whole.length)));
  }
  return settings;
};

const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code?: string, letter = '') =>
    code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
