import { homedir } from 'node:os';

/** The person's home folder. */
export const home = (): string => process.env['HOME'] || homedir();
