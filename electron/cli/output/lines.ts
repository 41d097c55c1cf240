import { styleText } from 'node:util';
import type { Stream } from '../terminal.ts';
import { printable } from './printable.ts';

/** A line as it is meant: its colour is put on where it is written, after all that could drive a terminal is out. */
export type Line = string | { readonly tone: 'accent' | 'bad'; readonly text: string };

export const accent = (text: string): Line => ({ tone: 'accent', text });
export const bad = (text: string): Line => ({ tone: 'bad', text });
export const textOf = (line: Line): string => (typeof line === 'string' ? line : line.text);

const colours = { accent: 'cyan', bad: 'red' } as const;

const coloured = (line: Line): string => {
  const text = printable(textOf(line));
  return typeof line === 'string' ? text : styleText(colours[line.tone], text, { validateStream: false });
};

/** The one way by which lines get out. */
export const writeLines = (stream: Stream, lines: readonly Line[]): void => {
  if (lines.length === 0) return;
  const show = stream.colour ? coloured : (line: Line) => printable(textOf(line));
  stream.write(`${lines.map(show).join('\n')}\n`);
};

/** Several lines one step to the right. */
export const indented = (lines: readonly string[], by = '  '): readonly string[] => lines.map((line) => `${by}${line}`);
