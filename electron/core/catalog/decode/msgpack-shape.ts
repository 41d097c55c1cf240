/** A response is a map of maps; whoever nests deeper is up to something. */
const deepest = 32;
/** Headers, flags and such; no response has more. */
const mostValues = 50_000;

/** How many bytes a value's head has behind its first byte, then how many bytes and values follow; null: there is no such type. */
const headOf = (type: number, bytes: Buffer, at: number): { head: number; data: number; values: number } | null => {
  const sized = (head: 1 | 2 | 4): number => (at + head > bytes.length ? Number.NaN : bytes.readUIntBE(at, head));
  const plain = (data: number) => ({ head: 0, data, values: 0 });
  if (type < 0x80 || type >= 0xe0 || type === 0xc0 || type === 0xc2 || type === 0xc3) return plain(0);
  if (type < 0x90) return { head: 0, data: 0, values: 2 * (type & 0x0f) };
  if (type < 0xa0) return { head: 0, data: 0, values: type & 0x0f };
  if (type < 0xc0) return plain(type & 0x1f);
  if (type >= 0xc4 && type <= 0xc6) return sizedData([1, 2, 4] as const, type - 0xc4, sized, 0);
  if (type >= 0xc7 && type <= 0xc9) return sizedData([1, 2, 4] as const, type - 0xc7, sized, 1);
  if (type === 0xca || type === 0xcb) return plain(type === 0xca ? 4 : 8);
  if (type >= 0xcc && type <= 0xd3) return plain(2 ** ((type - 0xcc) % 4));
  if (type >= 0xd4 && type <= 0xd8) return plain(1 + 2 ** (type - 0xd4));
  if (type >= 0xd9 && type <= 0xdb) return sizedData([1, 2, 4] as const, type - 0xd9, sized, 0);
  if (type >= 0xdc && type <= 0xdf) {
    const head = type % 2 === 0 ? 2 : 4;
    return { head, data: 0, values: sized(head) * (type < 0xde ? 1 : 2) };
  }
  return null;
};

const sizedData = (
  heads: readonly [1, 2, 4],
  which: number,
  sized: (head: 1 | 2 | 4) => number,
  more: number,
): { head: number; data: number; values: number } => {
  const head = heads[which] ?? 4;
  return { head, data: sized(head) + more, values: 0 };
};

/**
 * Why msgpack is not worth unpacking, as part of a sentence: it nests too deep, holds very many values or ends too early.
 * Null when it is small and whole. Takes no memory, and time by the number of values only. Never throws.
 */
export const msgpackProblem = (bytes: Buffer): string | null => {
  /** How many values are still to come, by depth. */
  const open: number[] = [1];
  let at = 0;
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > mostValues) return 'it holds more values than a response has';
    if (open.length > deepest) return 'it nests deeper than a response does';
    const type = bytes[at];
    if (type === undefined) return 'it is cut short';
    const said = headOf(type, bytes, at + 1);
    if (said === null) return 'it holds a value of no type';
    at += 1 + said.head + said.data;
    // What is not a number was told by bytes that are not there.
    if (!(at <= bytes.length)) return 'it is cut short';
    open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    if (said.values > 0) open.push(said.values);
    while (open.length > 0 && (open.at(-1) ?? 0) <= 0) open.pop();
  }
  return null;
};
