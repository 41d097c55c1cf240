import type { ApiError } from '../../../shared/errors.ts';

/** Why it is not done. Nothing was touched. */
export const Refusals = ({ refusals }: { readonly refusals: readonly ApiError[] }) => (
  <section className="clear-refused" role="alert">
    <h3>This is not cleared, and nothing was touched</h3>
    <ul>
      {refusals.map(({ code, message, path }) => (
        <li key={`${code} ${path} ${message}`}>{message}</li>
      ))}
    </ul>
  </section>
);
