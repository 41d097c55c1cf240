import { z } from 'zod';
import { type CommandId, commands, isCommandId } from '../../shared/commands.ts';

const commandIds = z
  .array(
    z
      .string()
      .refine(isCommandId, 'there is no such command')
      .transform((id) => id as CommandId),
  )
  .max(commands.length);

/** What a preload script may send. `say` is not looked into here: the page's session parses it. */
export const FromPreload = z.union([
  z.strictObject({ connect: z.literal(true) }),
  z.strictObject({ say: z.unknown() }),
  z.strictObject({ enable: commandIds }),
  z.strictObject({ contextMenu: commandIds }),
]);
export type FromPreload = z.infer<typeof FromPreload>;
