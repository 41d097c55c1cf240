import { useNow } from '../state/connection.ts';
import { dismiss, unsay, useUi } from '../state/ui.ts';
import { Button } from '../widgets/Button.tsx';
import { Icon } from './Icon.tsx';
import { OperationMessage } from './OperationMessage.tsx';
import { grouped, recent } from './recent.ts';
import './Messages.css';

/** At most this many clears are told of one by one; the others are counted. */
const most = 3;

/** What is told at the bottom: clears that go on or have just ended, and answers to what a person did. */
export const Messages = () => {
  const operations = useNow((now) => now.operations);
  const dismissed = useUi((ui) => ui.dismissed);
  const since = useUi((ui) => ui.since);
  const messages = useUi((ui) => ui.messages);
  const told = grouped(recent(operations, dismissed, since));
  const rest = told.length - most;
  return (
    <section className="messages" aria-label="Messages">
      {rest > 0 && <p className="message soft">and {rest} more in the history</p>}
      {told.slice(0, most).map((group) => (
        <OperationMessage
          key={group.key}
          group={group}
          onClose={() => {
            for (const { id } of group.operations) dismiss(id);
          }}
        />
      ))}
      {messages.map(({ key, tone, text, action }) => (
        <div key={key} className="message" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
          <span className="message-text">{text}</span>
          {action && <Button onClick={action.run}>{action.label}</Button>}
          <button type="button" className="message-close" aria-label="Close this message" onClick={() => unsay(key)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
};
