import { useMemo } from 'react';
import type { Operation } from '../../../shared/model.ts';
import { useBytes, useByteUnits } from '../../widgets/values.tsx';
import { shortDay } from './days.ts';
import { axisTop, toolsOf, type Week, weeksOf } from './weeks.ts';
import './Chart.css';

const weekCount = 12;
/** Colours that are told apart; tools beyond them share the last one. */
const colours = 6;

const hues: Readonly<Record<string, number>> = { npm: 0, pip: 1, 'pip-tools': 2 };
const colourOf = (tool: string, tools: readonly string[]): number =>
  hues[tool] ?? Math.min(colours - 1, 3 + tools.filter((it) => hues[it] === undefined).indexOf(tool));

/** `2.50 GB` without its last zeros. */
const short = (written: string): string => written.replace(/(\.\d*?)0+ /, '$1 ').replace('. ', ' ');

/** What came back in each of the last weeks, by tool. The picture is for eyes; the same numbers stand in a table. */
export const Chart = ({ operations }: { readonly operations: readonly Operation[] }) => {
  const write = useBytes();
  const units = useByteUnits();
  const today = new Date().toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another day has other weeks.
  const weeks = useMemo(() => weeksOf(operations, new Date(), weekCount), [operations, today]);
  const tools = toolsOf(weeks);
  const most = Math.max(...weeks.map(({ total }) => total));
  const all = weeks.reduce((sum, { total }) => sum + total, 0);
  if (all === 0) return <p className="chart-nothing soft">Nothing came back in the last {weekCount} weeks.</p>;
  const top = axisTop(most, units);
  return (
    <figure className="chart">
      <figcaption>
        <span>
          {write(all)} came back in {weekCount} weeks
        </span>
        <ul className="chart-legend">
          {tools.map((tool) => (
            <li key={tool} data-colour={colourOf(tool, tools)}>
              {tool}
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="chart-picture" aria-hidden="true">
        <div className="chart-axis">
          <span>{short(write(top))}</span>
          <span>{short(write(top / 2))}</span>
          <span>0</span>
        </div>
        <svg className="chart-bars" viewBox={`0 0 ${weekCount} 100`} preserveAspectRatio="none" role="presentation">
          {[0, 50, 100].map((y) => (
            <line key={y} x1="0" x2={weekCount} y1={y} y2={y} />
          ))}
          {weeks.map((week, at) => (
            <Bars key={week.start.getTime()} week={week} at={at} top={top} tools={tools} write={write} />
          ))}
        </svg>
        <div className="chart-weeks">
          {weeks.map(({ start }) => (
            <span key={start.getTime()}>{shortDay(start)}</span>
          ))}
        </div>
      </div>
      <Table weeks={weeks} tools={tools} write={write} />
    </figure>
  );
};

type Write = (bytes: number) => string;

const Bars = ({
  week,
  at,
  top,
  tools,
  write,
}: {
  readonly week: Week;
  readonly at: number;
  readonly top: number;
  readonly tools: readonly string[];
  readonly write: Write;
}) => {
  const parts = tools.filter((tool) => week.freed.has(tool));
  const below = (index: number): number =>
    parts.slice(0, index).reduce((sum, tool) => sum + (week.freed.get(tool) ?? 0), 0);
  const words = parts.map((tool) => `${tool}: ${write(week.freed.get(tool) ?? 0)}`).join('\n');
  return (
    <g>
      <rect className="chart-week" x={at} y={0} width={1} height={100}>
        <title>{`Week of ${shortDay(week.start)}\n${words === '' ? 'nothing came back' : words}`}</title>
      </rect>
      {parts.map((tool, index) => {
        const height = ((week.freed.get(tool) ?? 0) / top) * 100;
        return (
          <rect
            key={tool}
            data-colour={colourOf(tool, tools)}
            x={at + 0.22}
            y={100 - (below(index) / top) * 100 - height}
            width={0.56}
            height={height}
          />
        );
      })}
    </g>
  );
};

const Table = ({
  weeks,
  tools,
  write,
}: {
  readonly weeks: readonly Week[];
  readonly tools: readonly string[];
  readonly write: Write;
}) => (
  <table className="hidden-words">
    <caption>What came back, by week and tool</caption>
    <thead>
      <tr>
        <th scope="col">Week of</th>
        {tools.map((tool) => (
          <th key={tool} scope="col">
            {tool}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {weeks.map(({ start, freed }) => (
        <tr key={start.getTime()}>
          <th scope="row">{shortDay(start)}</th>
          {tools.map((tool) => (
            <td key={tool}>{write(freed.get(tool) ?? 0)}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
