import type { CommandId } from '../../shared/commands.ts';
import type { ToPage } from '../../shared/wire.ts';

/** The one pair of channels between the page's preload script and this process. */
export const fromPage = 'cache-inspector:from-page';
export const toPage = 'cache-inspector:to-page';

/** What this process sends to the preload script. The other way is {@link FromPreload} in envelope.ts. */
export type ToPreload = { readonly said: ToPage } | { readonly command: CommandId };
