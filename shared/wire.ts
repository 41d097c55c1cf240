import { z } from 'zod';
import { type EventName, type Events, isEventName } from './api.ts';
import type { Result } from './errors.ts';

/**
 * What a page and a door say to each other, over Electron's IPC and over a WebSocket alike. One batch of news is on
 * its way at a time: the next leaves when the page has acknowledged it, and what happens meanwhile is kept as the
 * newest state of each thing, never as a queue.
 */
export const FromPage = z.union([
  z.strictObject({ id: z.number().int().nonnegative(), call: z.string().max(100), args: z.unknown() }),
  /** All the events that the page wants to hear from now on; replaces what it said before. */
  z.strictObject({
    hear: z
      .array(
        z
          .string()
          .refine(isEventName, 'there is no such event')
          .transform((name) => name as EventName),
      )
      .max(100),
  }),
  z.strictObject({ ack: z.number().int().nonnegative() }),
]);
export type FromPage = z.infer<typeof FromPage>;

/** One piece of news with its name. */
export type News = { readonly [Name in EventName]: readonly [Name, Events[Name]] }[EventName];

export type ToPage =
  | { readonly id: number; readonly result: Result<unknown> }
  | { readonly batch: number; readonly news: readonly News[] };
