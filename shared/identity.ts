/**
 * Which directory or file a path meant when somebody looked: device and inode number.
 * A number too large for a double (Windows file ids) is its decimal text.
 *
 * By itself in this file, since threads that only walk trees should not have to load a library of schemas.
 */
export interface Identity {
  readonly dev: number | string;
  readonly ino: number | string;
}

export const sameIdentity = (a: Identity, b: Identity): boolean =>
  String(a.dev) === String(b.dev) && String(a.ino) === String(b.ino);
