import type { ReactNode } from 'react';
import type { ApiError } from '../../../shared/errors.ts';

interface Props {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
  readonly control: ReactNode;
  readonly error: ApiError | null;
}

/** One thing that can be set: what it is, what it means, its control, and why it could not be set. */
export const Setting = ({ id, title, children, control, error }: Props) => (
  <div className="setting">
    <div>
      <h3 id={id}>{title}</h3>
      <p id={`${id}-words`} className="setting-note soft">
        {children}
      </p>
    </div>
    <div className="setting-control">{control}</div>
    {error && (
      <p className="setting-error" role="alert">
        {error.message}
      </p>
    )}
  </div>
);
