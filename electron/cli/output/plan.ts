import type { ApiError, ErrorCode } from '../../../shared/errors.ts';
import type { Entry, Holder, Plan, PlanChosen, PlanStep } from '../../../shared/model.ts';
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

const usageText = {
  'in-use': 'In use.',
  idle: 'Nobody is using it.',
  'cannot-tell': 'Cannot tell whether it is in use.',
};

const section = (title: Line, lines: readonly string[]): readonly Line[] =>
  lines.length === 0 ? [] : [title, ...indented(lines)];

/** So many lines of a plan are for what goes and for what stays: all of it is in --json. */
const mostLines = 15;

const entryColumns: readonly Column<Entry>[] = [
  { title: '  Entry', cell: ({ name, url, kind }) => `  ${name ?? url ?? kind}`, shrinks: true },
  { title: 'Version', cell: ({ version }) => version ?? '' },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Size', cell: (entry) => bytes(entry.bytes), align: 'right' },
];

const more = (all: number, shown: number): readonly string[] =>
  all > shown ? [`  and ${counted(all - shown, 'more', 'more')}`] : [];

/** What goes of single entries, and what of them stays. */
const chosenLines = (
  { entries, count, bytes: size, also, stays, staysCount }: PlanChosen,
  room: number | null,
): readonly Line[] => {
  const some = entries.slice(0, mostLines);
  const kept = stays.slice(0, mostLines);
  return [
    ...(some.length === 0 ? [] : table(entryColumns, some, room)),
    ...more(count, some.length),
    `${counted(count, 'entry', 'entries')}, ${bytes(size)}.`,
    ...section(accent('With them:'), also),
    ...section(
      accent('Chosen, and stays:'),
      kept.map(({ entry, why }) => `${[entry.name ?? entry.kind, entry.version].join(' ').trim()}: ${why}`),
    ),
    ...more(staysCount, kept.length),
  ];
};

const stepLines = ({ steps, moreSteps }: Plan, home: string, room: number | null): readonly Line[] => {
  if (steps.length === 0) return ['Nothing would be renamed.'];
  return table(columns(home), steps, room).concat(more(steps.length + moreSteps, steps.length));
};

/** Exactly what a clear will do, for a person to read before it is done. `agreed`: what they said of one that is in use. */
export const planLines = (
  plan: Plan,
  home: string,
  room: number | null,
  agreed: Agreed = 'when-unused',
): readonly Line[] => [
  ...(plan.chosen === null ? stepLines(plan, home, room) : chosenLines(plan.chosen, room)),
  ...(plan.steps.length === 0
    ? []
    : [
        `${counted(plan.steps.length + plan.moreSteps, 'rename')}; clearing gives back ${bytes(plan.bytes.reclaimable)} of ${bytes(plan.bytes.allocated)}.`,
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
