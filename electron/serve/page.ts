import { formatAge, formatBytes, formatCount } from '../../shared/format.ts';
import type { Cache, Leftover, Operation, Unit } from '../../shared/model.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (value: string): string => value.replace(/[&<>"']/g, (char) => escapes[char] ?? char);

const row = (cells: readonly string[], classes: readonly string[] = []): string =>
  `<tr>${cells.map((cell, at) => `<td class="${classes[at] ?? ''}">${text(cell)}</td>`).join('')}</tr>`;

const table = (heads: readonly string[], rows: readonly string[], empty: string): string =>
  rows.length === 0
    ? `<p>${text(empty)}</p>`
    : `<table><thead><tr>${heads.map((head) => `<th>${text(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;

const age = (time: string | null): string => (time === null ? '' : formatAge(Date.parse(time), Date.now()));
const size = (bytes: number | null | undefined): string =>
  bytes === null || bytes === undefined ? '–' : formatBytes(bytes);

const numbers = ['', '', 'number', 'number', ''];
const unitRow = (cache: Cache, unit: Unit): string =>
  row(
    [
      `${cache.tool}/${unit.name}`,
      unit.path,
      size(unit.bytes?.allocated),
      unit.files === null ? '–' : formatCount(unit.files),
      age(unit.lastUsed),
    ],
    numbers,
  );

export const style = `:root{color-scheme:light dark;font:13px/1.5 system-ui,sans-serif}body{margin:24px auto;max-width:1100px;padding:0 16px}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600}td,th{padding:4px 8px;border-bottom:1px solid #8884;overflow-wrap:anywhere}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}h2{margin:32px 0 8px;font-size:15px}`;

/** What there is, to read, with no script: the interactive page stands on the same calls and comes in its place. */
export const page = (
  caches: readonly Cache[],
  leftovers: readonly Leftover[],
  operations: readonly Operation[],
): string => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Cache Inspector</title><link rel="stylesheet" href="/style.css"><h1>Cache Inspector</h1>
<p>To read only, as last measured. Clear from a terminal: <code>cache-inspector clear npm/_cacache</code>.</p>
<h2>Caches</h2>${table(
  ['Cache', 'Place', 'Size', 'Files', 'Last used'],
  caches.flatMap((cache) => cache.units.filter(({ present }) => present).map((unit) => unitRow(cache, unit))),
  'No cache of a known tool is here.',
)}
<h2>Leftovers</h2>${table(
  ['Place', 'Verdict', 'Why'],
  leftovers.map(({ path, verdict, evidence }) => row([path, verdict.replace('-', ' '), evidence[0] ?? ''])),
  'Nothing was left behind.',
)}
<h2>History</h2>${table(
  ['When', 'What', 'State', 'Came back'],
  operations.map(({ startedAt, path, state, bytes }) =>
    row([startedAt, path, state.replaceAll('-', ' '), size(bytes.freed)], ['', '', '', 'number']),
  ),
  'Nothing has been cleared yet.',
)}</html>`;
