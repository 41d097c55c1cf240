import { useMemo, useState } from 'react';
import { counted } from '../../../shared/words.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { search, useUi } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { useBytes } from '../../widgets/values.tsx';
import { Chart } from './Chart.tsx';
import { exportHistory } from './exportHistory.ts';
import { HistoryList } from './HistoryList.tsx';
import { outcomeFilters } from './outcome.ts';
import { filtered, merged, toolsIn } from './rows.ts';
import { useOlder } from './useOlder.ts';
import './History.css';

/** Every clear there was, by day, and what each week gave back. */
export const History = () => {
  const live = useNow((now) => now.operations);
  const home = useNow((now) => now.home);
  const text = useUi((ui) => ui.search);
  const bytes = useBytes();
  const older = useOlder();
  const [tool, setTool] = useState('');
  const [outcome, setOutcome] = useState('');
  const all = useMemo(() => merged(live, older.operations), [live, older.operations]);
  const shown = useMemo(() => filtered(all, { text, tool, outcome }, home), [all, text, tool, outcome, home]);
  const freed = shown.reduce((sum, operation) => sum + operation.bytes.freed, 0);
  useCommand('export-history', () => void exportHistory(), all.length > 0);

  if (all.length === 0) {
    return (
      <>
        <h1 className="hidden-words">History</h1>
        <Empty>Nothing has been cleared yet, as far as the history goes.</Empty>
      </>
    );
  }
  const showAll = (): void => {
    setTool('');
    setOutcome('');
    search('');
  };
  const tools = toolsIn(all);
  return (
    <>
      <header className="view-head history-head">
        <h1>History</h1>
        <p className="grow soft">
          {counted(shown.length, 'operation')} · {bytes(freed)} came back
        </p>
        <select className="field" aria-label="Tool" value={tool} onChange={({ target }) => setTool(target.value)}>
          <option value="">Every tool</option>
          {tools.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          className="field"
          aria-label="Outcome"
          value={outcome}
          onChange={({ target }) => setOutcome(target.value)}
        >
          <option value="">Every outcome</option>
          {outcomeFilters.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
        <Button onClick={() => void exportHistory()}>Export JSON</Button>
      </header>
      {shown.length === 0 ? (
        <Empty action={<Button onClick={showAll}>Show all</Button>}>Nothing in the history matches.</Empty>
      ) : (
        <HistoryList
          operations={shown}
          above={<Chart operations={shown} />}
          below={
            older.more && (
              <p className="history-more">
                <Button onClick={older.readMore}>Show older ones</Button>
              </p>
            )
          }
        />
      )}
    </>
  );
};
