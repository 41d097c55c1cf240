import fs from 'node:fs';
import path from 'node:path';
import type { Box } from './box.ts';
import { startScript } from './door.ts';
import type { ReadHistory } from './read-histories.ts';

/** What the program reads in each of these folders, opened one after the other. */
export const readHistories = async (box: Box, dirs: readonly string[]): Promise<readonly ReadHistory[]> => {
  const reader = startScript(box, 'read-histories', ...dirs);
  let said = '';
  reader.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise((resolve) => reader.once('close', resolve));
  return JSON.parse(said) as readonly ReadHistory[];
};

/** Copies of a history, each spoilt in its own way, and what the program reads in each. In their order. */
export const readSpoilt = async (
  box: Box,
  dir: string,
  spoils: readonly ((copy: string) => void)[],
): Promise<readonly ReadHistory[]> => {
  const folder = fs.mkdtempSync(path.join(box.scratch, 'copies-'));
  const copies = spoils.map((spoil, at) => {
    const copy = path.join(folder, String(at));
    fs.cpSync(dir, copy, { recursive: true });
    spoil(copy);
    return copy;
  });
  const read = await readHistories(box, copies);
  fs.rmSync(folder, { recursive: true });
  return read;
};
