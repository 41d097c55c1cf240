import { expect, it } from 'vitest';
import { destination } from './useRoving.ts';

it.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 24, 24],
  ['ArrowUp', 0, 0],
  ['Home', 9, 0],
  ['End', 9, 24],
  ['PageDown', 3, 13],
  ['PageUp', 3, 0],
  ['x', 3, null],
])('%s at %i of 25 leads to %s', (key, at, to) => expect(destination(key, at, 25)).toBe(to));

it('leads nowhere where there is nothing', () => expect(destination('End', 0, 0)).toBeNull());
