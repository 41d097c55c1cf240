import type { ReactNode } from 'react';
import './Empty.css';

/** What stands where nothing is: one sentence, and what can be done. */
export const Empty = ({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) => (
  <div className="empty">
    <p>{children}</p>
    {action}
  </div>
);
