import type { ApiError, ErrorCode } from '../../../shared/errors.ts';
import type { Holder, Plan, PlanStep } from '../../../shared/model.ts';
import { bytes, counted, moment, place } from '../../../shared/words.ts';
import { accent, bad, indented, type Line } from './lines.ts';
import { type Column, table } from './table.ts';

const columns = (home: string): readonly Column<PlanStep>[] => [
  { title: '  Rename', cell: ({ rename }) => `  ${place(rename.from, home)}`, shrinks: true },
  { title: 'To, and then delete', cell: ({ rename }) => place(rename.to, home), shrinks: true },
];

/** A process that is using a cache: `1234 npm install, since …: its evidence`. */
export const holderText = ({ pid, command, since, evidence }: Holder): string =>
  `${pid} ${command}${since === null ? '' : `, since ${moment(since)}`}: ${evidence}`;

export const refusalText = ({ message, path }: ApiError, home: string): string =>
  path === undefined || message.includes(path) ? message : `${place(path, home)}: ${message}`;

const useCodes: ReadonlySet<ErrorCode> = new Set(['in-use', 'cannot-tell', 'locked']);

/** What the person's words --even-if-in-use and --wait are about. */
export const isAboutUse = ({ code }: ApiError): boolean => useCodes.has(code);

/** What a person said of a cache that is in use. */
export type Agreed = 'when-unused' | 'when-idle' | 'even-if-in-use';

const instead: { readonly [Word in Agreed]: readonly string[] } = {
  'when-unused': [],
  'when-idle': ['It is cleared as soon as it is idle.'],
  'even-if-in-use': ['It is cleared all the same, as you said.'],
};

const section = (title: Line, lines: readonly string[]): readonly Line[] =>
  lines.length === 0 ? [] : [title, ...indented(lines)];

const usageText = {
  'in-use': 'In use.',
  idle: 'Nobody is using it.',
  'cannot-tell': 'Cannot tell whether it is in use.',
};

/** Exactly what a clear will do, for a person to read before it is done. `agreed`: what they said of one that is in use. */
export const planLines = (
  plan: Plan,
  home: string,
  room: number | null,
  agreed: Agreed = 'when-unused',
): readonly Line[] => [
  ...(plan.steps.length === 0 ? ['Nothing would be renamed.'] : table(columns(home), plan.steps, room)),
  ...(plan.steps.length === 0
    ? []
    : [
        `${counted(plan.steps.length, 'rename')}; clearing gives back ${bytes(plan.bytes.reclaimable)} of ${bytes(plan.bytes.allocated)}.`,
      ]),
  ...section(
    accent('Stays:'),
    plan.keeps.map(({ path, why }) => `${place(path, home)}: ${why}`),
  ),
  ...(plan.steps.length > 0 || plan.usage !== 'idle' ? [usageText[plan.usage]] : []),
  ...section(accent('In use by:'), plan.holders.map(holderText)),
  ...section(accent('How we know:'), plan.usage === 'idle' ? [] : plan.evidence),
  ...section(
    bad('Refused:'),
    plan.refusals
      .filter((it) => agreed === 'when-unused' || !isAboutUse(it))
      .map((refusal) => refusalText(refusal, home)),
  ),
  ...(plan.refusals.some(isAboutUse) ? instead[agreed] : []),
];
