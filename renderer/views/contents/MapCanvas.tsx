import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Direction, layOut, neighbour, small, type Tile, tilesAt } from './layout.ts';
import { into } from './map-words.ts';
import { paint, paletteOf } from './paint.ts';
import type { NodeTree } from './tree.ts';
import type { Marks } from './tree-rows.ts';
import { useSurface } from './useSurface.ts';

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

interface Props {
  readonly tree: NodeTree;
  /** The node that fills the map. */
  readonly focus: number;
  readonly onFocus: (node: number) => void;
  readonly marks: Marks | null;
  readonly label: string;
  readonly describedBy: string;
  readonly sizeText: (bytes: number) => string;
  /** What a tile is, told in words beside the map: that below the pointer, or that which the keyboard is at. */
  readonly onPoint: (tile: Tile | null, outer: Tile | null, tiles: readonly Tile[]) => void;
  readonly onCurrent: (tile: Tile | null, outer: Tile | null, tiles: readonly Tile[]) => void;
}

const Outline = ({ tile, kind }: { readonly tile: Tile | undefined; readonly kind: string }) =>
  tile ? (
    <i
      className={`map-outline map-${kind}`}
      style={{ width: tile.width, height: tile.height, transform: `translate(${tile.x}px, ${tile.y}px)` }}
    />
  ) : null;

/** A tree as rectangles on one canvas. The keyboard walks what is directly in the node that fills it. */
export const MapCanvas = (props: Props) => {
  const { tree, focus, onFocus, marks, sizeText, onPoint, onCurrent } = props;
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef(0);
  const { ref, surface, theme } = useSurface<HTMLDivElement>();
  const { width, height } = surface;
  const { tiles, began } = useMemo(() => {
    const start = performance.now();
    return { tiles: layOut(tree, focus, width, height), began: start };
  }, [tree, focus, width, height]);
  const [pointed, setPointed] = useState<{ readonly of: readonly Tile[]; readonly at: number } | null>(null);
  const [node, setNode] = useState<number | null>(null);

  const [root] = tiles;
  const from = root?.first ?? 0;
  const to = from + (root?.inner ?? 0);
  const found = node === null ? -1 : tiles.findIndex((tile, at) => at >= from && at < to && tile.node === node);
  const current = found < 0 ? from : found;
  const here = pointed?.of === tiles ? pointed.at : -1;

  const drawn = useRef<readonly Tile[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has another palette.
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context || width === 0 || height === 0) return;
    const start = drawn.current === tiles ? performance.now() : began;
    drawn.current = tiles;
    const [across, down] = [Math.round(width * surface.ratio), Math.round(height * surface.ratio)];
    if (element.width !== across) element.width = across;
    if (element.height !== down) element.height = down;
    const palette = paletteOf(element);
    paint(context, { tree, tiles, palette, marks, sizeText, now: Date.now() }, surface);
    performance.measure('map draw', { start, end: performance.now() });
  }, [tree, tiles, marks, surface, theme, sizeText]);

  useLayoutEffect(() => {
    onCurrent(current < to ? (tiles[current] ?? null) : null, tiles[0] ?? null, tiles);
  }, [onCurrent, tiles, current, to]);

  const enter = (target: number): void => {
    if (target === small || !tree.hasChildren(target)) return;
    setNode(null);
    setPointed(null);
    onPoint(null, null, tiles);
    onFocus(into(tree, target));
  };
  const leave = (): void => {
    // Out to where there is more than one thing to be seen; the keyboard is at what it came from.
    let came = focus;
    let up = tree.parent(focus);
    while (up > 0 && tree.children(up).length === 1) [came, up] = [up, tree.parent(up)];
    setNode(came);
    onFocus(up);
  };
  const at = (event: MouseEvent<HTMLElement>): readonly number[] => {
    const box = event.currentTarget.getBoundingClientRect();
    return tilesAt(tiles, event.clientX - box.left, event.clientY - box.top);
  };
  const onMove = (event: MouseEvent<HTMLElement>): void => {
    const hits = at(event);
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      const hit = hits.length > 1 ? (hits.at(-1) ?? -1) : -1;
      if (hit === here) return;
      setPointed(hit < 0 ? null : { of: tiles, at: hit });
      onPoint(tiles[hit] ?? null, tiles[hits.at(-2) ?? -1] ?? null, tiles);
    });
  };
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const hits = at(event);
    const outermost = tiles[hits[1] ?? -1];
    const innermost = tiles[hits.at(-1) ?? -1];
    if (!outermost || !innermost) return;
    setNode(outermost.node);
    // On a name it goes into what has that name, anywhere else one step.
    enter(innermost.head ? innermost.node : outermost.node);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = directions[event.key];
    const move = (next: number): void => setNode(tiles[next]?.node ?? null);
    if (step) move(neighbour(tiles, from, to, current, step));
    else if (event.key === 'Home') move(from);
    else if (event.key === 'End') move(to - 1);
    else if (event.key === 'Enter') enter(tiles[current]?.node ?? small);
    else if ((event.key === 'Backspace' || event.key === 'Escape') && focus !== 0) leave();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={ref}
      id={id}
      className="map-canvas"
      role="application"
      aria-label={props.label}
      aria-roledescription="map"
      aria-describedby={props.describedBy}
      tabIndex={0}
      onMouseMove={onMove}
      onMouseLeave={() => {
        cancelAnimationFrame(frame.current);
        setPointed(null);
        onPoint(null, null, tiles);
      }}
      onClick={onClick}
      onKeyDown={onKey}
    >
      <canvas ref={canvas} style={{ width, height }} />
      <Outline tile={tiles[here]} kind="pointed" />
      <Outline tile={current < to ? tiles[current] : undefined} kind="current" />
    </div>
  );
};
