import { z } from 'zod';
import type { Identity as IdentityOf } from './identity.ts';

/**
 * Opaque handles. The disk side makes them, the other sides only hand them back: no door and no page
 * ever names a path to act on. Each is a short prefix and the hex of a hash or of random bytes.
 */
const id = <Brand extends string>(prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{12,32}$`))
    .brand<Brand>();

export const CacheId = id<'CacheId'>('c');
export const UnitId = id<'UnitId'>('u');
export const EntryId = id<'EntryId'>('e');
export const PlanId = id<'PlanId'>('p');
export const OperationId = id<'OperationId'>('o');
export const LeftoverId = id<'LeftoverId'>('l');
/** Entries or a tree that core holds open for a page. */
export const ViewId = id<'ViewId'>('v');

export type CacheId = z.infer<typeof CacheId>;
export type UnitId = z.infer<typeof UnitId>;
export type EntryId = z.infer<typeof EntryId>;
export type PlanId = z.infer<typeof PlanId>;
export type OperationId = z.infer<typeof OperationId>;
export type LeftoverId = z.infer<typeof LeftoverId>;
export type ViewId = z.infer<typeof ViewId>;

/** An {@link Identity} as it arrives from outside. */
export const Identity = z
  .object({
    dev: z.union([z.number(), z.string()]),
    ino: z.union([z.number(), z.string()]),
  })
  .readonly() satisfies z.ZodType<IdentityOf>;
