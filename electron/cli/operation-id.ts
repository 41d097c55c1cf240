import { CodedError } from '../../shared/errors.ts';
import { OperationId } from '../../shared/ids.ts';

/** An operation as a person names it. @throws CodedError `invalid-argument`. */
export const operationIdOf = (text: string): OperationId => {
  const id = OperationId.safeParse(text);
  if (id.success) return id.data;
  const message = `'${text}' is not the id of an operation: they look like o_0123456789ab, and 'history' lists them.`;
  throw new CodedError({ code: 'invalid-argument', message });
};
