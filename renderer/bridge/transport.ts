import type { FromPage, ToPage } from '../../shared/wire.ts';

/** What a transport tells. `up` may come again after `down`: the other side is then a new one that knows nothing. */
export interface Line {
  up(send: (message: FromPage) => void): void;
  message(message: ToPage): void;
  down(): void;
}

/** Carries messages to a door. Connects by itself, and again after a loss. */
export type Transport = (line: Line) => void;
