/** Why something was not done because it must not be: nothing was touched. The terminal exits with 3. */
export const refusalCodes = [
  'protected-place',
  'symbolic-link',
  'mount-point',
  'mount-inside',
  'read-only',
  'not-a-directory',
  'foreign-owner',
  'no-evidence',
  'version-controlled',
  'unusable-path',
  'name-too-long',
  'unknown-cache',
  'in-use',
  'cannot-tell',
  'locked',
  'not-lockable',
  'changed',
  'not-undoable',
  'recreated',
  'look-first',
  'not-separable',
  'precious',
] as const;

/** What was asked for makes no sense: wrong words, unknown ids. The terminal exits with 2. */
export const usageCodes = ['invalid-argument', 'unknown-target', 'ambiguous', 'not-available'] as const;

/** It was tried and did not work out. The terminal exits with 1. */
export const failureCodes = [
  'plan-expired',
  'view-expired',
  'disconnected',
  'store-unavailable',
  'io',
  'cancelled',
  'helper-died',
  'internal',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];
export type ErrorCode = RefusalCode | (typeof usageCodes)[number] | (typeof failureCodes)[number];

/** An error as every door carries it: a stable code, a sentence for a person with the next step in it. */
export interface ApiError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly detail?: string;
}

/** What every call answers. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (error: ApiError): Result<never> => ({ ok: false, error });

export type ErrorKind = 'refusal' | 'usage' | 'failure';

const kinds = new Map<ErrorCode, ErrorKind>([
  ...refusalCodes.map((code) => [code, 'refusal'] as const),
  ...usageCodes.map((code) => [code, 'usage'] as const),
  ...failureCodes.map((code) => [code, 'failure'] as const),
]);

/** Tells what sort of 'no' a code is, so that doors need no list of their own. */
export const errorKind = (code: ErrorCode): ErrorKind => kinds.get(code) ?? 'failure';

/** An {@link ApiError} on its way up inside one process. The dispatcher turns it back into a value. */
export class CodedError extends Error implements ApiError {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly detail?: string;

  constructor(error: ApiError) {
    super(error.message);
    this.name = 'CodedError';
    this.code = error.code;
    if (error.path !== undefined) this.path = error.path;
    if (error.detail !== undefined) this.detail = error.detail;
  }
}
