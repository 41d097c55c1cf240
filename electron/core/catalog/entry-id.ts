import { hash } from 'node:crypto';
import type { EntryId, UnitId } from '../../../shared/ids.ts';
import type { RawEntry } from './tool.ts';

/** 16 hex digits: the same in every run for the same key of the same unit. */
export const entryHash = (unit: UnitId, key: string): string => hash('sha256', `${unit}\0${key}`, 'hex').slice(0, 16);

/** The id of the entry with that hash. */
export const entryId = (hex: string): EntryId => `e_${hex}` as EntryId;

/** Where a filter of words looks: what a person sees of an entry. Both are compared in lower case. */
export const seenText = ({ kind, name, version, url }: Pick<RawEntry, 'kind' | 'name' | 'version' | 'url'>): string =>
  `${name ?? ''}@${version ?? ''} ${name ?? ''} ${version ?? ''} ${kind} ${url ?? ''}`;
