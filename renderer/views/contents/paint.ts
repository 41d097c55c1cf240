import { ageStep, ages } from './age.ts';
import { headHeight, small, type Tile } from './layout.ts';
import type { NodeTree } from './tree.ts';
import { type Marks, matchesItself } from './tree-rows.ts';

/** What the map is painted with, as the theme has it now. */
export interface Palette {
  readonly ground: string;
  readonly group: string;
  readonly text: string;
  readonly soft: string;
  readonly small: string;
  /** A colour for each of the ages, and one for text on it. */
  readonly ages: readonly { readonly fill: string; readonly text: string }[];
  readonly font: string;
}

/** Reads the palette off an element that the style sheets apply to. */
export const paletteOf = (element: Element): Palette => {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: of('--ground'),
    group: of('--sunken'),
    text: of('--text'),
    soft: of('--text-soft'),
    small: of('--age-small'),
    ages: ages.map((_, at) => ({ fill: of(`--age-${at}`), text: of(`--age-text-${at}`) })),
    font: style.fontFamily,
  };
};

export interface Painting {
  readonly tree: NodeTree;
  readonly tiles: readonly Tile[];
  readonly palette: Palette;
  /** What a search said: all else steps back. */
  readonly marks: Marks | null;
  readonly sizeText: (bytes: number) => string;
  readonly now: number;
}

/** Device pixels in a CSS pixel, and the size of the map in CSS pixels. */
export interface Surface {
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
}

const fontSize = 11;
const labelled = { width: 40, height: 18 };
/** From this height on there is room for the size below the name. */
const twoLines = 34;

/** A text cut so that it fits, guessed by its share of the room first. */
const fitted = (context: CanvasRenderingContext2D, text: string, room: number): string => {
  const wide = context.measureText(text).width;
  if (wide <= room) return text;
  for (let keep = Math.floor((text.length * room) / wide); keep > 1; keep -= 1) {
    const cut = `${text.slice(0, keep)}…`;
    if (context.measureText(cut).width <= room) return cut;
  }
  return '';
};

/** The tiles that a search is about: what matches, what leads there, and all that is in a match. */
const litBy = ({ tiles, marks }: Painting): Uint8Array | null => {
  if (marks === null) return null;
  const lit = new Uint8Array(tiles.length);
  const inMatch = new Uint8Array(tiles.length);
  tiles.forEach(({ node, first, inner }, at) => {
    const mark = node === small ? 0 : (marks[node] ?? 0);
    if (mark !== 0 || inMatch[at] !== 0) lit[at] = 1;
    if ((mark & matchesItself) !== 0 || inMatch[at] !== 0) inMatch.fill(1, first, first + inner);
  });
  return lit;
};

/** Paints the whole map at once. */
export const paint = (context: CanvasRenderingContext2D, painting: Painting, surface: Surface): void => {
  const { tree, tiles, palette, now } = painting;
  const { ratio, width, height } = surface;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, Math.ceil(width * ratio), Math.ceil(height * ratio));
  const lit = litBy(painting);
  const steps = new Int8Array(tiles.length);
  let fill = '';
  for (let at = 0; at < tiles.length; at += 1) {
    const tile = tiles[at];
    if (!tile || tile.depth === 0) continue;
    const group = tile.inner > 0;
    const step = tile.node === small || group ? -1 : ageStep(tree.newest[tile.node] ?? Number.NaN, now);
    steps[at] = step;
    const colour = group ? palette.group : step < 0 ? palette.small : (palette.ages[step]?.fill ?? palette.small);
    context.globalAlpha = lit !== null && lit[at] === 0 ? 0.18 : 1;
    if (colour !== fill) {
      context.fillStyle = colour;
      fill = colour;
    }
    // Whole device pixels, so that edges are sharp; a hairline of the ground between what is large enough.
    const x = Math.round(tile.x * ratio);
    const y = Math.round(tile.y * ratio);
    const right = Math.round((tile.x + tile.width) * ratio);
    const bottom = Math.round((tile.y + tile.height) * ratio);
    const line = tile.width > 4 && tile.height > 4 ? 1 : 0;
    context.fillRect(x, y, Math.max(1, right - x - line), Math.max(1, bottom - y - line));
  }
  context.globalAlpha = 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = `${fontSize}px ${palette.font}`;
  context.textBaseline = 'middle';
  paintWords(context, painting, steps, lit);
};

/** Names and sizes, where there is room: of a group above what is in it, or on it where it has no line of its own. */
const paintWords = (
  context: CanvasRenderingContext2D,
  painting: Painting,
  steps: Int8Array,
  lit: Uint8Array | null,
): void => {
  const { tiles, palette } = painting;
  const told = new Uint8Array(tiles.length);
  tiles.forEach((tile, at) => {
    const { node, depth, first, inner, head, width, height } = tile;
    if (told[at] !== 0) told.fill(1, first, first + inner);
    if (node === small || depth === 0 || told[at] !== 0 || (lit !== null && lit[at] === 0)) return;
    if (head) paintHead(context, painting, tile);
    if (head || width < labelled.width || height < labelled.height) return;
    // A group without a line of its own is named on the first thing in it, and nothing in it is.
    told.fill(1, first, first + inner);
    let ground = at;
    for (let below = tile; below.inner > 0; below = tiles[ground] ?? tile) ground = below.first;
    context.fillStyle = palette.ages[steps[ground] ?? 0]?.text ?? palette.text;
    paintLabel(context, painting, tile, Math.min(width, tiles[ground]?.width ?? width));
  });
};

const paintHead = (context: CanvasRenderingContext2D, { tree, palette, sizeText }: Painting, tile: Tile): void => {
  const middle = tile.y + headHeight / 2 + 0.5;
  const room = tile.width - 10;
  context.fillStyle = palette.text;
  const name = fitted(context, tree.name(tile.node), room);
  context.fillText(name, tile.x + 5, middle);
  const size = sizeText(tree.size(tile.node));
  const used = context.measureText(name).width + 8;
  context.fillStyle = palette.soft;
  if (used + context.measureText(size).width <= room) context.fillText(size, tile.x + 5 + used, middle);
};

const paintLabel = (
  context: CanvasRenderingContext2D,
  { tree, sizeText }: Painting,
  { node, x, y, height }: Tile,
  width: number,
): void => {
  const room = width - 9;
  context.fillText(fitted(context, tree.name(node), room), x + 5, y + 10);
  const size = sizeText(tree.size(node));
  if (height >= twoLines && context.measureText(size).width <= room) context.fillText(size, x + 5, y + 24);
};
