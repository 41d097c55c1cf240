import type { ApiError } from '../../../shared/errors.ts';

/** A question to a thread. */
export interface Ask {
  readonly id: number;
  readonly name: string;
  readonly arg: unknown;
}

/** What a thread says: an answer, an error instead of one, or news that nobody asked for. */
export type Said<News> =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ApiError }
  | { readonly type: 'news'; readonly news: News };

/** One method of a thread, for a table of them whose arguments the compiler knows. */
export type Method = (arg: never) => unknown;
