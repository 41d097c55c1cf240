import type { Decoder } from '../catalog/decoder.ts';
import type { RawEntry, UnitDefinition } from '../catalog/tool.ts';
import type { EntryUnit } from './entry-table.ts';

/** Units of one cache whose entries are wanted. Structured-clonable. */
export interface DecodeWish {
  readonly tool: string;
  readonly root: string;
  readonly units: readonly (EntryUnit & { readonly definition: UnitDefinition })[];
}

/**
 * Decodes units one after another. One that fails does not keep the next from being read; resolves to what went wrong
 * in words, or null. Never rejects.
 */
export const decodeUnits = async (
  decoder: Pick<Decoder, 'entries'>,
  { tool, root, units }: DecodeWish,
  onBatch: (unit: number, entries: readonly RawEntry[]) => void,
): Promise<readonly { readonly unit: string; readonly problem: string }[]> => {
  const problems: { readonly unit: string; readonly problem: string }[] = [];
  for (const [number, { definition, name }] of units.entries()) {
    let broken: string | null = null;
    const receive = (entries: readonly RawEntry[]): void => {
      if (broken !== null) return;
      try {
        onBatch(number, entries);
      } catch (thrown) {
        // It is called from an event of the decoder's, where nobody would catch it.
        broken = thrown instanceof Error ? thrown.message : String(thrown);
      }
    };
    try {
      await decoder.entries({ tool, root, unit: definition }, receive);
    } catch (thrown) {
      broken ??= thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (broken !== null) problems.push({ unit: name, problem: broken });
  }
  return problems;
};

/** What went wrong as one sentence for people; null when nothing did. */
export const inWords = (problems: readonly { readonly unit: string; readonly problem: string }[]): string | null =>
  problems.length === 0
    ? null
    : `Not everything could be read: ${problems.map(({ unit, problem }) => `${unit} (${problem})`).join(', ')}.`;
