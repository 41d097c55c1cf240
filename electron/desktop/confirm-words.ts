import { type ByteUnits, formatBytes, formatDuration } from '../../shared/format.ts';
import type { Holder, OwnCommand, Plan } from '../../shared/model.ts';
import { counted } from '../../shared/words.ts';

/** How a clear was asked for. */
export interface Manner {
  readonly undoWindowMs: number;
  readonly evenIfInUse: boolean;
  /** How long it may wait for a cache that is in use; null: not at all. */
  readonly waitMs: number | null;
}

/** What a dialog of the system says before a clear. `verb` stands on the button that does it. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  readonly verb: string;
}

/** More lines would push the buttons of a native dialog off a small screen. */
const mostPaths = 5;
const mostHolders = 3;

const some = (items: readonly string[], most: number): readonly string[] =>
  items.length <= most ? items : [...items.slice(0, most), `… and ${items.length - most} more`];

const soon = (ms: number): string => (ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(ms));

const then = ({ undoWindowMs }: Manner): string =>
  undoWindowMs > 0
    ? `Each is set aside in one step and kept whole for ${soon(undoWindowMs)}: Undo puts everything back. Then it is deleted, and its tool fetches again what it needs.`
    : 'Each is set aside in one step and deleted at once. This cannot be undone. Its tool fetches again what it needs.';

const named = ({ pid, command }: Holder): string => `${command} (${pid})`;

const users = ({ usage, holders, evidence }: Plan, { evenIfInUse, waitMs }: Manner): readonly string[] => {
  if (usage === 'idle') return [];
  const found = holders.map(named);
  const who = found.length > 0 ? some(found, mostHolders).join(', ') : some(evidence, mostHolders).join('; ');
  const said =
    usage === 'in-use'
      ? `It is in use${who === '' ? '' : ` by ${who}`}.`
      : `Whether it is in use cannot be told${who === '' ? '' : `: ${who}`}.`;
  if (evenIfInUse) return [`${said} You chose to clear it anyway: what uses it now may fail.`];
  if (waitMs === null) return [said];
  return [`${said} It is cleared as soon as it is idle, if that is within ${soon(waitMs)}.`];
};

/** The question for a plan, in plain sentences, from the very object that will be carried out. */
export const questionFor = (plan: Plan, manner: Manner, units: ByteUnits): Question => {
  const { chosen } = plan;
  const paths = plan.steps.map(({ rename }) => rename.from);
  const bytes = plan.bytes.reclaimable;
  const size = bytes > 0 ? ` ${formatBytes(bytes, units)}` : '';
  const what =
    chosen !== null && chosen.count > 0
      ? counted(chosen.count, 'entry', 'entries')
      : paths.length === 1
        ? 'this cache'
        : `${paths.length} parts of caches`;
  const kept = plan.keeps.map(({ path }) => path);
  return {
    message: bytes > 0 ? `Clear ${what}?${size} comes back.` : `Clear ${what}?`,
    detail: [
      some(paths, mostPaths).join('\n'),
      then(manner),
      ...(kept.length > 0 ? [`Kept as it is: ${some(kept, mostPaths).join(', ')}.`] : []),
      ...users(plan, manner),
    ].join('\n\n'),
    verb: plan.usage !== 'idle' && manner.waitMs !== null ? 'Clear when idle' : `Clear${size}`,
  };
};

/** The question for a tool's own command. */
export const commandQuestion = ({ line, does, better }: OwnCommand): Question => ({
  message: `Run ‘${line}’?`,
  detail: [does, ...(better === null ? [] : [better]), 'It cannot be undone here.'].join('\n\n'),
  verb: 'Run it',
});
