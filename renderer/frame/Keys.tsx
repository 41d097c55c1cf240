import { commands } from '../../shared/commands.ts';
import { keyText } from '../state/commands.ts';
import { openDialog } from '../state/ui.ts';
import { Button } from '../widgets/Button.tsx';
import { Sheet } from '../widgets/Sheet.tsx';
import './Keys.css';

const moving = [
  ['↑ ↓ Home End PgUp PgDn', 'Move'],
  ['← →', 'Fold and unfold'],
  ['Space', 'Select'],
  ['Shift with arrows', 'Select more'],
  ['Esc', 'Close, cancel'],
] as const;

/** All keys on one page. */
export const Keys = () => (
  <Sheet
    title="Keys"
    wide
    onClose={() => openDialog(null)}
    buttons={<Button onClick={() => openDialog(null)}>Close</Button>}
  >
    <dl className="keys">
      {moving.map(([keys, label]) => (
        <div key={label}>
          <dt>{keys}</dt>
          <dd>{label}</dd>
        </div>
      ))}
      {commands
        .filter(({ keys }) => keys.length > 0)
        .map(({ id, label, keys }) => (
          <div key={id}>
            <dt>{keys.map(keyText).join(' or ')}</dt>
            <dd>{label.replace('…', '')}</dd>
          </div>
        ))}
    </dl>
  </Sheet>
);
