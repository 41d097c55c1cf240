import { fs } from './seam.ts';

/** The login names of this machine by number, from /etc/passwd. Those of a directory service are not in it. */
const loginNames = (): ReadonlyMap<number, string> => {
  let text: string;
  try {
    text = fs.readFileSync('/etc/passwd', 'utf8');
  } catch {
    return new Map();
  }
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    // The first line with a number is the one that the system names it by.
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
};

/** Who a user number is, in words: `root`, `the user anna (1000)`, or the number alone where it has no name here. */
export const userWords = (uid: number): string => {
  if (uid === 0) return 'root';
  const name = loginNames().get(uid);
  return name === undefined ? `the user with number ${uid}` : `the user ${name} (${uid})`;
};

/** The mode as `chmod` takes it: `0755`, `1777`. */
export const modeWords = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');
