import type { ApiError } from '../../../shared/errors.ts';
import { printableJson } from './printable.ts';

/** One JSON document for people and scripts, on lines of its own. */
export const jsonDocument = (value: unknown): string => `${printableJson(JSON.stringify(value, null, 2))}\n`;

/** One JSON document on one line, for a command that goes on. */
export const jsonLine = (value: unknown): string => `${printableJson(JSON.stringify(value))}\n`;

/** An error as scripts read it. */
export const errorDocument = ({ code, message, path, detail }: ApiError): unknown => ({
  error: { code, message, ...(path !== undefined && { path }), ...(detail !== undefined && { detail }) },
});
