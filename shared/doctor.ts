/* What the program says of itself and of this machine. */

/** Something the person must be told once, a quarantined history for instance. */
export interface Notice {
  readonly level: 'info' | 'warning';
  readonly message: string;
}

export interface Doctor {
  readonly versions: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, string>>;
  readonly guarantees: readonly { readonly name: string; readonly holds: boolean; readonly how: string }[];
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  readonly notices: readonly Notice[];
}

export const checkResults = ['holds', 'fails', 'not-here'] as const;

/** One thing that was tried on this machine, in a temporary place. */
export interface Check {
  readonly name: string;
  /** `not-here`: it cannot be tried on this machine, or not by this user; `how` says why. */
  readonly result: (typeof checkResults)[number];
  /** What was done and seen, in words. */
  readonly how: string;
  readonly ms: number;
}

/** What the platform guarantees, found out by trying. */
export interface SelfTest {
  readonly place: string;
  readonly checks: readonly Check[];
}
